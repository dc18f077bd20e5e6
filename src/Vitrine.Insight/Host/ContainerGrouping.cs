using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Host;

/// <summary>
/// Says of every process of the host in which container it is, the innermost one: by the cgroup that an engine named after
/// the container, else by the pid namespace, else by other namespaces that are not the host's, else by its parent.
/// </summary>
/// <remarks>
/// A cgroup's name is believed first, as it alone tells a container from another that it shares all namespaces with.
/// 1. Each mark and each first process of a pid namespace (pid 1 inside) makes a group.
/// 2. All processes, parents before children, are given to a group.
/// 3. First process, supervisor and outer container of each group follow from its members.
/// </remarks>
internal sealed class ContainerGrouping
{
    private const int DeepestTree = 1000;

    private readonly HostSnapshot host;
    private readonly string? hostMark;
    private readonly Dictionary<string, ContainerGroup> byMark = [];
    private readonly Dictionary<ulong, ContainerGroup> byPidNamespace = [];
    private readonly Dictionary<(NamespaceKind Kind, ulong Inode), ContainerGroup> byNamespace = [];
    private readonly Dictionary<int, ContainerGroup> byPid = [];
    private readonly List<ContainerGroup> groups = [];

    private ContainerGrouping(HostSnapshot host)
    {
        this.host = host;
        // Read inside a container without a cgroup namespace: its own mark is on everything and tells nothing.
        hostMark = host.Find(1)?.Place.Mark?.Id;
    }

    /// <summary>All containers, in the order of their first processes' pids.</summary>
    public IReadOnlyList<ContainerGroup> Groups => groups;

    /// <summary>The innermost container of a process, or null.</summary>
    public ContainerGroup? Of(int pid) => byPid.GetValueOrDefault(pid);

    public static ContainerGrouping Of(HostSnapshot host)
    {
        var grouping = new ContainerGrouping(host);
        grouping.MakeGroups();
        foreach (var process in ParentsFirst(host))
            grouping.Place(process);
        grouping.Finish();
        return grouping;
    }

    private void MakeGroups()
    {
        foreach (var process in host.Processes)
        {
            var marked = MarkOf(process) is { } mark ? Marked(mark) : null;
            if (!process.IsInit)
                continue;
            var inside = marked is not null && host.Find(process.ParentPid) is { } parent && MarkOf(parent)?.Id == marked.Mark!.Id;
            var group = marked is null || inside ? Add(new ContainerGroup(null) { Base = marked }) : marked;
            Own(group, process);
        }
    }

    /// <summary>Notes that a group's first process is this one, and that its namespaces are the group's.</summary>
    private void Own(ContainerGroup group, HostProcess first)
    {
        byPid[first.Pid] = group;
        if (group.First is not null)
            return;
        group.First = first;
        group.PidNamespace = first.Namespace(NamespaceKind.Pid);
        if (group.PidNamespace != 0)
            byPidNamespace.TryAdd(group.PidNamespace, group);
        foreach (var kind in NamespaceId.Kinds)
        {
            if (IsOwn(first, kind) && !IsInherited(first, kind))
                byNamespace.TryAdd((kind, first.Namespace(kind)), group);
        }
    }

    /// <summary>
    /// Whether a container only has a namespace because its forebears are in it: who else is there has not joined the
    /// container. Programs that make namespaces and fork, as unshare(1), are in them too and do not count.
    /// </summary>
    private bool IsInherited(HostProcess first, NamespaceKind kind)
    {
        var parent = host.Find(first.ParentPid);
        var forebear = parent is null || EngineMarks.StaysOutside(parent.Command) ? parent : host.Find(parent.ParentPid);
        for (var generation = 0; forebear is not null && generation < DeepestTree; generation++, forebear = host.Find(forebear.ParentPid))
        {
            if (forebear.Namespace(kind) == first.Namespace(kind))
                return true;
        }

        return false;
    }

    private void Place(HostProcess process)
    {
        var group = byPid.GetValueOrDefault(process.Pid) ?? Find(process);
        if (group is null)
            return;
        byPid[process.Pid] = group;
        group.Members.Add(process);
    }

    private ContainerGroup? Find(HostProcess process)
    {
        var parent = host.Find(process.ParentPid);
        var parents = parent is null ? null : byPid.GetValueOrDefault(parent.Pid);
        var marked = MarkOf(process) is { } mark ? Marked(mark) : null;
        var own = IsOwn(process, NamespaceKind.Pid);
        var inNamespace = own ? byPidNamespace.GetValueOrDefault(process.Namespace(NamespaceKind.Pid)) : null;
        var asParent = parents is not null && parent!.Namespace(NamespaceKind.Pid) == process.Namespace(NamespaceKind.Pid);
        if (marked is not null)
        {
            return inNamespace is not null && inNamespace.Base == marked ? inNamespace
                : asParent && parents!.Base == marked ? parents : marked;
        }

        if (inNamespace is not null)
            return inNamespace;
        if (own)
            return asParent ? parents : Owned(process);
        return parents ?? ByOtherNamespaces(process, parent);
    }

