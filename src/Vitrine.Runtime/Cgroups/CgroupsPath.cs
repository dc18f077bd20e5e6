using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Runtime;

/// <summary>What linux.cgroupsPath means (config-linux.md, Cgroups Path), as runc reads it.</summary>
internal static class CgroupsPath
{
    /// <summary>
    /// Absolute: below each hierarchy's mount point. Relative, or none, which is the container's id: below the caller's own
    /// cgroup on v1, and beside it on v2, where a cgroup with processes cannot have limited ones below it.
    /// </summary>
    /// <exception cref="VitrineException">It names no cgroup.</exception>
    public static Cgroup Resolve(string? path, string id, CgroupLayout layout, string procRoot = "/proc")
    {
        var wanted = string.IsNullOrEmpty(path) ? id : path;
        var clean = AbsolutePath.Clean(wanted);
        if (clean == "/")
            throw Invalid.Configuration($"linux.cgroupsPath \"{wanted}\" names no cgroup");
        if (wanted.StartsWith('/'))
            return Cgroup.Open(clean, layout);
        var own = CgroupMembership.Parse(File.ReadAllBytes($"{procRoot}/self/cgroup"));
        return Cgroup.Open(layout, hierarchy => Below(Own(own, hierarchy), hierarchy, clean[1..]));
    }

    private static string Below(string own, CgroupHierarchy hierarchy, string name)
    {
        if (hierarchy.Version == 2)
            own = own[..own.LastIndexOf('/')];
        return own == "/" ? "/" + name : $"{own}/{name}";
    }

    /// <summary>The caller's own cgroup, seen from the mount point: inside a container a hierarchy may show a part only.</summary>
    private static string Own(List<CgroupMembership> memberships, CgroupHierarchy hierarchy)
    {
        var path = memberships.Find(membership => hierarchy.Version == 2
            ? membership.IsV2
            : membership.Name == hierarchy.Name && membership.Controllers.SequenceEqual(hierarchy.Controllers))?.Path ?? "/";
        if (hierarchy.Root.Length > 1 && (path + "/").StartsWith(hierarchy.Root + "/", StringComparison.Ordinal))
            path = path[hierarchy.Root.Length..];
        // Outside of what a cgroup namespace shows.
        return path.Length == 0 || path.StartsWith("/..", StringComparison.Ordinal) ? "/" : path;
    }
}
