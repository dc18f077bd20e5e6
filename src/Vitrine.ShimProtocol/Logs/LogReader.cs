using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.ShimProtocol.Logs;

/// <summary>
/// Reads a container's log, oldest entry first, across rotated files, while it is being written. A log that does not
/// exist (yet) is empty.
/// </summary>
/// <example>
/// Following: read until false; if the container has ended (asked before that reading) stop, else <see cref="Wait"/>.
/// </example>
public sealed class LogReader : IDisposable
{
    private readonly LogFiles _files;
    private readonly LogQuery _query;
    private readonly RotatedLines _lines;
    private byte[] _text = [];
    private Inotify? _changes;
    private bool _stdoutOpen;
    private bool _stderrOpen;

    /// <summary>Opens a log.</summary>
    /// <param name="path">The current file.</param>
    /// <param name="query">What is wanted of it.</param>
    /// <exception cref="LinuxException">It cannot be read.</exception>
    public LogReader(string path, LogQuery query)
    {
        _files = new LogFiles(path);
        _query = query;
        _lines = new RotatedLines(_files, query.Tail is { } tail ? TailFinder.Position(_files, tail) : null);
    }

    /// <summary>Whether an entry later than <see cref="LogQuery.Until"/> was met: nothing more will come.</summary>
    public bool IsPastUntil { get; private set; }

    /// <summary>The next entry that is wanted.</summary>
    /// <returns>False where there is none now.</returns>
    /// <exception cref="LinuxException">The log cannot be read.</exception>
    public bool Read(out LogEntry entry)
    {
        entry = default;
        while (!IsPastUntil && _lines.Next(out var line))
        {
            if (_text.Length < line.Length)
                _text = new byte[line.Length];
            if (!EntryParser.TryParse(line, _text, out entry))
                continue;
            IsPastUntil = entry.Time > _query.Until;
            MarkStart(ref entry);
            if (!IsPastUntil && IsWanted(entry))
                return true;
        }
        entry = default;
        return false;
    }

    /// <summary>Waits for the log to grow.</summary>
    /// <param name="other">A descriptor that ends the wait when it becomes readable, such as the shim's connection; may be null.</param>
    /// <param name="timeout">Milliseconds; -1 waits for ever.</param>
    /// <returns>Whether something was written; the caller reads on in any case.</returns>
    /// <exception cref="LinuxException">The log's directory is gone, or cannot be watched.</exception>
    public bool Wait(SafeFileHandle? other, int timeout)
    {
        if (_changes is null)
        {
            // What was written before the watch began raises no notice: look again first.
            _changes = Inotify.WatchDirectory(_files.Directory);
            return true;
        }
        Span<PollItem> items = [new(_changes.Handle, PollEvents.Read), new(other, PollEvents.Read)];
        Poll.Wait(items, timeout);
        if (items[0].Found != 0)
            _changes.Clear();
        return items[0].Found != 0;
    }

    /// <summary>
    /// As <see cref="Wait"/>, for a caller who waits by himself: what is readable when something is written, or null where the watch
    /// has only now begun, and what was written before has to be read first.
    /// </summary>
    /// <exception cref="LinuxException">The log's directory is gone, or cannot be watched.</exception>
    public SafeFileHandle? Watch()
    {
        if (_changes is not null)
            return _changes.Handle;
        _changes = Inotify.WatchDirectory(_files.Directory);
        return null;
    }

    /// <summary>Takes the notices of <see cref="Watch"/> away; read on after it.</summary>
    public void ClearNotices() => _changes?.Clear();

    public void Dispose()
    {
        _lines.Dispose();
        _files.Dispose();
        _changes?.Dispose();
    }

    private bool IsWanted(in LogEntry entry) =>
        (entry.Stream is LogStream.Stdout ? _query.Stdout : _query.Stderr) && !(entry.Time < _query.Since);

    private void MarkStart(ref LogEntry entry)
    {
        ref var open = ref _stdoutOpen;
        if (entry.Stream is LogStream.Stderr)
            open = ref _stderrOpen;
        entry = entry with { StartsLine = !open };
        open = !entry.EndsLine;
    }
}
