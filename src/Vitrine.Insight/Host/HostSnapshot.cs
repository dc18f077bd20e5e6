using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Host;

/// <summary>A process as one walk over /proc found it.</summary>
internal sealed record HostProcess
{
    public required int Pid { get; init; }
    public required int ParentPid { get; init; }
    public required string Command { get; init; }

    /// <summary>Inodes by <see cref="NamespaceKind"/>; empty where they are another user's secret.</summary>
    public required ulong[] Namespaces { get; init; }

    public required IReadOnlyList<CgroupMembership> Cgroups { get; init; }

    public ulong Namespace(NamespaceKind kind) => Namespaces.Length == 0 ? 0 : Namespaces[(int)kind];
}

/// <summary>
/// All processes of the host at about one moment: who is whose child, in which namespaces and cgroups. Kernel threads and
/// zombies are left out: nothing is shared with them.
/// </summary>
internal sealed class HostSnapshot
{
    private const int KernelThreadDaemon = 2;

    private readonly Dictionary<int, HostProcess> byPid = [];

    /// <summary>Processes in ascending order of pid.</summary>
    public IReadOnlyCollection<HostProcess> Processes => byPid.Values;

    /// <summary>
    /// The namespaces of the host: those of pid 1, or of this process where pid 1 may not be read. "Host" is what this
    /// reader's /proc says: in a container it is that container.
    /// </summary>
    public ulong[] HostNamespaces { get; private set; } = new ulong[NamespaceId.Kinds.Count];

    /// <summary>The directory in /proc that <see cref="HostNamespaces"/> was read from.</summary>
    public string HostNamespacesSource { get; private set; } = "";

    public HostProcess? Find(int pid) => byPid.GetValueOrDefault(pid);

    /// <summary>Walks /proc once. Processes that end meanwhile are left out.</summary>
    public static HostSnapshot Take(ProcFs proc)
    {
        var snapshot = new HostSnapshot();
        var cgroupTexts = new Dictionary<string, IReadOnlyList<CgroupMembership>>();
        foreach (var pid in proc.Processes())
        {
            if (Observe(proc, pid, cgroupTexts) is { } process)
                snapshot.byPid[pid] = process;
        }

        snapshot.FindHostNamespaces(proc);
        return snapshot;
    }

    private static HostProcess? Observe(ProcFs proc, int pid, Dictionary<string, IReadOnlyList<CgroupMembership>> cgroupTexts)
    {
        if (proc.Stat(pid) is not { IsDead: false } stat)
            return null;
        if (stat.ParentPid == KernelThreadDaemon || (pid == KernelThreadDaemon && stat.Command == "kthreadd"))
            return null;
        var namespaces = new ulong[NamespaceId.Kinds.Count];
        return new HostProcess
        {
            Pid = pid,
            ParentPid = stat.ParentPid,
            Command = stat.Command,
            Namespaces = proc.TryNamespaces(pid, namespaces) ? namespaces : [],
            Cgroups = Cgroups(proc, pid, cgroupTexts),
        };
    }

    // Most processes are in one of few cgroups: each different text is parsed once.
    private static IReadOnlyList<CgroupMembership> Cgroups(
        ProcFs proc, int pid, Dictionary<string, IReadOnlyList<CgroupMembership>> texts)
    {
        if (proc.Text(pid, "cgroup") is not { } text)
            return [];
        if (!texts.TryGetValue(text, out var memberships))
            texts[text] = memberships = CgroupMembership.Parse(System.Text.Encoding.UTF8.GetBytes(text));
        return memberships;
    }

    private void FindHostNamespaces(ProcFs proc)
    {
        if (Find(1) is { Namespaces.Length: > 0 } first)
        {
            HostNamespaces = first.Namespaces;
            HostNamespacesSource = "/proc/1/ns";
            return;
        }

        HostNamespacesSource = "/proc/self/ns";
        _ = proc.TryNamespaces(Environment.ProcessId, HostNamespaces);
    }
}
