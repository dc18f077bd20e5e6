using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>The cgroup of a container, with its limits.</summary>
public sealed class ContainerCgroup
{
    private ContainerCgroup(Cgroup cgroup) => Cgroup = cgroup;

    /// <summary>The cgroup as the kernel has it.</summary>
    public Cgroup Cgroup { get; }

    /// <summary>What was asked for but this host's kernel does not have, one line each.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>How many times the kernel killed a process in it for want of memory.</summary>
    public long OomKills => Cgroup.OomKills();

    /// <summary>Whether the kernel killed a process in it for want of memory.</summary>
    public bool OomKilled => OomKills > 0;

    /// <summary>Creates the cgroup in every hierarchy and sets the limits; nothing is left of it when that fails.</summary>
    /// <param name="path">Absolute below each hierarchy, e.g. <c>/vitrine/ID</c>.</param>
    /// <param name="resources">The limits; null is none, but only the default devices.</param>
    /// <param name="layout">The host's hierarchies; read from /proc where null.</param>
    /// <exception cref="VitrineException">A limit is impossible.</exception>
    /// <exception cref="LinuxException">The kernel refused to make it.</exception>
    public static ContainerCgroup Create(string path, Resources? resources, CgroupLayout? layout = null)
    {
        var result = Open(path, layout);
        try
        {
            result.Cgroup.Create();
            result.LimitDevices(CgroupLimits.Devices(resources?.Devices));
            result.Update(resources ?? new Resources());
            return result;
        }
        catch
        {
            result.Delete();
            throw;
        }
    }

    /// <summary>A cgroup that was created earlier.</summary>
    public static ContainerCgroup Open(string path, CgroupLayout? layout = null) => new(Cgroup.Open(path, layout));

    /// <summary>Changes the limits that are given, and leaves the others and the devices as they are.</summary>
    /// <exception cref="VitrineException">A limit is impossible.</exception>
    public void Update(Resources resources)
    {
        var warnings = new List<string>();
        foreach (var write in CgroupLimits.Writes(resources, Cgroup.Layout))
            if (!write.Apply(Cgroup))
                warnings.Add($"{write.Controller}: this kernel does not have {write.File}; {write.Value} is ignored");
        Warnings = warnings;
    }

    /// <inheritdoc cref="Linux.Cgroup.KillAll"/>
    public void KillAll() => Cgroup.KillAll();

    /// <inheritdoc cref="Linux.Cgroup.Delete"/>
    public void Delete() => Cgroup.Delete();

    /// <summary>By the v1 controller where there is one, else by a filter in the v2 tree.</summary>
    private void LimitDevices(List<DevicePermission> rules)
    {
        if (Cgroup.Layout.Of("devices") is not null)
        {
            foreach (var write in CgroupLimits.DeviceWrites(rules))
                write.Apply(Cgroup);
        }
        else if (Cgroup.Layout.Hierarchies.FirstOrDefault(hierarchy => hierarchy.Version == 2) is { } unified)
        {
            DeviceFilter.Attach(Cgroup.DirectoryIn(unified), DeviceFilter.Compile(rules));
        }
    }
}
