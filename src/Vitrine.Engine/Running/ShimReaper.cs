using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Vitrine.Linux;

namespace Vitrine.Engine.Running;

/// <summary>
/// Reaps shims as they end, for an engine that outlives them: without, each would stay a zombie. One thread waits for all of them
/// by their pidfds.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as the process: its thread waits on the descriptor.")]
internal sealed class ShimReaper
{
    private readonly Epoll _ends = new();
    private readonly ConcurrentDictionary<ulong, SpawnedProcess> _shims = [];
    private ulong _last;

    public ShimReaper() => new Thread(Run) { IsBackground = true, Name = "shim reaper" }.Start();

    /// <summary>Takes a shim over; one that has ended is reaped at once.</summary>
    public void Take(SpawnedProcess shim)
    {
        var id = Interlocked.Increment(ref _last);
        _shims[id] = shim;
        _ends.Add(shim.PidFd, EpollEvents.Read, id);
    }

    private void Run()
    {
        var ready = new List<EpollReady>();
        while (true)
        {
            _ends.Wait(ready, timeout: -1);
            foreach (var end in ready)
            {
                if (!_shims.TryRemove(end.Id, out var shim))
                    continue;
                _ends.Remove(shim.PidFd);
                shim.Dispose();
            }
        }
    }
}
