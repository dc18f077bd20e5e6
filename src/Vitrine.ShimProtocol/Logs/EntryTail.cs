namespace Vitrine.ShimProtocol.Logs;

/// <summary>What follows the text in a log entry; the same for all lines of one read.</summary>
internal static class EntryTail
{
    public const int MaxLength = 80;

    /// <summary>Writes <c>","stream":"stdout","time":"..."}</c> and a newline.</summary>
    public static int Format(Span<byte> to, LogStream stream, long time)
    {
        var length = Put(to, 0, stream is LogStream.Stderr ? "\",\"stream\":\"stderr\",\"time\":\""u8 : "\",\"stream\":\"stdout\",\"time\":\""u8);
        length += LogTime.Format(time, to[length..]);
        return Put(to, length, "\"}\n"u8);
    }

    private static int Put(Span<byte> to, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(to[at..]);
        return at + text.Length;
    }
}
