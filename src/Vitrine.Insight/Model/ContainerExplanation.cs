namespace Vitrine.Insight;

/// <summary>
/// What a container really is on this host: a process and, for each kernel mechanism that makes it a container, what is
/// set, how we know, what it means and what weakens it. The JSON form is described in docs/explain.md.
/// </summary>
public sealed record ContainerExplanation
{
    /// <summary>Raised when a field changes its meaning or goes; new fields do not raise it.</summary>
    public int SchemaVersion { get; init; } = 1;

    public required TargetSection Target { get; init; }
    public required ProcessSection Processes { get; init; }
    public required NamespaceSection Namespaces { get; init; }
    public required UserMappingSection UserMapping { get; init; }
    public required RootSection Root { get; init; }
    public required MountSection Mounts { get; init; }
    public required CgroupSection Cgroups { get; init; }
    public required CapabilitySection Capabilities { get; init; }
    public required SeccompSection Seccomp { get; init; }
    public required ConfinementSection Confinement { get; init; }
    public required DeviceSection Devices { get; init; }
    public required LimitSection Limits { get; init; }
    public required NetworkSection Network { get; init; }
    public required SecretSection Secrets { get; init; }

    /// <summary>Every section in reading order, with its title.</summary>
    public IEnumerable<(string Title, Section Section)> Sections()
    {
        yield return ("Processes", Processes);
        yield return ("Namespaces", Namespaces);
        yield return ("User mapping", UserMapping);
        yield return ("Root filesystem", Root);
        yield return ("Mounts", Mounts);
        yield return ("Control groups", Cgroups);
        yield return ("Capabilities", Capabilities);
        yield return ("Seccomp", Seccomp);
        yield return ("Security modules", Confinement);
        yield return ("Devices", Devices);
        yield return ("Resource limits", Limits);
        yield return ("Network", Network);
        yield return ("Environment and secrets", Secrets);
    }

    /// <summary>The warnings of all sections, worst first.</summary>
    public IReadOnlyList<Warning> AllWarnings()
    {
        var all = new List<Warning>();
        foreach (var (_, section) in Sections())
            all.AddRange(section.Warnings);
        return Warning.WorstFirst(all);
    }
}

/// <summary>Which process is explained, and what container it is said to be.</summary>
public sealed record TargetSection
{
    /// <summary>The process that was asked for; credentials, filters and environment are this one's.</summary>
    public required int Pid { get; init; }

    /// <summary>The container's first process; the same pid where none other was found.</summary>
    public required int FirstPid { get; init; }

    /// <summary>Clock ticks since boot (proc_pid_stat(5), field 22).</summary>
    public required ulong StartTime { get; init; }

    /// <summary>The thread name.</summary>
    public required string Command { get; init; }

    /// <summary>The engine that runs it, as the supervisor, the cgroup or the caller tells; null for none.</summary>
    public string? Engine { get; init; }

    /// <summary>Container id, as the cgroup path or the caller tells.</summary>
    public string? Id { get; init; }

    public string? Name { get; init; }
    public string? Image { get; init; }

    /// <summary>
    /// Whether anything sets this process apart from the host: a namespace of its own or another root. Null where this reader
    /// may not compare its namespaces and nothing else tells.
    /// </summary>
    public required bool? IsContainer { get; init; }
}
