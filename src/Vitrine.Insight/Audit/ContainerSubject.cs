using Vitrine.Linux;

namespace Vitrine.Insight.Audit;

/// <summary>How near a capability is.</summary>
internal enum Power
{
    None,

    /// <summary>In the bounding set: a set-user-id program or file capability brings it.</summary>
    Latent,

    /// <summary>Permitted or effective.</summary>
    Held,
}

/// <summary>A container as rules see it: its explanation, and what the host and its engine say beyond that.</summary>
internal sealed class ContainerSubject
{
    private readonly CapabilitySet held;
    private readonly CapabilitySet bounding;
    private readonly List<string> hostRoots;

    public ContainerSubject(ContainerExplanation explanation, HostFacts host, EngineSettings? settings, SetuidFiles setuid, ContainerFiles files)
    {
        (Explanation, Host, Settings, Setuid, Files) = (explanation, host, settings, setuid, files);
        held = Set(explanation.Capabilities.Effective) | Set(explanation.Capabilities.Permitted);
        bounding = Set(explanation.Capabilities.Bounding);
        hostRoots = [.. explanation.Mounts.Mounts.Where(mount => mount is { Class: MountClass.Bind, Source: "/" }).Select(mount => mount.Destination)];
        Self = explanation.Processes.Processes.FirstOrDefault(process => process.Pid == explanation.Target.Pid);
    }

    public ContainerExplanation Explanation { get; }

    public HostFacts Host { get; }

    /// <summary>What its engine was asked for; null where no file tells.</summary>
    public EngineSettings? Settings { get; }

    public SetuidFiles Setuid { get; }

    public ContainerFiles Files { get; }

    /// <summary>The OCI runtime that its engine starts it with, a name or a path; null where that is not known.</summary>
    public string? Runtime { get; init; }

    /// <summary>When its image was built; null where that is not known.</summary>
    public DateTimeOffset? ImageCreated { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>The process that is judged.</summary>
    public ContainerProcess? Self { get; }

    public string Name => NameOf(Explanation.Target);

    public IReadOnlyList<MountFact> Mounts => Explanation.Mounts.Mounts;

    /// <summary>Mounts but those that came with a mount of the host's whole root, which is a finding of its own.</summary>
    public IEnumerable<MountFact> SingleMounts => Mounts.Where(mount => !hostRoots.Exists(root => root.Length < mount.Destination.Length && AbsolutePath.IsBelow(mount.Destination, root)));

    public bool HasUserNamespace => Explanation.UserMapping.IsMapped;

    /// <summary>Root inside and, with no user namespace between, root's files outside.</summary>
    public bool IsHostRoot => !HasUserNamespace && Self?.HostUid == 0;

    /// <summary>Every capability that the host has to give, as --privileged gives them.</summary>
    public bool IsPrivileged => Explanation.Capabilities.All && !held.IsEmpty;

    /// <summary>Whether a set-user-id program can raise what it may do.</summary>
    public bool CanGainPrivileges => Explanation.Confinement.NoNewPrivileges != true;

    /// <summary>Root of the host already, or able to become it by a set-user-id program inside.</summary>
    public bool CanBeHostRoot => IsHostRoot || (!HasUserNamespace && CanGainPrivileges);

    /// <summary>What a container is called in a report.</summary>
    public static string NameOf(TargetSection target) =>
        target.Name ?? (target.Id is { Length: > 12 } id ? id[..12] : target.Id) ?? $"{target.Command} (pid {target.Pid})";

    public Power PowerOf(Capability capability)
    {
        if (held.Contains(capability))
            return Power.Held;
        return bounding.Contains(capability) && CanGainPrivileges ? Power.Latent : Power.None;
    }

    /// <summary>Whether it has a capability that counts on the host.</summary>
    public bool Holds(Capability capability) => !HasUserNamespace && PowerOf(capability) == Power.Held;

    public NamespaceFact? Namespace(string kind) => Explanation.Namespaces.Namespaces.FirstOrDefault(fact => fact.Kind == kind);

    public bool IsHosts(string kind) => Namespace(kind)?.Scope == NamespaceScope.Host;

    /// <summary>The path of a file of the judged process, as evidence quotes it.</summary>
    public string Source(string file) => ExplainContext.SourceOf(Explanation.Target.Pid, file);

    public Evidence Mounted(MountFact mount) => new(Source("mountinfo"),
        $"{mount.Source ?? mount.FileSystem} at {mount.Destination} ({mount.FileSystem}, {(mount.ReadOnly ? "ro" : "rw")})");

    /// <summary>The mount that a path inside is on; null where only the root is.</summary>
    public MountFact? MountOf(string path)
    {
        for (var i = Mounts.Count - 1; i >= 0; i--)
        {
            // A mount hides those made before it, at its place and below.
            if (AbsolutePath.IsBelow(path, Mounts[i].Destination))
                return Mounts[i];
        }

        return null;
    }

    /// <summary>Binds and volumes whose source on the host is a path, or below or above it.</summary>
    public IEnumerable<MountFact> HostMounts()
    {
        foreach (var mount in SingleMounts)
        {
            if (mount.Class is MountClass.Bind or MountClass.Volume or MountClass.Other && mount.Source is ['/', ..] && !IsOwn(mount.Source))
                yield return mount;
        }
    }

    // What lies in the container's own directory of its engine's store is its own.
    private bool IsOwn(string source) =>
        Explanation.Target.Id is { Length: > 0 } id && source.Contains($"/{id}/", StringComparison.Ordinal);

    private static CapabilitySet Set(IReadOnlyList<string> names)
    {
        var set = CapabilitySet.Empty;
        foreach (var name in names)
        {
            if (Capabilities.TryParse(name, out var capability))
                set = set.With(capability);
        }

        return set;
    }
}
