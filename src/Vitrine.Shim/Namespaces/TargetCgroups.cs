using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Shim.Namespaces;

/// <summary>The cgroups that another process is in.</summary>
internal static class TargetCgroups
{
    /// <summary>Puts a process where another is, in every hierarchy.</summary>
    /// <exception cref="LinuxException">A hierarchy does not take it.</exception>
    public static void Join(int target, int pid)
    {
        var memberships = ProcFs.Host.Cgroups(target) ?? [];
        foreach (var hierarchy in CgroupLayout.Read().Hierarchies)
        {
            var place = memberships.FirstOrDefault(one => hierarchy.Version == 2 ? one.IsV2
                : hierarchy.Name is { } name ? one.Name == name : one.Controllers.Intersect(hierarchy.Controllers).Any());
            if (place is not null && place.Path != "/")
                Cgroup.Join(hierarchy.MountPoint + place.Path, pid);
        }
    }
}
