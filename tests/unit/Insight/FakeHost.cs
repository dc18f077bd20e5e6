using Vitrine.Insight;
using Vitrine.Insight.ByHand;
using Vitrine.Insight.Networks;
using Vitrine.Tests.Unit.Linux.Proc;

namespace Vitrine.Tests.Unit.Insight;

/// <summary>One process of a <see cref="FakeHost"/>; what is not set is as on the host.</summary>
internal sealed record FakeProcess
{
    public required int Pid { get; init; }
    public int Parent { get; init; } = 1;
    public string Command { get; init; } = "sleep";
    public string[] Arguments { get; init; } = ["sleep", "1000"];
    public string[] Environment { get; init; } = ["PATH=/bin"];

    /// <summary>Pids from the host's down to the process's own.</summary>
    public int[] NamespacePids { get; init; } = [];

    /// <summary>Inodes by the kernel's names; the host's where not named.</summary>
    public Dictionary<string, ulong> Namespaces { get; init; } = [];

    public string Cgroup { get; init; } = "0::/init.scope\n";
    public uint Uid { get; init; }
    public ulong Capabilities { get; init; } = FakeHost.AllCapabilities;
    public int Seccomp { get; init; }
    public bool NoNewPrivileges { get; init; }
    public string Mounts { get; init; } = FakeHost.HostMounts;
    public string UidMap { get; init; } = "0 0 4294967295\n";
    public string Root { get; init; } = "/";
    public char State { get; init; } = 'S';
}

/// <summary>A host as a tree of plain files: /proc with pid 1 and whatever is added, cgroup mounts as told.</summary>
internal sealed class FakeHost : IDisposable
{
    public const ulong AllCapabilities = 0x1ffffffffff;
    public const ulong DockerCapabilities = 0xa80425fb;

    public const string HostMounts = """
        22 27 0:21 / /proc rw,relatime - proc proc rw
        23 27 0:22 / /sys rw,relatime - sysfs sysfs rw
        24 27 0:6 / /dev rw,relatime - devtmpfs devtmpfs rw
        26 24 0:24 / /dev/pts rw,relatime - devpts devpts rw
        27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
        30 27 0:27 / /run rw,nosuid - tmpfs tmpfs rw

        """;

    public const string UnifiedMounts = HostMounts + "41 23 0:38 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw\n";

    private static readonly string[] Kinds = ["user", "pid", "mnt", "net", "uts", "ipc", "cgroup", "time"];

    private readonly FakeProc files = new();

    /// <summary>What netlink says of any process.</summary>
    public IReadOnlyList<NetworkPair> Pairs { get; set; } = [];

    /// <summary>The kernel's log.</summary>
    public IReadOnlyList<string> Records { get; set; } = [];

    /// <summary>What nftables publishes.</summary>
    public IReadOnlyList<PublishedPort> Ports { get; set; } = [];

    public FakeHost(string readerMounts = UnifiedMounts)
    {
        files.Write("self/mountinfo", readerMounts);
        files.Write("self/status", "Name:\treader\nPid:\t900\nCapBnd:\t000001ffffffffff\n");
        files.Write("sys/kernel/random/boot_id", "00010203-0405-0607-0809-0a0b0c0d0e0f\n");
        Add(new FakeProcess { Pid = 1, Parent = 0, Command = "systemd", Arguments = ["/sbin/init"] });
    }

    public string Root => files.Beside("").TrimEnd('/');

    /// <summary>What it takes to make a process's container by hand.</summary>
    public HandPlan Plan(int pid, ContainerHints? hints = null, bool reveal = false) =>
        new HandPlanner(Options with { RevealSecrets = reveal }).Plan(new ExplainTarget { Pid = pid, Hints = hints });

    public ExplainOptions Options => new() { HostRoot = Root, LayerBudget = TimeSpan.FromSeconds(10), NetworkPairs = _ => Pairs, HostNames = _ => ("web", "(none)"), KernelRecords = () => Records, PublishedPorts = () => Ports };

    public ContainerExplanation Explain(int pid, ContainerHints? hints = null, bool reveal = false) =>
        new Explainer(Options with { RevealSecrets = reveal }).Explain(new ExplainTarget { Pid = pid, Hints = hints });

    /// <summary>A file of the host outside /proc, by its absolute path.</summary>
    public FakeHost File(string path, string content)
    {
        files.WriteBeside(path.TrimStart('/'), content);
        return this;
    }

    public FakeHost Proc(string path, string content)
    {
        files.Write(path, content);
        return this;
    }

    public FakeHost Fd(int pid, int number, string target)
    {
        files.Link($"{pid}/fd/{number}", target);
        return this;
    }

    public FakeHost Exe(int pid, string target)
    {
        files.Link($"{pid}/exe", target);
        return this;
    }

    public FakeHost Add(FakeProcess process)
    {
        var pid = process.Pid;
        var pids = process.NamespacePids.Length > 0 ? process.NamespacePids : [pid];
        files.Write($"{pid}/stat", $"{pid} ({process.Command}) {process.State} {process.Parent} {pid} {pid} 0 -1 0 0 0 0 0 5 2 0 0 20 0 1 0 {pid * 10} 4096000 250 0\n");
        files.Write($"{pid}/status", $"""
            Name:	{process.Command}
            State:	{process.State} (sleeping)
            Tgid:	{pid}
            Pid:	{pid}
            PPid:	{process.Parent}
            Uid:	{process.Uid}	{process.Uid}	{process.Uid}	{process.Uid}
            Gid:	{process.Uid}	{process.Uid}	{process.Uid}	{process.Uid}
            Groups:	 
            NSpid:	{string.Join('\t', pids)}
            VmRSS:	    1024 kB
            Threads:	1
            CapInh:	0000000000000000
            CapPrm:	{process.Capabilities:x16}
            CapEff:	{process.Capabilities:x16}
            CapBnd:	{process.Capabilities:x16}
            CapAmb:	0000000000000000
            NoNewPrivs:	{(process.NoNewPrivileges ? 1 : 0)}
            Seccomp:	{process.Seccomp}
            Seccomp_filters:	{(process.Seccomp == 2 ? 1 : 0)}

            """);
        files.Write($"{pid}/cmdline", string.Concat(process.Arguments.Select(argument => argument + "\0")));
        files.Write($"{pid}/environ", string.Concat(process.Environment.Select(entry => entry + "\0")));
        files.Write($"{pid}/cgroup", process.Cgroup);
        files.Write($"{pid}/mountinfo", process.Mounts);
        files.Write($"{pid}/uid_map", process.UidMap);
        files.Write($"{pid}/gid_map", process.UidMap);
        files.Write($"{pid}/limits", "Limit                     Soft Limit           Hard Limit           Units     \n"
            + "Max open files            1024                 1048576              files     \n");
        files.Link($"{pid}/root", process.Root);
        for (var i = 0; i < Kinds.Length; i++)
            files.Link($"{pid}/ns/{Kinds[i]}", $"{Kinds[i]}:[{process.Namespaces.GetValueOrDefault(Kinds[i], 4026531830 + (ulong)i)}]");
        return this;
    }

    public void Dispose() => files.Dispose();
}
