using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Engine.Waiting;

/// <summary>
/// Waiting for descriptors to become ready without a thread for each: one thread, one epoll set, and a task for whoever waits.
/// A descriptor is waited for by one at a time; a second waiter takes a duplicate.
/// </summary>
/// <remarks>Hundreds of clients may wait for containers, follow logs and listen to events at once: a thread for each would be most
/// of a server's memory, and the kernel gives a user only 128 inotify descriptors.</remarks>
public sealed class Readiness : IDisposable
{
    private readonly Epoll _epoll = new();
    private readonly Dictionary<ulong, Wait> _waits = [];
    private readonly Lock _lock = new();
    private readonly DirectoryWatches _directories;
    private ulong _lastId;
    private bool _started;

    public Readiness() => _directories = new DirectoryWatches(this);

    /// <summary>Waits until a descriptor is ready or in error.</summary>
    /// <param name="file">The descriptor. Whoever closes it cancels the wait first.</param>
    /// <param name="events">What for; None waits for errors and the hang-up alone.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<EpollEvents> WaitAsync(SafeFileHandle file, EpollEvents events, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var wait = new Wait(file);
        ulong id;
        lock (_lock)
        {
            id = ++_lastId;
            _waits.Add(id, wait);
            try
            {
                _epoll.Add(file, events, id);
            }
            catch
            {
                _waits.Remove(id);
                throw;
            }
            if (!_started)
                Start();
        }
        await using (cancellation.UnsafeRegister(_ => Finish(id, null), null).ConfigureAwait(false))
            return await wait.Done.Task.ConfigureAwait(false) ?? throw new OperationCanceledException(cancellation);
    }

    /// <summary>Notices every change to a directory's files from now on.</summary>
    /// <exception cref="LinuxException">The directory is not there, or cannot be watched.</exception>
    public DirectoryWatch Watch(string directory) => _directories.Add(directory);

    /// <summary>Waits until one of several waits ends, or some time has passed; the others have been given up then.</summary>
    /// <param name="patience">The time; null waits for ever.</param>
    /// <param name="cancellation">Ends all of them.</param>
    /// <param name="waits">Begin the waits.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="LinuxException">The first to end failed.</exception>
    public static async Task AnyAsync(TimeSpan? patience, CancellationToken cancellation, params IReadOnlyList<Func<CancellationToken, Task>> waits)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (patience is { } time)
            over.CancelAfter(time);
        var tasks = new Task[waits.Count];
        for (var i = 0; i < tasks.Length; i++)
            tasks[i] = waits[i](over.Token);
        var first = await Task.WhenAny(tasks).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        // All have to have let go of their descriptors, which the caller may close.
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        if (first.IsFaulted)
            await first.ConfigureAwait(false);
    }

    /// <summary>For <see cref="AnyAsync"/>.</summary>
    internal Func<CancellationToken, Task> Readable(SafeFileHandle file) => cancellation => WaitAsync(file, EpollEvents.Read, cancellation);

    /// <summary>For a server that ends: nobody waits any more.</summary>
    public void Dispose() => _epoll.Dispose();

    private void Start()
    {
        _started = true;
        new Thread(Loop, 256 << 10) { IsBackground = true, Name = "readiness" }.Start();
    }

    private void Loop()
    {
        var ready = new List<EpollReady>();
        try
        {
            while (true)
            {
                _epoll.Wait(ready, -1);
                foreach (var item in ready)
                    Finish(item.Id, item.Events);
            }
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }

    private void Finish(ulong id, EpollEvents? events)
    {
        Wait? wait;
        lock (_lock)
        {
            if (!_waits.Remove(id, out wait))
                return;
            try
            {
                _epoll.Remove(wait.File);
            }
            catch (Exception e) when (e is LinuxException or ObjectDisposedException)
            {
                // Closed meanwhile: the kernel has taken it out.
            }
        }
        wait.Done.TrySetResult(events);
    }

    private sealed record Wait(SafeFileHandle File)
    {
        public TaskCompletionSource<EpollEvents?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
