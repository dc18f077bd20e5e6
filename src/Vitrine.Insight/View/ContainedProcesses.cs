using Vitrine.Insight.Host;
using Vitrine.Insight.Sections;
using Vitrine.Insight.Stores;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Secrets;

namespace Vitrine.Insight.View;

/// <summary>
/// Every process of the host that lives in a container, and the supervisors, as a forest: parents before children. What is
/// shown beyond <see cref="HostContainers"/> is read once for each process.
/// </summary>
public sealed class ContainedProcesses
{
    private readonly HostContainers containers;
    private readonly ProcFs proc;
    private readonly ProcWalk walk;
    private readonly SecretRedactor redactor;
    private readonly UserNames hostUsers;
    private readonly Dictionary<ulong, IReadOnlyList<IdRange>> maps = [];
    private readonly Dictionary<int, UserNames> users = [];
    private readonly CapabilitySet all;
    private bool hasLabels = true;

    private ContainedProcesses(HostContainers containers, ProcFs proc, ProcWalk walk, bool reveal)
    {
        this.containers = containers;
        this.proc = proc;
        this.walk = walk;
        redactor = new SecretRedactor(Fingerprint.OfHost(proc), reveal);
        using var host = new StoreFiles(containers.HostRoot);
        hostUsers = UserNames.Read(host);
        all = AllCapabilities();
    }

    /// <summary>The processes of some containers, in the order of the forest, with their supervisors.</summary>
    /// <param name="containers">The host as it was seen.</param>
    /// <param name="reveal">Whether secrets in arguments are shown.</param>
    public static IReadOnlyList<HostViewProcess> Of(HostContainers containers, bool reveal = false)
    {
        var proc = new ProcFs(containers.HostRoot + "/proc");
        using var walk = new ProcWalk(proc.Root);
        return new ContainedProcesses(containers, proc, walk, reveal).Forest();
    }

    private List<HostViewProcess> Forest()
    {
        var nodes = new SortedDictionary<int, (HostContainer? Container, ContainerMember? Member)>();
        var supervises = new Dictionary<int, string>();
        foreach (var container in containers.All)
        {
            foreach (var member in container.Members)
                nodes[member.Process.Pid] = (container, member);
            // Pid 1 has adopted what it holds: it is nobody's supervisor.
            if (container.Supervisor is { Pid: not 1 } supervisor)
            {
                nodes.TryAdd(supervisor.Pid, (null, null));
                supervises[supervisor.Pid] = container.Engine;
            }
        }

        var children = new Dictionary<int, List<int>>();
        foreach (var (pid, (container, member)) in nodes)
        {
            var under = Under(nodes, pid, container, member) ?? 0;
            if (!children.TryGetValue(under, out var list))
                children[under] = list = [];
            list.Add(pid);
        }

        var shown = new List<HostViewProcess>(nodes.Count);
        var waiting = new Stack<(int Pid, int? Under)>();
        Push(0, null);
        while (waiting.TryPop(out var next))
        {
            var (container, member) = nodes[next.Pid];
            var process = member?.Process ?? containers.Snapshot.Find(next.Pid)!;
            var described = Describe(process, container, member?.Role, supervises.GetValueOrDefault(next.Pid), next.Under);
            if (described is not null)
                shown.Add(described);
            // What was below one that ended meanwhile is below the nearest that is there.
            Push(next.Pid, described is null ? next.Under : next.Pid);
        }

        return shown;

        void Push(int pid, int? under)
        {
            for (var i = (children.GetValueOrDefault(pid)?.Count ?? 0) - 1; i >= 0; i--)
                waiting.Push((children[pid][i], under));
        }
    }

    /// <summary>A process is shown under its parent; one whose parent is a stranger, beside the container's first process.</summary>
    private static int? Under(SortedDictionary<int, (HostContainer? Container, ContainerMember? Member)> nodes, int pid, HostContainer? container, ContainerMember? member)
    {
        var parent = member?.Process.ParentPid ?? 0;
        if (member is not null && parent != pid && nodes.ContainsKey(parent))
            return parent;
        return member is { Role: MemberRole.Joined } && container!.Supervisor is { } supervisor && nodes.ContainsKey(supervisor.Pid) ? supervisor.Pid : null;
    }

