namespace Vitrine.ShimProtocol.Logs;

/// <summary>Which entries of a log are wanted.</summary>
public sealed record LogQuery
{
    public bool Stdout { get; init; } = true;
    public bool Stderr { get; init; } = true;

    /// <summary>Only the last so many lines; null is all, 0 none but what comes later.</summary>
    public int? Tail { get; init; }

    /// <summary>Not before this (nanoseconds since 1970, <see cref="LogTime"/>).</summary>
    public long? Since { get; init; }

    /// <summary>Not after this.</summary>
    public long? Until { get; init; }
}

/// <summary>One entry. Its bytes are valid until the next read.</summary>
public readonly ref struct LogEntry
{
    /// <summary>The output as the process wrote it, its newline included.</summary>
    public ReadOnlySpan<byte> Bytes { get; init; }

    public LogStream Stream { get; init; }

    /// <summary>When it came, in nanoseconds since 1970 (<see cref="LogTime"/>).</summary>
    public long Time { get; init; }

    /// <summary>Whether a line begins here. A line of more than 16 KiB is several entries: only the first gets a time stamp or prefix.</summary>
    public bool StartsLine { get; init; }

    /// <summary>Whether the line is complete.</summary>
    public bool EndsLine => Bytes.Length > 0 && Bytes[^1] == '\n';
}
