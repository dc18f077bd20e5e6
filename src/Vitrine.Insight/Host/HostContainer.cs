namespace Vitrine.Insight.Host;

/// <summary>A container that runs on this host, of any engine or of none.</summary>
public sealed record HostContainer
{
    /// <summary>The name of <see cref="Engine"/> for namespaces that no engine made.</summary>
    public const string NoEngine = "none";

    /// <summary>Whether this is what an engine is called here.</summary>
    public static bool IsEngine(string name) => EngineMarks.IsEngine(name);

    /// <summary>vitrine, docker, podman, containerd, cri-o, systemd-nspawn, lxc, bubblewrap..., <see cref="NoEngine"/>; "unknown" for an id without an owner.</summary>
    public required string Engine { get; init; }

    /// <summary>The engine's id; null where there is no engine.</summary>
    public string? Id { get; init; }

    /// <summary>The engine's name; of a Kubernetes container POD/CONTAINER. Foreign text: to be made harmless when printed.</summary>
    public string? Name { get; init; }

    /// <summary>The image's reference as it was asked for.</summary>
    public string? Image { get; init; }

    public KubernetesPlace? Kubernetes { get; init; }

    /// <summary>Host pid of the first process, to be trusted only together with its start time.</summary>
    public required int Pid { get; init; }

    /// <summary>When the first process started, in clock ticks since boot.</summary>
    public ulong StartTime { get; init; }

    /// <summary>The parent of the first process, where it is outside and seen.</summary>
    public HostProcess? Supervisor { get; init; }

    /// <summary>All processes whose innermost container this is, ascending by host pid.</summary>
    public required IReadOnlyList<ContainerMember> Members { get; init; }

    /// <summary>Host pid of the first process of the container that this one is in; null on the host itself.</summary>
    public int? OuterPid { get; init; }

    /// <summary>The bundle's config.json, as this reader opens it; null where the engine's files do not tell.</summary>
    public string? SpecPath { get; init; }

    /// <summary>The OCI runtime that its engine starts it with, a name or a path; null where the engine's files do not tell.</summary>
    public string? Runtime => Record?.Runtime;

    /// <summary>Ports of the host that its engine's files say lead to it.</summary>
    public IReadOnlyList<PublishedPort> Ports => Record?.Ports ?? [];

    /// <summary>More of the image, read when it is asked for.</summary>
    internal Stores.ContainerRecord? Record { get; init; }

    /// <summary>Files of the engine that repeat environment and arguments in clear.</summary>
    public IReadOnlyList<string> FilesWithEnvironment { get; init; } = [];

    /// <summary>For messages: <c>docker web (3f2a9c0d1e4b)</c>, <c>none (pid 4711)</c>.</summary>
    public string Title => Id is null ? $"{Engine} (pid {Pid})"
        : Name is null || Name == Id ? $"{Engine} {ShortId}" : $"{Engine} {Name} ({ShortId})";

    /// <summary>The first twelve digits of an id that is one; names that stand for ids are whole.</summary>
    public string? ShortId => Id is { Length: 64 } ? Id[..12] : Id;
}

/// <summary>A process of a container.</summary>
/// <param name="Process">What the walk found.</param>
/// <param name="Role">How it came to be there.</param>
public sealed record ContainerMember(HostProcess Process, MemberRole Role);

/// <summary>How a process came to be in a container.</summary>
public enum MemberRole
{
    /// <summary>The first process.</summary>
    First,

    /// <summary>Started by another process of the container.</summary>
    Child,

    /// <summary>Its parent is outside: it came in later, by the engine's exec or nsenter.</summary>
    Joined,
}

/// <summary>Where in Kubernetes a container is.</summary>
public sealed record KubernetesPlace
{
    public string? Namespace { get; init; }
    public string? Pod { get; init; }

    /// <summary>The API's uid, which the cgroup tells too.</summary>
    public string? PodUid { get; init; }

    /// <summary>The name in the pod; null for the pod's sandbox.</summary>
    public string? Container { get; init; }

    /// <summary>POD/CONTAINER; POD for the sandbox; null where the pod's name is not known.</summary>
    public string? Title => Pod is null ? null : Container is null ? Pod : $"{Pod}/{Container}";
}
