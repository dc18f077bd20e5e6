using System.Globalization;

namespace Vitrine.Insight.Audit.Known;

/// <summary>The version of a kernel, as far as it says which upstream fixes are in.</summary>
/// <param name="Number">The upstream version: 6.1.76.</param>
/// <param name="Distribution">Whose kernel it is; null for upstream's own numbering.</param>
/// <param name="HidesFixes">Whether its builder adds fixes without changing the number, so that an old number proves nothing.</param>
public sealed record KernelVersion(Version Number, string? Distribution, bool HidesFixes)
{
    /// <summary>
    /// Reads osrelease and /proc/version. Debian's release names an ABI (6.1.0-18-amd64); the version that its fixes are of
    /// stands at the end of /proc/version (Debian 6.1.76-1).
    /// </summary>
    /// <returns>Null where no number can be read.</returns>
    public static KernelVersion? Parse(string? release, string? banner)
    {
        const string debian = " Debian ";
        banner ??= "";
        release ??= "";
        var mark = banner.LastIndexOf(debian, StringComparison.Ordinal);
        if (mark >= 0 && Leading(banner.AsSpan(mark + debian.Length)) is { } number)
            return new KernelVersion(number, "Debian", HidesFixes: false);
        if (Leading(release) is not { } plain)
            return null;
        if (banner.Contains("Ubuntu", StringComparison.Ordinal))
            return new KernelVersion(plain, "Ubuntu", HidesFixes: true);
        foreach (var (part, name) in (ReadOnlySpan<(string, string)>)[(".el", "Red Hat"), (".amzn", "Amazon"), ("-default", "SUSE"), (".cos", "Container-Optimized OS")])
        {
            if (release.Contains(part, StringComparison.Ordinal))
                return new KernelVersion(plain, name, HidesFixes: true);
        }

        return new KernelVersion(plain, null, HidesFixes: false);
    }

    /// <summary>What version numbers are made of.</summary>
    internal static readonly System.Buffers.SearchValues<char> NumberCharacters = System.Buffers.SearchValues.Create("0123456789.");

    /// <summary>Reads numbers parted by dots at the start of a text: two or three of them.</summary>
    internal static Version? Leading(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExcept(NumberCharacters);
        var digits = (end < 0 ? text : text[..end]).TrimEnd('.');
        if (!Version.TryParse(digits, out var version))
            return null;
        return new Version(version.Major, version.Minor, Math.Max(version.Build, 0));
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Number}{(Distribution is null ? "" : $" ({Distribution})")}");
}
