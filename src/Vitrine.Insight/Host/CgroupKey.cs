using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Host;

/// <summary>The cgroup that tells a container's processes from others: its path in one hierarchy.</summary>
internal readonly record struct CgroupKey(string Hierarchy, string Path)
{
    // Engines join these in any case; the first one in which a process is not at the root decides.
    private static readonly string[] Telling = ["", "pids", "memory", "devices", "cpu", "freezer", "name=systemd"];

    /// <summary>The root: says nothing about whose a process is.</summary>
    public bool IsRoot => Path is "/" or "" or null;

    public static CgroupKey Of(IReadOnlyList<CgroupMembership> memberships)
    {
        foreach (var hierarchy in Telling)
        {
            var key = In(memberships, hierarchy);
            if (!key.IsRoot)
                return key;
        }

        return default;
    }

    /// <summary>Whether these memberships are in this cgroup or in one below it.</summary>
    public bool Contains(IReadOnlyList<CgroupMembership> memberships)
    {
        var path = In(memberships, Hierarchy).Path;
        return path is not null && path.StartsWith(Path, StringComparison.Ordinal)
            && (path.Length == Path.Length || path[Path.Length] == '/');
    }

    private static CgroupKey In(IReadOnlyList<CgroupMembership> memberships, string hierarchy)
    {
        foreach (var membership in memberships)
        {
            var matches = hierarchy switch
            {
                "" => membership.IsV2,
                _ when membership.Name is { } name => hierarchy == $"name={name}",
                _ => membership.Controllers.Contains(hierarchy),
            };
            if (matches)
                return new CgroupKey(hierarchy, membership.Path);
        }

        return default;
    }
}
