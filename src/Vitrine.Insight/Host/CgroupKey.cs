using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Host;

/// <summary>The cgroup that tells a container's processes from others: its path in one hierarchy.</summary>
internal readonly record struct CgroupKey(string Hierarchy, string Path)
{
    // Engines join these in any case. In a hybrid layout a process may be its service's in one of them, and its container's in another.
    private static readonly string[] Telling = ["", "pids", "memory", "devices", "cpu", "freezer", "name=systemd"];

    /// <summary>The root: says nothing about whose a process is.</summary>
    public bool IsRoot => Path is "/" or "" or null;

    /// <summary>The first hierarchy in which an engine's mark is, else the first in which the process is not at the root.</summary>
    public static CgroupKey Of(IReadOnlyList<CgroupMembership> memberships)
    {
        var elsewhere = default(CgroupKey);
        foreach (var hierarchy in Telling)
        {
            var key = In(memberships, hierarchy);
            if (key.IsRoot)
                continue;
            if (EngineMarks.FromCgroup(key.Path) is not null)
                return key;
            if (elsewhere.IsRoot)
                elsewhere = key;
        }

        return elsewhere;
    }

    /// <summary>Whether these memberships are in this cgroup or in one below it.</summary>
    public bool Contains(IReadOnlyList<CgroupMembership> memberships)
    {
        var path = In(memberships, Hierarchy).Path;
        return IsWithin(path);
    }

    private bool IsWithin(string? path) => path is not null && path.StartsWith(Path, StringComparison.Ordinal)
        && (path.Length == Path.Length || path[Path.Length] == '/');

    /// <summary>The same for a place whose own key is known, which mostly is of the same hierarchy.</summary>
    public bool Contains(CgroupPlace place)
    {
        if (place.Key.IsRoot)
            return IsRoot;
        return place.Key.Hierarchy == Hierarchy ? IsWithin(place.Key.Path) : Contains(place.Memberships);
    }

    private static CgroupKey In(IReadOnlyList<CgroupMembership> memberships, string hierarchy)
    {
        foreach (var membership in memberships)
        {
            var matches = hierarchy switch
            {
                "" => membership.IsV2,
                _ when membership.Name is { } name => hierarchy.Length == 5 + name.Length && hierarchy.EndsWith(name, StringComparison.Ordinal),
                _ => membership.Controllers.Contains(hierarchy),
            };
            if (matches)
                return new CgroupKey(hierarchy, membership.Path);
        }

        return default;
    }
}

/// <summary>Where a process is in the hierarchies, and what that says; the same object for processes that are at the same place.</summary>
internal sealed class CgroupPlace
{
    public CgroupPlace(IReadOnlyList<CgroupMembership> memberships)
    {
        Memberships = memberships;
        Key = CgroupKey.Of(memberships);
        Mark = EngineMarks.FromCgroup(Key.Path);
    }

    public IReadOnlyList<CgroupMembership> Memberships { get; }
    public CgroupKey Key { get; }

    /// <summary>The innermost container that the path is named after, or null.</summary>
    public EngineMark? Mark { get; }
}
