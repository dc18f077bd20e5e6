using System.Globalization;

namespace Vitrine.Commands.Output;

/// <summary>Times, sizes and lists as docker words them for people.</summary>
public static class HumanText
{
    private const string Ellipsis = "…";

    /// <summary>How long something took or is ago: "About a minute", "3 weeks".</summary>
    public static string Duration(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        var hours = (long)(duration.TotalHours + 0.5);
        return seconds switch
        {
            < 1 => "Less than a second",
            1 => "1 second",
            < 60 => $"{seconds} seconds",
            < 120 => "About a minute",
            < 3600 => $"{seconds / 60} minutes",
            _ => Hours(hours),
        };
    }

    /// <summary>How long ago a moment was.</summary>
    public static string Ago(DateTimeOffset moment, DateTimeOffset now) => Duration(now - moment) + " ago";

    /// <summary>Bytes with a decimal unit: 4.26MB.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="digits">How many of them: three in lists, four in sums, as docker has it.</param>
    public static string Size(double bytes, int digits = 3)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
        var unit = 0;
        for (; bytes >= 1000 && unit < units.Length - 1; unit++)
            bytes /= 1000;
        return Rounded(bytes, digits) + units[unit];
    }

    /// <summary>Bytes with four digits and a binary unit: 7.653GiB, 62.73MiB.</summary>
    public static string BinarySize(double bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        var unit = 0;
        for (; bytes >= 1024 && unit < units.Length - 1; unit++)
            bytes /= 1024;
        return Rounded(bytes, 4) + units[unit];
    }

    /// <summary>A moment as Go prints it: 2026-01-31 12:00:00 +0000 UTC, in local time.</summary>
    public static string Moment(DateTimeOffset moment)
    {
        var local = moment.ToLocalTime();
        var offset = local.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);
        var zone = local.Offset == TimeSpan.Zero ? "UTC" : offset;
        return $"{local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} {offset} {zone}";
    }

    /// <summary>At most so many characters, the last one an ellipsis where something is left out.</summary>
    public static string Shorten(string text, int length)
    {
        var info = new StringInfo(text);
        return info.LengthInTextElements <= length ? text : info.SubstringByTextElements(0, length - 1) + Ellipsis;
    }

    /// <summary>The first 12 digits of an id, without its algorithm.</summary>
    public static string ShortId(string id)
    {
        var digits = id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return digits.Length > 12 ? digits[..12] : digits;
    }

    private static string Hours(long hours) => hours switch
    {
        1 => "About an hour",
        < 48 => $"{hours} hours",
        < 24 * 7 * 2 => $"{hours / 24} days",
        < 24 * 30 * 2 => $"{hours / 24 / 7} weeks",
        < 24 * 365 * 2 => $"{hours / 24 / 30} months",
        _ => $"{hours / 24 / 365} years",
    };

    /// <summary>So many significant digits, without trailing zeros (Go's %.3g and %.4g).</summary>
    private static string Rounded(double value, int digits)
    {
        var whole = value switch { >= 1000 => 4, >= 100 => 3, >= 10 => 2, _ => 1 };
        return Math.Round(value, Math.Max(0, digits - whole), MidpointRounding.ToEven).ToString("0.###", CultureInfo.InvariantCulture);
    }
}