    private HostViewProcess? Describe(HostProcess process, HostContainer? container, MemberRole? role, string? supervises, int? under)
    {
        if (walk.Enter(process.Pid) != Errno.None)
            return null; // It ended since it was seen.
        var inside = container is null ? null : ExplainContext.Inside(Map(process), process.Glance.User);
        return new HostViewProcess
        {
            Container = container,
            Process = process,
            Role = role,
            Supervises = supervises,
            HostUser = hostUsers.Of(process.Glance.User),
            ContainerUid = inside,
            ContainerUser = inside is { } uid ? UserName(container!, process, uid) : null,
            Isolation = Isolation(process),
            Command = Command(process),
            Under = under,
        };
    }

    private string Command(HostProcess process)
    {
        var text = walk.Read("cmdline"u8, out _);
        var arguments = ProcFs.SplitArguments(text);
        // Programs that write over their arguments leave blanks behind.
        return arguments.Count == 0 ? $"[{process.Command}]" : string.Join(' ', redactor.Redact(arguments)).TrimEnd(' ');
    }

    private IsolationGlance Isolation(HostProcess process)
    {
        var own = new bool?[NamespaceId.Kinds.Count];
        for (var kind = 0; kind < own.Length; kind++)
        {
            var inode = process.Namespace((NamespaceKind)kind);
            own[kind] = inode != 0 ? inode != containers.HostNamespaces[kind] : process.Namespaces.Count > 0 ? false : null;
        }

        // Everybody may see the list of pids.
        own[(int)NamespaceKind.Pid] ??= process.Glance.PidNamespaces > 1;
        return new IsolationGlance
        {
            OwnNamespaces = own,
            Seccomp = process.Glance.SeccompMode is { } mode ? mode != 0 : null,
            Label = Label(),
            NoNewPrivileges = process.Glance.NoNewPrivileges,
            Capabilities = Reach(new CapabilitySet(process.Glance.CapBounding)),
        };
    }

    /// <summary>The kernel answers EINVAL for every process where no security module keeps labels: it is asked once then.</summary>
    private string? Label()
    {
        if (!hasLabels)
            return null;
        var label = walk.Read("attr/current"u8, out var errno).Trim("\n\0 "u8);
        hasLabels = errno is not (Errno.EINVAL or Errno.EOPNOTSUPP);
        return label.IsEmpty ? null : System.Text.Encoding.UTF8.GetString(label);
    }

    private CapabilityReach Reach(CapabilitySet bounding) =>
        bounding.IsEmpty ? CapabilityReach.None
        : (bounding - CapabilityMeanings.DockerDefault).IsEmpty ? CapabilityReach.Default
        : (all - bounding).IsEmpty ? CapabilityReach.All : CapabilityReach.More;

    private CapabilitySet AllCapabilities()
    {
        var last = proc.SystemText("sys/kernel/cap_last_cap")?.TrimEnd('\n');
        return byte.TryParse(last, System.Globalization.CultureInfo.InvariantCulture, out var number) && number < 64 ? CapabilitySet.UpTo((Capability)number) : CapabilitySet.AllNamed;
    }

    private IReadOnlyList<IdRange> Map(HostProcess process)
    {
        var inode = process.Namespace(NamespaceKind.User);
        if (inode != 0 && maps.TryGetValue(inode, out var known))
            return known;
        var map = IdRange.Parse(walk.Read("uid_map"u8, out _));
        if (inode != 0)
            maps[inode] = map;
        return map;
    }

    /// <summary>Root is root everywhere; for others the container's own file is read, once.</summary>
    private string UserName(HostContainer container, HostProcess process, uint uid)
    {
        if (uid == 0)
            return "root";
        if (!users.TryGetValue(container.Pid, out var names))
        {
            using var root = new StoreFiles(proc.PathOf(process.Pid, "root"));
            users[container.Pid] = names = UserNames.Read(root);
        }

        return names.Of(uid);
    }
}
