using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Host;

/// <summary>Which processes of the host belong to the container that a process is in.</summary>
/// <remarks>
/// Three marks are followed: the pid namespace; the cgroup, where it is the container's own; and descent, for processes that
/// went to namespaces or cgroups of their own (a container in the container).
/// </remarks>
internal sealed class ContainerMembers
{
    private ContainerMembers(HostProcess first, HostProcess? supervisor, Dictionary<int, Membership> found)
    {
        First = first;
        Supervisor = supervisor;
        Found = found;
    }

    /// <summary>The container's first process.</summary>
    public HostProcess First { get; }

    /// <summary>Its parent outside; null where the parent is not visible or the container is the host itself.</summary>
    public HostProcess? Supervisor { get; }

    /// <summary>Host pids of all processes, and how each was found.</summary>
    public IReadOnlyDictionary<int, Membership> Found { get; }

    /// <summary>Host pids of all processes, ascending.</summary>
    public IReadOnlyList<int> InOrder()
    {
        var pids = new List<int>(Found.Keys);
        pids.Sort();
        return pids;
    }

    public static ContainerMembers Find(HostSnapshot host, HostProcess target)
    {
        var pidNamespace = target.Namespace(NamespaceKind.Pid);
        var ownPidNamespace = pidNamespace != 0 && pidNamespace != host.HostNamespaces[(int)NamespaceKind.Pid];
        var first = ownPidNamespace ? FirstInNamespace(host, target, pidNamespace) : FirstInCgroup(host, target);
        var supervisor = host.Find(first.ParentPid);
        var cgroup = OwnCgroup(first, supervisor);
        var found = new Dictionary<int, Membership> { [target.Pid] = Membership.Asked };
        foreach (var process in host.Span)
        {
            if (ownPidNamespace && process.Namespace(NamespaceKind.Pid) == pidNamespace)
                found.TryAdd(process.Pid, Membership.PidNamespace);
            else if (cgroup is { } key && key.Contains(process.Place))
                found.TryAdd(process.Pid, Membership.Cgroup);
        }

        AddDescendants(host, found);
        return new ContainerMembers(first, supervisor, found);
    }

    /// <summary>
    /// The process that is pid 1 inside. Where it is hidden from this reader, the topmost ancestor in the same namespace.
    /// </summary>
    private static HostProcess FirstInNamespace(HostSnapshot host, HostProcess target, ulong pidNamespace)
    {
        foreach (var process in host.Span)
        {
            if (process.Namespace(NamespaceKind.Pid) == pidNamespace && process.Glance.InnermostPid == 1)
                return process;
        }

        return Topmost(host, target, process => process.Namespace(NamespaceKind.Pid) == pidNamespace);
    }

    private static HostProcess FirstInCgroup(HostSnapshot host, HostProcess target)
    {
        if (target.Place.Mark is not { } engine)
            return target;
        // The key may be a cgroup below the container's: the id tells how far up the container reaches.
        return Topmost(host, target, process =>
            process.Place.Mark is { } mark && mark.Id == engine.Id);
    }

    private static HostProcess Topmost(HostSnapshot host, HostProcess start, Func<HostProcess, bool> belongs)
    {
        var top = start;
        while (host.Find(top.ParentPid) is { } parent && parent.Pid != top.Pid && belongs(parent))
            top = parent;
        return top;
    }

    /// <summary>The first process's cgroup, unless its supervisor is in it too: then it is a session's or a service's.</summary>
    private static CgroupKey? OwnCgroup(HostProcess first, HostProcess? supervisor)
    {
        var key = first.Place.Key;
        if (key.IsRoot || first.ParentPid == 0 || supervisor is null || key.Contains(supervisor.Cgroups))
            return null;
        return key;
    }

    private static void AddDescendants(HostSnapshot host, Dictionary<int, Membership> found)
    {
        // Parents mostly have smaller pids, but pids wrap: repeat until nothing new is found.
        int before;
        do
        {
            before = found.Count;
            foreach (var process in host.Span)
            {
                if (found.ContainsKey(process.ParentPid))
                    found.TryAdd(process.Pid, Membership.Descendant);
            }
        }
        while (found.Count > before);
    }
}
