using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>The cgroup of a container, with its limits.</summary>
public sealed class ContainerCgroup
{
    private ContainerCgroup(Cgroup cgroup) => Cgroup = cgroup;

    public Cgroup Cgroup { get; }

    /// <summary>Creates the cgroup in every hierarchy and sets the limits; nothing is left of it when that fails.</summary>
    /// <param name="path">Absolute below each hierarchy, e.g. <c>/vitrine/ID</c>.</param>
    /// <param name="resources">The limits, or null for none.</param>
    /// <param name="layout">The host's hierarchies; read from /proc where null.</param>
    /// <exception cref="VitrineException">A limit is impossible.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static ContainerCgroup Create(string path, Resources? resources, CgroupLayout? layout = null) => throw new NotImplementedException();

    /// <summary>A cgroup that was created earlier.</summary>
    public static ContainerCgroup Open(string path, CgroupLayout? layout = null) => new(Cgroup.Open(path, layout));

    /// <summary>How many times the kernel killed a process in it for want of memory.</summary>
    public long OomKills => throw new NotImplementedException();

    /// <summary>Whether the kernel killed a process in it for want of memory.</summary>
    public bool OomKilled => OomKills > 0;

    /// <inheritdoc cref="Linux.Cgroup.KillAll"/>
    public void KillAll() => Cgroup.KillAll();

    /// <inheritdoc cref="Linux.Cgroup.Delete"/>
    public void Delete() => Cgroup.Delete();
}
