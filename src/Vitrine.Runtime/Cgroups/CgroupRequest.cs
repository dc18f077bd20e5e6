using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>Which cgroup a container is to have.</summary>
public sealed record CgroupRequest
{
    /// <summary>The container's id, which names the cgroup where no path is given.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// linux.cgroupsPath: absolute below each hierarchy's mount point, or relative to the runtime's own cgroup; with
    /// <see cref="Systemd"/> of the form <c>slice:prefix:name</c>.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>Whether systemd is asked for a scope: it then manages the cgroup, and knows of the limits.</summary>
    public bool Systemd { get; init; }

    /// <summary>The configuration's annotations, of which <c>org.systemd.property.NAME</c> are properties of the scope.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The limits; null is none, but only the default devices.</summary>
    public Resources? Resources { get; init; }

    /// <summary>
    /// Whether the caller may have no rights to cgroups: then one without path and limits is done without where it cannot be
    /// made, and the devices are left to the user namespace.
    /// </summary>
    public bool Rootless { get; init; }

    /// <summary>The host user who is to rule over what is below the cgroup (v2 only), or null.</summary>
    public uint? Owner { get; init; }

    /// <summary>The host's hierarchies; read from /proc where null.</summary>
    public CgroupLayout? Layout { get; init; }

    /// <summary>Where /proc is, to find the caller's own cgroup.</summary>
    public string ProcRoot { get; init; } = "/proc";
}
