using Vitrine.Linux;

namespace Vitrine.Tests.Unit.Insight.Audit;

/// <summary>For each rule a configuration that it must catch, what else speaks then, and where it matters a near one that it must pass.</summary>
internal sealed record RuleCase(string Id, Func<AuditedHost, AuditedHost> Weaken)
{
    /// <summary>Rules that have to speak beside it.</summary>
    public string[] Also { get; init; } = [];

    /// <summary>A configuration that is near, and well; the hardened one where null.</summary>
    public Func<AuditedHost, AuditedHost>? Mend { get; init; }
}

internal static class RuleCases
{
    private const string ProcSysWritable = "510 501 0:61 /sys /proc/sys rw,nosuid - proc proc rw\n";

    private static readonly string[] Hardened =
        ["--icc=false", "--userns-remap=default", "--no-new-privileges", "--log-opt=max-size=10m", "--userland-proxy=false", "--live-restore"];

    public static IReadOnlyList<RuleCase> All { get; } =
    [
        new("VA001", host => host with { Process = host.Process with { Uid = 0, Capabilities = FakeHost.AllCapabilities } }) { Also = ["VA044"] },
        Held("VA010", Capability.CAP_SYS_ADMIN),
        Held("VA011", Capability.CAP_SYS_MODULE),
        Held("VA012", Capability.CAP_SYS_RAWIO),
        Held("VA013", Capability.CAP_SYS_PTRACE),
        Held("VA014", Capability.CAP_DAC_READ_SEARCH),
        Held("VA015", Capability.CAP_BPF),
        Held("VA016", Capability.CAP_PERFMON),
        Held("VA017", Capability.CAP_SYS_BOOT),
        Held("VA018", Capability.CAP_NET_ADMIN),
        Held("VA019", Capability.CAP_NET_RAW),
        Held("VA020", Capability.CAP_MKNOD),
        Held("VA021", Capability.CAP_SYSLOG),
        Held("VA022", Capability.CAP_SYS_TIME),
        Held("VA023", Capability.CAP_SYS_RESOURCE),
        Held("VA024", Capability.CAP_MAC_ADMIN),
        Held("VA025", Capability.CAP_MAC_OVERRIDE),
        Held("VA026", Capability.CAP_AUDIT_CONTROL),
        Held("VA027", Capability.CAP_CHECKPOINT_RESTORE),
        Held("VA028", Capability.CAP_SYS_NICE),
        Held("VA029", Capability.CAP_LINUX_IMMUTABLE),
        Held("VA030", Capability.CAP_IPC_LOCK),
        Held("VA031", Capability.CAP_AUDIT_READ),
        new("VA040", host => host.Sharing("pid")),
        new("VA041", host => host.Sharing("net")),
        new("VA042", host => host.Sharing("ipc")),
        new("VA043", host => host.Sharing("uts")),
        new("VA044", host => host.AsRoot()) { Mend = host => host.AsRoot().InUserNamespace() },
        new("VA045", host => host.Sharing("cgroup")),
        new("VA046", host => host.Sharing("mnt")),
        new("VA047", host => host with { Others = [new FakeProcess { Pid = 5000, Command = "sidecar", Cgroup = $"0::/docker/{new string('a', 64)}\n", Namespaces = new() { ["net"] = 4026532503 } }] })
        {
            Mend = host => host with { Others = [new FakeProcess { Pid = 5000, Command = "sidecar", Cgroup = $"0::/docker/{new string('a', 64)}\n", Namespaces = new() { ["net"] = 4026532599 } }] },
        },
        new("VA050", host => host with { Process = host.Process with { NoNewPrivileges = false } }),
        new("VA051", host => host with { Process = host.Process with { Seccomp = 0 } }),
        new("VA052", host => host with { Seccomp = """ "seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["reboot","kexec_load","kexec_file_load","mount"],"action":"SCMP_ACT_ERRNO"}]} """ }),
        new("VA053", host => host with { Label = "unconfined\n" }),
        new("VA054", host => (host with { SetuidPrograms = ["/bin/su"], Process = host.Process with { NoNewPrivileges = false } }).WithInside("/bin/su", AuditedHost.Status(FileKind.Regular, 0x9ed)))
        {
            Also = ["VA050"],
            // A layer above has replaced it.
            Mend = host => (host with { SetuidPrograms = ["/bin/su"], Process = host.Process with { NoNewPrivileges = false } }).WithInside("/bin/su", AuditedHost.Status(FileKind.Regular, 0x1ed)),
        },
        new("VA055", host => host with { Process = host.Process with { Mounts = AuditedHost.Root.Replace(" ro,", " rw,", StringComparison.Ordinal) + AuditedHost.ProcAndSys } }),
        new("VA056", host => host with { Process = host.Process with { Root = "/srv/jail", Capabilities = 1ul << 18 } }) { Mend = host => host with { Process = host.Process with { Root = "/srv/jail" } } },
        new("VA060", host => host.WithMounts("513 500 0:27 /docker.sock /var/run/docker.sock rw,nosuid - tmpfs tmpfs rw\n"))
        {
            Mend = host => host.WithMounts("513 500 254:0 /srv/app.sock /app.sock rw - ext4 /dev/vda rw\n"),
        },
        new("VA061", host => host.WithMounts("513 500 254:0 / /host rw - ext4 /dev/vda rw\n")) { Mend = host => host.WithMounts("513 500 254:0 /srv/data /data rw - ext4 /dev/vda rw\n") },
        new("VA062", host => host.WithMounts("513 500 254:0 /etc /host-etc rw - ext4 /dev/vda rw\n")) { Mend = host => host.WithMounts("513 500 254:0 /etc/localtime /etc/localtime rw - ext4 /dev/vda rw\n") },
        new("VA063", host => host.WithMounts("513 500 254:0 /root /keys ro - ext4 /dev/vda rw\n")) { Mend = host => host.WithMounts("513 500 254:0 /rootless /keys ro - ext4 /dev/vda rw\n") },
        new("VA064", host => host.AsRoot().WithMounts(ProcSysWritable)) { Also = ["VA044"], Mend = host => host.AsRoot() },
        new("VA065", host => host.AsRoot().WithMounts("510 500 0:66 / /sys rw,nosuid - sysfs sysfs rw\n")) { Also = ["VA044"], Mend = host => host.AsRoot() },
        new("VA066", host => host.AsRoot().WithMounts("510 508 0:67 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup rw\n")) { Also = ["VA044"], Mend = host => host.AsRoot() },
        new("VA067", host => host with { Process = host.Process with { Mounts = host.Process.Mounts.Replace("504 501 0:62 / /proc/acpi ro,relatime - tmpfs tmpfs ro,size=0k\n", "", StringComparison.Ordinal) } }),
        new("VA068", host => host.WithMounts("513 500 254:0 /srv/data /data rw shared:9 - ext4 /dev/vda rw\n")) { Mend = host => host.WithMounts("513 500 254:0 /srv/data /data rw master:9 - ext4 /dev/vda rw\n") },
        new("VA069", host => host.WithMounts("513 500 0:6 / /host/dev rw - devtmpfs devtmpfs rw\n")),
        new("VA070", host => host.WithMounts("513 508 0:7 / /sys/kernel/debug rw - debugfs debugfs rw\n")),
        new("VA075", host => host with { Devices = """{"allow":true,"access":"rwm"}""" }),
        Device("VA076", 'b', 8, 0),
        Device("VA077", 'c', 1, 1),
        Device("VA078", 'c', 10, 232),
        new("VA080", host => host with { Process = host.Process with { Cgroup = "0::/\n" } }),
        new("VA081", host => host.WithLimit("memory.max", "max\n")),
        new("VA082", host => host.WithLimit("pids.max", "max\n")),
        new("VA083", host => host.WithLimit("cpu.max", "max 100000\n")),
        new("VA084", OnV1("oom_kill_disable 1\nunder_oom 0\noom_kill 0\n")) { Also = ["VA219"], Mend = OnV1("oom_kill_disable 0\nunder_oom 0\noom_kill 0\n") },
        new("VA085", host => host with { HostConfig = """{"LogConfig":{"Type":"json-file","Config":{}}}""" }) { Mend = host => host with { HostConfig = """{"LogConfig":{"Type":"local","Config":{}}}""" } },
        new("VA090", host => host with { Process = host.Process with { Environment = ["PATH=/bin", "DB_PASSWORD=correct horse battery"] } }) { Mend = host => host with { Process = host.Process with { Environment = ["PATH=/bin", "DB_PASSWORD_FILE=/run/secrets/db"] } } },
        new("VA091", host => host with { Process = host.Process with { Arguments = ["psql", "--password=hunter22"] } }) { Mend = host => host with { Process = host.Process with { Arguments = ["psql", "--port=5432"] } } },
        new("VA095", host => host with { HostConfig = """{"PortBindings":{"80/tcp":[{"HostIp":"","HostPort":"8080"}]}}""" }),
        new("VA096", host => host with { Process = host.Process with { Arguments = ["/usr/sbin/sshd", "-D"] } }) { Mend = host => host with { Process = host.Process with { Arguments = ["sshd-exporter"] } } },
        new("VA100", host => host with { Config = """{"Config":{"Image":"registry:5000/nginx:latest","Healthcheck":{"Test":["CMD","true"]}}}""" })
        {
            Mend = host => host with { Config = """{"Config":{"Image":"registry:5000/nginx@sha256:aa","Healthcheck":{"Test":["CMD","true"]}}}""" },
        },
        new("VA101", host => host with { ImageCreated = AuditedHost.Now.AddDays(-200) }) { Mend = host => host with { ImageCreated = DateTimeOffset.UnixEpoch } },
        new("VA102", host => host with { Config = """{"Config":{"Image":"nginx:1.27","Healthcheck":{"Test":["NONE"]}}}""" }),
        new("VA103", host => host with { HostConfig = """{"RestartPolicy":{"Name":"always"}}""" }),

        new("VA200", host => host.With("kernel/osrelease", "5.15.20")) { Mend = host => host.With("kernel/osrelease", "6.6.138") },
        new("VA201", host => Runc(host, "1.1.11")) { Mend = host => Runc(host, "1.3.6") },
        new("VA202", host => host.With("user/max_user_namespaces", "31000")),
        new("VA203", host => host.With("kernel/kptr_restrict", "0")),
        new("VA204", host => host.With("kernel/dmesg_restrict", "0")),
        new("VA205", host => host.With("kernel/yama/ptrace_scope", "0")),
        new("VA206", host => host.With("kernel/core_pattern", "|/var/lib/docker/overlay2/abc/diff/x")) { Mend = host => host.With("kernel/core_pattern", "/var/crash/core.%p") },
        new("VA207", host => host.With("kernel/modules_disabled", "0")),
        new("VA208", host => host.With("kernel/unprivileged_bpf_disabled", "0")),
        new("VA209", host => host.With("kernel/io_uring_disabled", "0")),
        new("VA210", host => host.With("kernel/kexec_load_disabled", "0")),
        new("VA211", host => host.With("kernel/sysrq", "1")) { Mend = host => host.With("kernel/sysrq", "438") },
        new("VA212", host => host.With("kernel/perf_event_paranoid", "1")),
        new("VA213", host => host.With("fs/protected_symlinks", "0")),
        new("VA214", host => host.With("kernel/randomize_va_space", "0")),
        new("VA215", host => host.With("fs/suid_dumpable", "1")),
        new("VA216", host => host.With("meltdown", "Vulnerable\n")),
        new("VA217", host => host.With("lsm", "capability,yama")),
        new("VA218", host => host.With("vm/unprivileged_userfaultfd", "1")),
        new("VA219", host => host with { ReaderMounts = FakeHost.UnifiedMounts + "42 23 0:39 / /sys/fs/cgroup/devices rw - cgroup cgroup rw,devices\n" }),
        Daemon("VA230", ["-H", "tcp://0.0.0.0:2375"], ["-H", "tcp://0.0.0.0:2376", "--tlsverify"]),
        new("VA231", host => host.WithStat("/run/docker.sock", AuditedHost.Status(FileKind.Socket, 0x1b6))) { Mend = host => host.WithStat("/run/docker.sock", AuditedHost.Status(FileKind.Socket, 0x1b0)) },
        new("VA232", host => host.WithFile("/etc/group", "docker:x:998:alice,bob\n").WithStat("/run/docker.sock", AuditedHost.Status(FileKind.Socket, 0x1b0, gid: 998)))
        {
            Mend = host => host.WithFile("/etc/group", "docker:x:998:\n").WithStat("/run/docker.sock", AuditedHost.Status(FileKind.Socket, 0x1b0, gid: 998)),
        },
        Daemon("VA233", ["--icc=true"], ["--icc=false"]),
        Daemon("VA234", [], ["--userns-remap=default"]),
        Daemon("VA235", [], ["--no-new-privileges"]),
        Daemon("VA236", [], ["--log-opt=max-size=10m"]),
        Daemon("VA237", ["--insecure-registry=registry:5000"], []),
        Daemon("VA238", [], ["--userland-proxy=false"]),
        Daemon("VA239", ["--experimental"], []),
        Daemon("VA240", ["--seccomp-profile=unconfined"], ["--seccomp-profile=/etc/docker/seccomp.json"]),
        Daemon("VA241", [], ["--live-restore"]),
        new("VA242", host => host.WithStat("/etc/docker/daemon.json", AuditedHost.Status(FileKind.Regular, 0x1b6))) { Mend = host => host.WithStat("/etc/docker/daemon.json", AuditedHost.Status(FileKind.Regular, 0x1a4)) },
        new("VA243", host => host.WithStat("/var/lib/docker", AuditedHost.Status(FileKind.Directory, 0x1e9))) { Mend = host => host.WithStat("/var/lib/docker", AuditedHost.Status(FileKind.Directory, 0x1c8)) },
        new("VA244", host => Kubelet(host, "--anonymous-auth=true")) { Mend = host => Kubelet(host, "--anonymous-auth=false") },
    ];

