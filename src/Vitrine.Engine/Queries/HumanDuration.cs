using System.Globalization;

namespace Vitrine.Engine.Queries;

/// <summary>Durations as docker tells them to people: "3 minutes", "About an hour", "2 weeks".</summary>
public static class HumanDuration
{
    /// <summary>Rounds to the unit a person would use.</summary>
    public static string Format(TimeSpan duration)
    {
        var hours = (long)Math.Floor(duration.TotalHours + 0.5);
        return duration.TotalSeconds switch
        {
            < 1 => "Less than a second",
            < 2 => "1 second",
            < 60 => Count((long)duration.TotalSeconds, "seconds"),
            < 120 => "About a minute",
            < 3600 => Count((long)duration.TotalMinutes, "minutes"),
            _ => hours switch
            {
                1 => "About an hour",
                < 48 => Count(hours, "hours"),
                < 24 * 7 * 2 => Count(hours / 24, "days"),
                < 24 * 30 * 2 => Count(hours / 24 / 7, "weeks"),
                < 24 * 365 * 2 => Count(hours / 24 / 30, "months"),
                _ => Count((long)duration.TotalHours / 24 / 365, "years"),
            },
        };
    }

    private static string Count(long number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number} {unit}");
}
