using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Sections;

/// <summary>The eight namespaces: the container's own, shared, or the host's.</summary>
internal static class NamespaceExplainer
{
    private const int PeerLimit = 16;

    public static NamespaceSection Explain(ExplainContext context)
    {
        var notes = context.Notes();
        var facts = new List<NamespaceFact>();
        foreach (var kind in NamespaceId.Kinds)
            facts.Add(Describe(context, kind));
        var own = facts.Count(fact => fact.Scope is NamespaceScope.Isolated or NamespaceScope.Shared);
        notes.Fact("own", context.KnowsNamespaces ? $"{own} of {facts.Count}" : "not known", $"{context.Source("ns/*")} against {context.Host.HostNamespacesSource}/*",
            "Two processes are in the same namespace when the inode numbers of these links are equal.");
        foreach (var fact in facts)
            Warn(context, notes, fact);
        return new NamespaceSection { Namespaces = facts, Facts = notes.Facts, Warnings = notes.Warnings };
    }

    internal static NamespaceFact Describe(ExplainContext context, NamespaceKind kind)
    {
        var source = context.Source($"ns/{NamespaceId.FileName(kind)}");
        var inode = context.Process.Namespace(kind);
        var peers = inode == 0 || !context.HasOwn(kind) ? [] : Peers(context, kind, inode);
        // unshare(1) and the like stay in the namespaces they made: a supervisor is not somebody else.
        var others = peers.Exists(peer => peer.Pid != context.Members.Supervisor?.Pid);
        var scope = inode == 0 ? NamespaceScope.Unknown
            : !context.HasOwn(kind) ? NamespaceScope.Host
            : others ? NamespaceScope.Shared : NamespaceScope.Isolated;
        return new NamespaceFact
        {
            Kind = NamespaceId.FileName(kind),
            Inode = inode == 0 ? null : inode,
            Scope = scope,
            SharedWith = peers,
            Meaning = Meaning(kind, scope),
            Source = source,
            Error = inode != 0 ? null : context.Process.Namespaces.Count == 0 ? "EACCES: permission denied" : "the kernel has no such kind",
        };
    }

    private static List<NamespacePeer> Peers(ExplainContext context, NamespaceKind kind, ulong inode)
    {
        var peers = new List<NamespacePeer>();
        foreach (var process in context.Host.Span)
        {
            if (peers.Count == PeerLimit)
                break;
            if (process.Namespace(kind) != inode || context.Members.Found.ContainsKey(process.Pid))
                continue;
            peers.Add(new NamespacePeer
            {
                Pid = process.Pid,
                Command = process.Command,
                ContainerId = process.Place.Mark?.Id,
            });
        }

        return peers;
    }

    private static string Meaning(NamespaceKind kind, NamespaceScope scope) => (kind, scope) switch
    {
        (_, NamespaceScope.Unknown) => "Not known: it could not be read here.",
        (NamespaceKind.User, NamespaceScope.Host) => "User ids mean the same inside and outside: root inside is root of the host, held by the other walls.",
        (NamespaceKind.User, _) => "User ids inside are mapped to others outside, and capabilities count only for what this namespace owns.",
        (NamespaceKind.Pid, NamespaceScope.Host) => "It sees every process of the host and may signal those of its users.",
        (NamespaceKind.Pid, _) => "It sees only its own processes; the first is pid 1, and when that ends the kernel kills the rest.",
        (NamespaceKind.Mount, NamespaceScope.Host) => "It uses the host's mount table: mounts made by either are seen by both.",
        (NamespaceKind.Mount, _) => "It has a mount table of its own: what it mounts, nobody else sees.",
        (NamespaceKind.Network, NamespaceScope.Host) => "It uses the host's interfaces, ports and abstract sockets.",
        (NamespaceKind.Network, _) => "It has interfaces, addresses, routes, ports and firewall rules of its own.",
        (NamespaceKind.Uts, NamespaceScope.Host) => "It has the host's name, and may change it with CAP_SYS_ADMIN.",
        (NamespaceKind.Uts, _) => "It has a host name of its own.",
        (NamespaceKind.Ipc, NamespaceScope.Host) => "It sees the host's System V shared memory and POSIX message queues.",
        (NamespaceKind.Ipc, _) => "It has System V shared memory and POSIX message queues of its own.",
        (NamespaceKind.Cgroup, NamespaceScope.Host) => "It sees its cgroup path from the host's root, ids of the engine included.",
        (NamespaceKind.Cgroup, _) => "It sees its own cgroup as the root.",
        (NamespaceKind.Time, NamespaceScope.Host) => "Its boot and monotonic clocks are the host's; no engine changes that unless asked.",
        _ => "Its boot and monotonic clocks have an offset of their own.",
    };

    private static void Warn(ExplainContext context, SectionNotes notes, NamespaceFact fact)
    {
        if (fact.Scope == NamespaceScope.Shared)
        {
            notes.Warn(Severity.Note, $"namespaces.{fact.Kind}-shared",
                $"The {fact.Kind} namespace is shared with {Names(fact.SharedWith)}: no wall of this kind stands between them.");
        }

        if (fact.Scope != NamespaceScope.Host)
            return;
        switch (fact.Kind)
        {
            case "pid":
                notes.Warn(Severity.High, "namespaces.pid-host",
                    "Every process of the host is visible; root inside can read their memory and environment through /proc, and kill them.",
                    "run without --pid host");
                break;
            case "mnt":
                notes.Warn(Severity.Critical, "namespaces.mnt-host",
                    "The host's mount table is used: there is no wall between this process and the host's files but its user id.",
                    "run in a mount namespace of its own");
                break;
            case "net":
                notes.Warn(Severity.Medium, "namespaces.net-host",
                    "The host's network is used: services on localhost and abstract sockets of the host can be reached, any free port can be taken.",
                    "run without --network host and publish the ports that are needed");
                break;
            case "ipc":
                notes.Warn(Severity.Medium, "namespaces.ipc-host",
                    "Shared memory of the host's programs can be attached to by processes of the same user.", "run without --ipc host");
                break;
            case "uts":
                notes.Warn(Severity.Low, "namespaces.uts-host", "The host's name is used and, with CAP_SYS_ADMIN, can be changed.",
                    "run without --uts host");
                break;
            case "cgroup":
                notes.Warn(Severity.Low, "namespaces.cgroup-host", "The path of its cgroup on the host is visible, and of others where cgroupfs is mounted.",
                    "run with a private cgroup namespace");
                break;
            case "user" when context.IsHostRoot:
                notes.Warn(Severity.Low, "namespaces.user-host",
                    "Its root user is the host's root: a file of the host that it gets hold of is its own.",
                    "run as another user (--user), or with a user namespace");
                break;
        }
    }

    internal static string Names(IReadOnlyList<NamespacePeer> peers) =>
        string.Join(", ", peers.Take(3).Select(peer => $"{peer.Command} (pid {peer.Pid})")) + (peers.Count > 3 ? $" and {peers.Count - 3} more" : "");
}
