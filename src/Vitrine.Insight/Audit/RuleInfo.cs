namespace Vitrine.Insight.Audit;

/// <summary>What a rule looks at.</summary>
public enum RuleScope
{
    /// <summary>One container, of any engine.</summary>
    Container,

    /// <summary>The host's kernel and the engines on it.</summary>
    Host,

    /// <summary>A socket that an engine serves.</summary>
    Socket,

    /// <summary>A known way out of a container.</summary>
    WayOut,
}

/// <summary>What a rule says of itself, wherever it strikes.</summary>
/// <param name="Id">VA and three digits; never given to another rule.</param>
/// <param name="Title">The weakness in a few words.</param>
/// <param name="Severity">How much it matters as a rule; a finding may say otherwise where it knows more.</param>
/// <param name="Gain">What an attacker gets.</param>
public sealed record RuleInfo(string Id, string Title, Severity Severity, Gain Gain)
{
    /// <summary>What it lets an attacker do.</summary>
    public required string Reason { get; init; }

    /// <summary>What to change: the flag, the setting, the command.</summary>
    public required string Fix { get; init; }

    /// <summary>Sections of the CIS Docker Benchmark, CVE numbers, manual pages.</summary>
    public IReadOnlyList<string> References { get; init; } = [];
}

/// <summary>How references are written.</summary>
internal static class Reference
{
    /// <summary>A section of the CIS Docker Benchmark, version 1.6.0.</summary>
    public static string Cis(string section) => $"CIS Docker Benchmark 1.6, {section}";
}
