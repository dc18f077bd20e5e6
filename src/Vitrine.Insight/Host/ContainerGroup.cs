
namespace Vitrine.Insight.Host;

/// <summary>The processes of one container, before anything but the kernel was asked.</summary>
internal sealed class ContainerGroup(EngineMark? mark)
{
    /// <summary>What the cgroup is named after; null for a container without an engine's mark.</summary>
    public EngineMark? Mark { get; } = mark;

    /// <summary>Its pid namespace, where that is its own; else 0.</summary>
    public ulong PidNamespace { get; set; }

    /// <summary>The first process of its pid namespace; without one of its own, the one that was there first. Set when all are known.</summary>
    public HostProcess First { get; set; } = null!;

    /// <summary>The container of an engine that a bare pid namespace was made in, with the same mark.</summary>
    public ContainerGroup? Base { get; init; }

    /// <summary>The container that this one was made in.</summary>
    public ContainerGroup? Outer { get; set; }

    /// <summary>The parent of <see cref="First"/>; null where it is not seen, or is the container's own.</summary>
    public HostProcess? Supervisor { get; set; }

    /// <summary>Ascending by pid.</summary>
    public List<HostProcess> Members { get; } = [];
}
