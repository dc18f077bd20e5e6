using System.Globalization;

namespace Vitrine.Api.Http;

/// <summary>The bar that docker sends beside the numbers, for clients that only print.</summary>
internal static class ProgressBar
{
    private const int Width = 50;

    private static readonly string[] s_units = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];

    public static string Draw(long current, long total)
    {
        if (current <= 0 && total <= 0)
            return "";
        if (total <= 0)
            return Size(current).PadLeft(8);
        var done = (int)Math.Min(Width, current * Width / total);
        var bar = $"[{new string('=', done)}>{new string(' ', Width - done)}] ";
        return bar + Size(current).PadLeft(8) + (current <= total ? "/" + Size(total) : "");
    }

    /// <summary>Four significant digits, as Go's %.4g prints them, in steps of a thousand.</summary>
    public static string Size(double bytes)
    {
        var unit = 0;
        while (bytes >= 1000 && unit < s_units.Length - 1)
        {
            bytes /= 1000;
            unit++;
        }
        return bytes.ToString("G4", CultureInfo.InvariantCulture) + s_units[unit];
    }
}
