using System.Globalization;

namespace Vitrine.Engine.Docker;

/// <summary>Times as the Engine API writes them: Go's RFC3339Nano in UTC, trailing zeros of the fraction left out.</summary>
public static class DockerTime
{
    /// <summary>Go's zero time, which stands for "never".</summary>
    public const string Zero = "0001-01-01T00:00:00Z";

    public static string Format(DateTimeOffset? time) =>
        time is { } value ? value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture) : Zero;
}
