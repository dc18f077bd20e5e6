using Vitrine.Linux;

namespace Vitrine.ShimProtocol.Logs;

/// <summary>
/// Reads a container's log, oldest entry first, across rotated files, while it is being written. A log that does not
/// exist (yet) is empty.
/// </summary>
/// <example>
/// Following: watch <see cref="Directory"/>; read until false; if the container has ended (asked before that reading) stop, else wait
/// for a change.
/// </example>
public sealed class LogReader : IDisposable
{
    private readonly LogFiles _files;
    private readonly LogQuery _query;
    private readonly RotatedLines _lines;
    private byte[] _text = [];
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

    /// <summary>Where the log's files are: something changes in it with everything that is written.</summary>
    public string Directory => _files.Directory;

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

    public void Dispose()
    {
        _lines.Dispose();
        _files.Dispose();
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
