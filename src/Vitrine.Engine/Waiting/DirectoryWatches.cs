using Vitrine.Linux;

namespace Vitrine.Engine.Waiting;

/// <summary>Watches of directories that share one inotify descriptor, however many there are.</summary>
internal sealed class DirectoryWatches(Readiness readiness)
{
    private readonly Dictionary<int, List<DirectoryWatch>> _watches = [];
    private readonly Lock _lock = new();
    private InotifySet? _changes;

    public DirectoryWatch Add(string directory)
    {
        lock (_lock)
        {
            var started = _changes is null;
            _changes ??= new InotifySet();
            // A directory that is watched already keeps its number.
            var number = _changes.Add(directory);
            var watch = new DirectoryWatch(this, number);
            if (!_watches.TryGetValue(number, out var list))
                _watches[number] = list = [];
            list.Add(watch);
            if (started)
                _ = TellAsync(_changes);
            return watch;
        }
    }

    public void Remove(DirectoryWatch watch)
    {
        lock (_lock)
        {
            if (!_watches.TryGetValue(watch.Number, out var list) || !list.Remove(watch) || list.Count > 0)
                return;
            _watches.Remove(watch.Number);
            _changes!.Remove(watch.Number);
        }
    }

    /// <summary>As long as the process lives.</summary>
    private async Task TellAsync(InotifySet changes)
    {
        var numbers = new HashSet<int>();
        while (true)
        {
            await readiness.WaitAsync(changes.Handle, EpollEvents.Read, CancellationToken.None).ConfigureAwait(false);
            numbers.Clear();
            changes.Read(numbers);
            lock (_lock)
            {
                foreach (var number in numbers.Contains(InotifySet.Overflow) ? [.. _watches.Keys] : numbers)
                {
                    foreach (var watch in _watches.GetValueOrDefault(number) ?? [])
                        watch.Tell();
                }
            }
        }
    }
}

/// <summary>Notice of changes to a directory's files: written to, created, renamed, deleted. For one who waits.</summary>
public sealed class DirectoryWatch : IDisposable
{
    private readonly DirectoryWatches _owner;
    private TaskCompletionSource _changed = NewNotice();

    internal DirectoryWatch(DirectoryWatches owner, int number) => (_owner, Number) = (owner, number);

    internal int Number { get; }

    /// <summary>Ends when something has changed since this ended last, or since the watch began; at once where that is so already.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task ChangedAsync(CancellationToken cancellation)
    {
        var notice = Volatile.Read(ref _changed);
        await notice.Task.WaitAsync(cancellation).ConfigureAwait(false);
        // Before the caller looks: what changes from here on is another change.
        Interlocked.CompareExchange(ref _changed, NewNotice(), notice);
    }

    public void Dispose() => _owner.Remove(this);

    internal void Tell() => Volatile.Read(ref _changed).TrySetResult();

    private static TaskCompletionSource NewNotice() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
