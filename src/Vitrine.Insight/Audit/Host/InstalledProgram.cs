using Vitrine.Insight.Audit.Known;

namespace Vitrine.Insight.Audit;

/// <summary>A runtime or an engine on the host.</summary>
public sealed record InstalledProgram
{
    /// <summary>runc, crun, containerd, dockerd, podman or crio.</summary>
    public required string Name { get; init; }

    public required SoftwareVersion Version { get; init; }

    /// <summary>As the package or the program itself prints it.</summary>
    public required string Text { get; init; }

    /// <summary>Where the version was read.</summary>
    public required string Source { get; init; }

    /// <summary>The distribution's package that has it, which may carry fixes under an old number; null for upstream's builds.</summary>
    public string? DistributionPackage { get; init; }
}