    /// <summary>The container in a user namespace of its own.</summary>
    public static AuditedHost InUserNamespace(this AuditedHost host) => host with
    {
        Process = host.Process with { UidMap = "0 100000 65536\n", Uid = 100000, Namespaces = new Dictionary<string, ulong>(host.Process.Namespaces) { ["user"] = 4026532777 } },
    };

    private static RuleCase Held(string id, Capability capability) => new(id, host => host.WithCapability(capability));

    private static RuleCase Device(string id, char type, int major, int minor) =>
        new(id, host => host with { Devices = $$"""{{AuditedHost.UsualDevices}},{"allow":true,"type":"{{type}}","major":{{major}},"minor":{{minor}},"access":"rw"}""" });

    private static RuleCase Daemon(string id, string[] weak, string[] well) => new(id, host => host.WithDaemon([.. Hardened.Except(well), .. weak]))
    {
        Mend = host => host.WithDaemon([.. Hardened.Except(well), .. well]),
    };

    private static AuditedHost Runc(AuditedHost host, string version) => host
        .WithFile("/usr/bin/runc", "")
        .WithFile("/var/lib/dpkg/status", $"Package: runc\nStatus: install ok installed\nVersion: {version}\n\n")
        .WithFile("/usr/share/doc/runc/README", "");

    private static AuditedHost Kubelet(AuditedHost host, string argument) =>
        host with { Others = [new FakeProcess { Pid = 620, Command = "kubelet", Arguments = ["kubelet", argument] }] };

    private static Func<AuditedHost, AuditedHost> OnV1(string oomControl) => host => (host with
    {
        ReaderMounts = FakeHost.HostMounts + "42 23 0:39 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
        Process = host.Process with { Cgroup = $"5:memory:/docker/{AuditedHost.Id}\n" },
    }).WithLimit($"/sys/fs/cgroup/memory/docker/{AuditedHost.Id}/memory.limit_in_bytes", "536870912\n")
      .WithLimit($"/sys/fs/cgroup/memory/docker/{AuditedHost.Id}/memory.usage_in_bytes", "1\n")
      .WithLimit($"/sys/fs/cgroup/memory/docker/{AuditedHost.Id}/memory.stat", "hierarchical_memory_limit 536870912\n")
      .WithLimit($"/sys/fs/cgroup/memory/docker/{AuditedHost.Id}/memory.oom_control", oomControl);
}
