using System.Globalization;

namespace Vitrine.Insight.Audit.Known;

/// <summary>A version of a runtime or engine: three numbers and, before a release, which candidate it is.</summary>
/// <param name="Number">1.1.12.</param>
/// <param name="Candidate">93 of 1.0.0-rc93; null for a release, which comes after all candidates.</param>
public sealed record SoftwareVersion(Version Number, int? Candidate)
{
    /// <summary>Reads what programs and packages print: <c>1.1.5+ds1-1+deb12u1</c>, <c>5:25.0.3-1~debian.12</c>, <c>v1.0.0-rc93</c>.</summary>
    public static SoftwareVersion? Parse(string text)
    {
        var rest = text.AsSpan(text.IndexOf(':', StringComparison.Ordinal) + 1).TrimStart('v');
        if (KernelVersion.Leading(rest) is not { } number)
            return null;
        var digits = rest.IndexOfAnyExcept(KernelVersion.NumberCharacters);
        var tail = digits < 0 ? default : rest[digits..].TrimStart("-~.");
        if (!tail.StartsWith("rc", StringComparison.Ordinal))
            return new SoftwareVersion(number, null);
        tail = tail[2..].TrimStart('.');
        var end = tail.IndexOfAnyExceptInRange('0', '9');
        _ = int.TryParse(end < 0 ? tail : tail[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var candidate);
        return new SoftwareVersion(number, candidate);
    }

    public int CompareTo(SoftwareVersion? other)
    {
        if (other is null)
            return 1;
        var order = Number.CompareTo(other.Number);
        return order != 0 ? order : (Candidate ?? int.MaxValue).CompareTo(other.Candidate ?? int.MaxValue);
    }

    public override string ToString() => Candidate is null ? $"{Number}" : string.Create(CultureInfo.InvariantCulture, $"{Number}-rc{Candidate}");
}
