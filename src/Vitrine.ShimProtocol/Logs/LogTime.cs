using System.Buffers.Text;

namespace Vitrine.ShimProtocol.Logs;

/// <summary>
/// RFC 3339 times with nanoseconds, as Docker writes them in logs. A time is a count of nanoseconds since 1970 (UTC),
/// which reaches to the year 2262; DateTime would lose the last two digits.
/// </summary>
public static class LogTime
{
    /// <summary>The longest text of a time: 2006-01-02T15:04:05.000000000Z.</summary>
    public const int MaxLength = 30;

    private const long Second = 1_000_000_000;

    /// <summary>Writes a time.</summary>
    /// <param name="nanoseconds">Since 1970, UTC.</param>
    /// <param name="to">At least <see cref="MaxLength"/> bytes.</param>
    /// <param name="allDigits">Nine digits after the point (<c>docker logs -t</c>); otherwise without trailing zeros (the log file).</param>
    /// <returns>The number of bytes.</returns>
    public static int Format(long nanoseconds, Span<byte> to, bool allDigits = false)
    {
        var (seconds, fraction) = Math.DivRem(nanoseconds, Second);
        if (fraction < 0)
            (seconds, fraction) = (seconds - 1, fraction + Second);
        var time = DateTime.UnixEpoch.AddSeconds(seconds);
        WriteDigits(to, 0, 4, time.Year);
        WriteField(to, 4, '-', time.Month);
        WriteField(to, 7, '-', time.Day);
        WriteField(to, 10, 'T', time.Hour);
        WriteField(to, 13, ':', time.Minute);
        WriteField(to, 16, ':', time.Second);
        var length = 19;
        if (fraction != 0 || allDigits)
        {
            to[length] = (byte)'.';
            WriteDigits(to, length + 1, 9, fraction);
            length += 10;
            while (!allDigits && to[length - 1] == '0')
                length--;
        }
        to[length] = (byte)'Z';
        return length + 1;
    }

    /// <summary>Reads a time, with Z or an offset, and with any number of digits after the point.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || (text[10] | 0x20) != 't' || text[13] != ':' || text[16] != ':')
            return false;
        if (!Number(text[..4], out var year) || !Number(text[5..7], out var month) || !Number(text[8..10], out var day)
            || !Number(text[11..13], out var hour) || !Number(text[14..16], out var minute) || !Number(text[17..19], out var second))
            return false;
        if (year is < 1678 or > 2261 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
            return false;
        text = text[19..];
        if (!Fraction(ref text, out var fraction) || !Offset(text, out var offset))
            return false;
        var seconds = (new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond;
        nanoseconds = (seconds - offset) * Second + fraction;
        return true;
    }

    /// <summary>The same instant as a count; the last or first that there is a count for where it is beyond (year 2262).</summary>
    public static long From(DateTimeOffset time) =>
        long.CreateSaturating((Int128)(time - DateTimeOffset.UnixEpoch).Ticks * 100);

    /// <summary>The instant, its last two digits cut off.</summary>
    public static DateTimeOffset ToDateTime(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);

    private static bool Fraction(ref ReadOnlySpan<byte> text, out int nanoseconds)
    {
        nanoseconds = 0;
        if (text[0] != '.')
            return true;
        var digits = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits <= 0)
            return false;
        for (var i = 0; i < 9; i++)
            nanoseconds = nanoseconds * 10 + (i < digits ? text[1 + i] - '0' : 0);
        text = text[(1 + digits)..];
        return true;
    }

    private static bool Offset(ReadOnlySpan<byte> text, out long seconds)
    {
        seconds = 0;
        if (text.Length == 1)
            return (text[0] | 0x20) == 'z';
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':'
            || !Number(text[1..3], out var hours) || !Number(text[4..6], out var minutes) || hours > 23 || minutes > 59)
            return false;
        seconds = (hours * 60 + minutes) * 60L * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool Number(ReadOnlySpan<byte> digits, out int value) =>
        Utf8Parser.TryParse(digits, out value, out var used) && used == digits.Length && digits[0] is >= (byte)'0' and <= (byte)'9';

    private static void WriteField(Span<byte> to, int at, char separator, int value)
    {
        to[at] = (byte)separator;
        WriteDigits(to, at + 1, 2, value);
    }

    private static void WriteDigits(Span<byte> to, int at, int count, long value)
    {
        for (var i = at + count - 1; i >= at; i--)
        {
            to[i] = (byte)('0' + value % 10);
            value /= 10;
        }
    }
}
