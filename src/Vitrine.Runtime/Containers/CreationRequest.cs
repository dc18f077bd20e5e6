namespace Vitrine.Runtime.Containers;

/// <summary>How a container is to be created.</summary>
public sealed record CreationRequest
{
    public required string Id { get; init; }

    /// <summary>The bundle's directory, absolute.</summary>
    public required string Bundle { get; init; }

    /// <summary>Whether the process waits to be started, or executes its command at once.</summary>
    public bool WaitsForStart { get; init; } = true;

    /// <summary>How many inherited descriptors from 3 on the process keeps.</summary>
    public int PreservedFiles { get; init; }

    /// <summary>Whether the caller may lack rights to cgroups: see <see cref="CgroupRequest.Rootless"/>.</summary>
    public bool Rootless { get; init; }

    /// <summary>Whether systemd is asked for the cgroup: see <see cref="CgroupRequest.Systemd"/>.</summary>
    public bool SystemdCgroup { get; init; }

    /// <summary>Called with whether the process gets a terminal, before anything is made.</summary>
    public Action<bool>? CheckTerminal { get; init; }

    /// <summary>Called with the finished process: the last step, whose failure is the creation's.</summary>
    public Action<LaunchedProcess>? Finished { get; init; }

    /// <summary>Takes warnings.</summary>
    public Action<string> Warn { get; init; } = _ => { };

    /// <summary>For tests of crashes: see <see cref="CrashPoint"/>.</summary>
    public CrashPoint Crash { get; init; } = CrashPoint.Never;
}