    /// <summary>For a process in the host's pid namespace, without a mark and without a parent in a container.</summary>
    private ContainerGroup? ByOtherNamespaces(HostProcess process, HostProcess? parent)
    {
        // What is hidden is told by everybody's list of pids alone.
        if (process.Namespaces.Count == 0)
            return process.Glance.PidNamespaces > 1 && parent?.Glance.PidNamespaces != process.Glance.PidNamespaces ? Owned(process) : null;
        // Supervisors and their kind enter namespaces to serve containers: they are none.
        if (IsService(process) || EngineMarks.FromSupervisor(process.Command) is not null || EngineMarks.IsHelper(process.Command))
            return null;
        foreach (var kind in (ReadOnlySpan<NamespaceKind>)[NamespaceKind.Mount, NamespaceKind.User, NamespaceKind.Network, NamespaceKind.Uts, NamespaceKind.Ipc, NamespaceKind.Cgroup, NamespaceKind.Time])
        {
            if (IsOwn(process, kind) && byNamespace.TryGetValue((kind, process.Namespace(kind)), out var group))
                return group.First.ParentPid == process.Pid ? null : group;
        }

        foreach (var kind in NamespaceId.Kinds)
        {
            if (IsOwn(process, kind))
                return Owned(process);
        }

        return null;
    }

    /// <summary>systemd gives services mount namespaces and more: they are no containers while they see the host's processes.</summary>
    private static bool IsService(HostProcess process) => process.Place.Key.Path is { } path && path.EndsWith(".service", StringComparison.Ordinal);

    private ContainerGroup Owned(HostProcess process)
    {
        var group = Add(new ContainerGroup(null));
        Own(group, process);
        return group;
    }

    private ContainerGroup Marked(EngineMark mark) =>
        byMark.TryGetValue(mark.Id, out var group) ? group : byMark[mark.Id] = Add(new ContainerGroup(mark));

    private ContainerGroup Add(ContainerGroup group)
    {
        groups.Add(group);
        return group;
    }

    private void Finish()
    {
        // A process that was to be first may have ended up elsewhere: then nobody is in its group.
        groups.RemoveAll(group => group.Members.Count == 0);
        foreach (var group in groups)
        {
            group.Members.Sort((left, right) => left.Pid.CompareTo(right.Pid));
            group.First ??= FirstOf(group);
            var parent = host.Find(group.First.ParentPid);
            group.Supervisor = parent is not null && byPid.GetValueOrDefault(parent.Pid) != group ? parent : null;
        }

        foreach (var group in groups)
            group.Outer = OuterOf(group);
        groups.Sort((left, right) => left.First.Pid.CompareTo(right.First.Pid));
    }

    /// <summary>
    /// In a group without a pid namespace of its own: of the processes whose parents are outside, a supervisor's child first,
    /// then the lowest pid. Execs have the same parent, and pids that wrapped are rare.
    /// </summary>
    private HostProcess FirstOf(ContainerGroup group)
    {
        HostProcess? found = null;
        foreach (var member in group.Members)
        {
            if (byPid.GetValueOrDefault(member.ParentPid) == group)
                continue;
            if (host.Find(member.ParentPid) is { } parent && EngineMarks.FromSupervisor(parent.Command) is not null)
                return member;
            found ??= member;
        }

        return found ?? group.Members[0];
    }

    private ContainerGroup? OuterOf(ContainerGroup group)
    {
        if (group.Base is not null)
            return group.Base;
        if (group.Supervisor is { } supervisor && byPid.TryGetValue(supervisor.Pid, out var around))
            return around;
        return group.Mark is { } mark && EngineMarks.Around(group.First.Place.Key.Path, mark.Id) is { } outer && outer.Id != hostMark
            ? byMark.GetValueOrDefault(outer.Id) : null;
    }

    private EngineMark? MarkOf(HostProcess process) => process.Place.Mark is { } mark && mark.Id != hostMark ? mark : null;

    private bool IsOwn(HostProcess process, NamespaceKind kind)
    {
        var inode = process.Namespace(kind);
        return inode != 0 && inode != host.HostNamespaces[(int)kind];
    }

    /// <summary>All processes, each after its parent. Pids wrap, so their order does not tell.</summary>
    private static List<HostProcess> ParentsFirst(HostSnapshot host)
    {
        var ordered = new List<HostProcess>(host.Processes.Count);
        var seen = new HashSet<int>(host.Processes.Count);
        var waiting = new Stack<HostProcess>();
        foreach (var process in host.Processes)
        {
            for (var next = process; next is not null && seen.Add(next.Pid); next = host.Find(next.ParentPid))
                waiting.Push(next);
            while (waiting.TryPop(out var ready))
                ordered.Add(ready);
        }

        return ordered;
    }
}
