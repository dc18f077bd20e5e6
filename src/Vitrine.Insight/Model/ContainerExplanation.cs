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
    public required OpenFileSection OpenFiles { get; init; }
    public required SecretSection Secrets { get; init; }

    /// <summary>Every section in reading order, with its title and its name in JSON.</summary>
    public IEnumerable<(string Title, string Name, Section Section)> Sections()
    {
        yield return ("Processes", "processes", Processes);
        yield return ("Namespaces", "namespaces", Namespaces);
        yield return ("User mapping", "userMapping", UserMapping);
        yield return ("Root filesystem", "root", Root);
        yield return ("Mounts", "mounts", Mounts);
        yield return ("Control groups", "cgroups", Cgroups);
        yield return ("Capabilities", "capabilities", Capabilities);
        yield return ("Seccomp", "seccomp", Seccomp);
        yield return ("Security modules", "confinement", Confinement);
        yield return ("Devices", "devices", Devices);
        yield return ("Resource limits", "limits", Limits);
        yield return ("Network", "network", Network);
        yield return ("Open files", "openFiles", OpenFiles);
        yield return ("Environment and secrets", "secrets", Secrets);
    }

    /// <summary>The names of the sections whose name, title or a word of whose title begins with one of some words, case aside; all where there are no words.</summary>
    /// <exception cref="VitrineException">Invalid: a word begins none.</exception>
    public IReadOnlySet<string> Chosen(IReadOnlyList<string> words)
    {
        var chosen = new HashSet<string>();
        foreach (var word in words)
        {
            var found = Sections().Where(part => Begins(part.Title, word) || Begins(part.Name, word) || part.Title.Split(' ').Any(one => Begins(one, word))).Select(part => part.Name).ToList();
            if (found.Count == 0)
                throw new VitrineException(ErrorKind.Invalid, $"no section '{word}': there are {string.Join(", ", Sections().Select(part => part.Title))}");
            chosen.UnionWith(found);
        }

        return words.Count == 0 ? Sections().Select(part => part.Name).ToHashSet() : chosen;

        static bool Begins(string text, string word) => text.StartsWith(word, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The warnings of all sections, worst first.</summary>
    public IReadOnlyList<Warning> AllWarnings()
    {
        var all = new List<Warning>();
        foreach (var (_, _, section) in Sections())
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
