using System.Text;
using Vitrine.ShimProtocol.Logs;

namespace Vitrine.Engine;

/// <summary>One entry of a container's log: a line with its line feed, or a part of a very long one.</summary>
/// <param name="Nanoseconds">When it was written, since 1970 (UTC).</param>
/// <param name="Stream">Where to.</param>
/// <param name="Data">The bytes, as the process wrote them.</param>
/// <param name="StartsLine">Whether a line begins here: only then does a time stamp belong before it.</param>
public readonly record struct LogLine(long Nanoseconds, OutputStream Stream, ReadOnlyMemory<byte> Data, bool StartsLine)
{
    private const int NanosecondsPerTick = 100;

    public DateTimeOffset Time => DateTimeOffset.UnixEpoch.AddTicks(Nanoseconds / NanosecondsPerTick);

    /// <summary>The time with all nine digits, as <c>docker logs -t</c> prints it.</summary>
    public string TimeText
    {
        get
        {
            Span<byte> text = stackalloc byte[LogTime.MaxLength];
            return Encoding.ASCII.GetString(text[..LogTime.Format(Nanoseconds, text, allDigits: true)]);
        }
    }
}
