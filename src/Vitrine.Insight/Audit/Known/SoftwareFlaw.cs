namespace Vitrine.Insight.Audit.Known;

/// <summary>A flaw of a runtime or an engine that lets a container out, or an image in too far.</summary>
/// <param name="Cve">Its number.</param>
/// <param name="Program">runc, crun, containerd, dockerd, podman, crio, or NVIDIA's nvidia-ctk.</param>
/// <param name="What">What it lets an attacker do.</param>
/// <param name="Introduced">The first version that has it; null for all before.</param>
/// <param name="Fixed">The first fixed version of each branch that was repaired, the newest last.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Gain">What an attacker gets.</param>
public sealed record SoftwareFlaw(string Cve, string Program, string What, string? Introduced, IReadOnlyList<string> Fixed, Severity Severity, Gain Gain)
{
    /// <summary>Whether a version has the flaw, by its number.</summary>
    public bool IsIn(SoftwareVersion version)
    {
        if (Introduced is not null && version.CompareTo(SoftwareVersion.Parse(Introduced)) < 0)
            return false;
        foreach (var text in Fixed)
        {
            var repaired = SoftwareVersion.Parse(text)!;
            if (repaired.Number.Major == version.Number.Major && repaired.Number.Minor == version.Number.Minor)
                return version.CompareTo(repaired) < 0;
        }

        return version.CompareTo(SoftwareVersion.Parse(Fixed[^1])) < 0;
    }
}
