using Vitrine.Linux.Proc;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>Whom the container's v2 cgroup is given to (config-linux.md, Cgroup ownership).</summary>
internal static class CgroupOwner
{
    private const uint Root = 0;

    /// <summary>
    /// The host's name for the process's user where the container may write to its cgroups: in a cgroup namespace of its own, with
    /// a mount that is not read-only. Null where that is nobody, or root.
    /// </summary>
    public static uint? Of(Spec spec)
    {
        if (!NamespacePlan.Of(spec).Makes(NamespaceKind.Cgroup))
            return null;
        foreach (var mount in spec.Mounts ?? [])
            if (mount is { Source: "cgroup" or "cgroup2", Destination: "/sys/fs/cgroup" } && mount.Options?.Contains("ro") != true)
                return IdMaps.HostId(spec.Process?.User?.Uid ?? 0, spec.Linux?.UidMappings) is var user and not Root ? user : null;
        return null;
    }
}
