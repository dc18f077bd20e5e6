using System.Globalization;
using Vitrine.Insight.Host;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Control;

/// <summary>Finds the cgroup that a user means: a path, the file system's or the hierarchy's; a process's; a container's.</summary>
/// <param name="layout">The hierarchies of the host.</param>
/// <param name="proc">Where processes are.</param>
/// <param name="container">The container of a name or id; throws NotFound where there is none.</param>
public sealed class ControlGroupFinder(CgroupLayout layout, ProcFs proc, Func<string, ExplainTarget> container)
{
    /// <summary>The cgroup of <paramref name="text"/>: see the docs of <c>vitrine cgroup</c> (docs/cgroups.md).</summary>
    /// <exception cref="VitrineException">NotFound, with all that it was looked for as.</exception>
    public ControlGroup Find(string text)
    {
        if (text.StartsWith('/'))
            return Existing(text, ByPath(text));
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0 && proc.Cgroups(pid) is not null)
            return OfProcess(text, pid, null);
        if (text.Contains('/', StringComparison.Ordinal))
            return Existing(text, ByPath("/" + text));
        try
        {
            var target = container(text);
            return OfProcess(text, target.Pid, target.Hints);
        }
        catch (VitrineException e) when (e.Kind is ErrorKind.NotFound && ByPath("/" + text) is { Layout.Hierarchies.Count: > 0 } named)
        {
            return named;
        }
        catch (VitrineException e) when (e.Kind is ErrorKind.NotFound)
        {
            throw new VitrineException(ErrorKind.NotFound, $"no container, process or cgroup '{text}': a cgroup is named by its path, as /proc/PID/cgroup has it", e);
        }
    }

    /// <summary>A cgroup that need not exist, in the hierarchies chosen; a path of the file system is one of its hierarchy alone.</summary>
    /// <exception cref="VitrineException">Invalid: it has parts that are no names.</exception>
    public ControlGroup Name(string path, Func<CgroupHierarchy, bool> chosen)
    {
        var paths = new Dictionary<CgroupHierarchy, string>();
        foreach (var hierarchy in layout.Hierarchies)
        {
            if (chosen(hierarchy) && Below(path, hierarchy) is { } below)
                paths[hierarchy] = below;
        }

        return new ControlGroup(path, paths);
    }

    private ControlGroup ByPath(string path) => Name(path, hierarchy => Below(path, hierarchy) is { } below && Directory.Exists(hierarchy.MountPoint + below));

    private static ControlGroup Existing(string text, ControlGroup found) => found.Layout.Hierarchies.Count > 0
        ? found
        : throw new VitrineException(ErrorKind.NotFound, $"no hierarchy has a cgroup {text}: 'vitrine cgroup ls' shows those there are");

    /// <summary>The path below a hierarchy's mount; null where it is a path of the file system that leads elsewhere.</summary>
    private string? Below(string path, CgroupHierarchy hierarchy)
    {
        var trimmed = path.TrimEnd('/');
        foreach (var mounted in layout.Hierarchies)
        {
            if (trimmed != mounted.MountPoint && !trimmed.StartsWith(mounted.MountPoint + "/", StringComparison.Ordinal))
                continue;
            return mounted == hierarchy ? Checked(trimmed[mounted.MountPoint.Length..]) : null;
        }

        return Checked(trimmed.StartsWith('/') || trimmed.Length == 0 ? trimmed : "/" + trimmed);
    }

    private static string Checked(string path)
    {
        if (path.Length > 0 && path[1..].Split('/').Any(part => part is "" or "." or ".."))
            throw new VitrineException(ErrorKind.Invalid, $"'{path}' is no path of a cgroup: its parts are names, without . and ..");
        return path.Length == 0 ? "/" : path;
    }

    private ControlGroup OfProcess(string text, int pid, ContainerHints? hints)
    {
        var memberships = proc.Cgroups(pid) ?? throw new VitrineException(ErrorKind.NotFound, $"No such process: {pid}");
        var paths = new Dictionary<CgroupHierarchy, string>();
        foreach (var membership in memberships)
        {
            if (HierarchyOf(membership) is { } hierarchy && PathIn(hierarchy, membership.Path) is { } path)
                paths[hierarchy] = hints is not null && EngineMarks.FromCgroup(path) is { } mark ? ControlOwner.ContainerPath(path, mark.Id) : path;
        }

        var group = paths.Count > 0
            ? new ControlGroup(text, paths) { Container = hints }
            : throw new VitrineException(ErrorKind.NotFound, $"the cgroups of process {pid} are not below this host's mounts: it is outside of this cgroup namespace");
        return hints is null ? group : group.BelowRoots();
    }

    private CgroupHierarchy? HierarchyOf(CgroupMembership membership)
    {
        foreach (var hierarchy in layout.Hierarchies)
        {
            if (membership.IsV2 ? hierarchy.Version == 2
                : hierarchy.Version == 1 && (membership.Name is { } name ? hierarchy.Name == name : hierarchy.Controllers.Contains(membership.Controllers[0])))
                return hierarchy;
        }

        return null;
    }

    /// <summary>A path of /proc/PID/cgroup below the mount, which may show a part of the tree only; null where it is outside.</summary>
    private static string? PathIn(CgroupHierarchy hierarchy, string path)
    {
        if (path.StartsWith("/..", StringComparison.Ordinal))
            return null;
        if (hierarchy.Root == "/")
            return path;
        if (path == hierarchy.Root)
            return "/";
        return path.StartsWith(hierarchy.Root + "/", StringComparison.Ordinal) ? path[hierarchy.Root.Length..] : null;
    }
}
