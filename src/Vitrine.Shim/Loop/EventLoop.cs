using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Shim.Loop;

/// <summary>The one thread's work: waits for descriptors and deadlines, and calls who watches them. Nothing here runs concurrently.</summary>
internal sealed class EventLoop : IDisposable
{
    private readonly Epoll _epoll = new();
    private readonly Dictionary<ulong, Watch> _watches = [];
    private readonly List<EpollReady> _ready = [];
    private readonly List<LoopTimer> _timers = [];
    private ulong _lastId;

    /// <summary>Milliseconds of a clock that only goes forward.</summary>
    public static long Now => Environment.TickCount64;

    /// <summary>Calls <paramref name="handler"/> whenever the descriptor is ready for one of <paramref name="events"/>.</summary>
    public Watch Watch(SafeFileHandle file, EpollEvents events, Action<EpollEvents> handler)
    {
        // An id is never used again: an event that was reported together with the one that ended its watch finds nobody.
        var watch = new Watch(this, file, ++_lastId, handler);
        watch.Events = events;
        return watch;
    }

    /// <summary>A timer that calls <paramref name="handler"/> once each time it is set.</summary>
    public LoopTimer Timer(Action handler)
    {
        var timer = new LoopTimer(handler);
        _timers.Add(timer);
        return timer;
    }

    /// <summary>Runs until <paramref name="done"/> says so.</summary>
    public void RunUntil(Func<bool> done)
    {
        while (!done())
        {
            _epoll.Wait(_ready, Timeout());
            foreach (var (id, events) in _ready)
            {
                if (_watches.TryGetValue(id, out var watch))
                    watch.Handler(events);
            }
            FireTimers();
        }
    }

    public void Dispose() => _epoll.Dispose();

    /// <summary>Changes what a watch waits for. Nothing means to leave the set: a hang-up is reported even to who asked for nothing.</summary>
    internal void Change(Watch watch, EpollEvents before, EpollEvents after)
    {
        if (after == EpollEvents.None)
        {
            _epoll.Remove(watch.File);
            _watches.Remove(watch.Id);
        }
        else if (before == EpollEvents.None)
        {
            _epoll.Add(watch.File, after, watch.Id);
            _watches.Add(watch.Id, watch);
        }
        else
        {
            _epoll.Modify(watch.File, after, watch.Id);
        }
    }

    private int Timeout()
    {
        var due = long.MaxValue;
        foreach (var timer in _timers)
            due = Math.Min(due, timer.Due ?? long.MaxValue);
        return due == long.MaxValue ? -1 : (int)Math.Clamp(due - Now, 0, int.MaxValue);
    }

    private void FireTimers()
    {
        foreach (var timer in _timers)
        {
            if (timer.Due <= Now)
                timer.Fire();
        }
    }
}
