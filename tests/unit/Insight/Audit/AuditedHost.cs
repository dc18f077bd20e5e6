using Vitrine.Insight;
using Vitrine.Insight.Audit;
using Vitrine.Insight.Host;
using Vitrine.Linux;

namespace Vitrine.Tests.Unit.Insight.Audit;

/// <summary>
/// A host on which nothing is to be found: a hardened kernel, and one container of docker's with every wall up. Tests take one wall
/// down, and see that the rule for it speaks.
/// </summary>
internal sealed record AuditedHost
{
    public const int Pid = 4711;
    public const string Id = "3f2a9c0d1e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddeef";

    public const string Cgroup = $"/sys/fs/cgroup/docker/{Id}";
    public const string SpecPath = $"/run/containerd/io.containerd.runtime.v2.task/moby/{Id}/config.json";
    public const string DockerDirectory = $"/var/lib/docker/containers/{Id}";
    public const string DaemonJson = "/etc/docker/daemon.json";

    public const string Root = "500 400 0:60 / / ro,relatime - overlay overlay rw,lowerdir=/layers/base,upperdir=/layers/top,workdir=/layers/work\n";

    public const string ProcAndSys = """
        501 500 0:61 / /proc rw,nosuid,nodev,noexec - proc proc rw
        502 501 0:61 /sys /proc/sys ro,nosuid,nodev,noexec - proc proc rw
        503 501 0:61 /sysrq-trigger /proc/sysrq-trigger ro,nosuid,nodev,noexec - proc proc rw
        504 501 0:62 / /proc/acpi ro,relatime - tmpfs tmpfs ro,size=0k
        505 500 0:63 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755
        508 500 0:66 / /sys ro,nosuid,nodev,noexec - sysfs sysfs ro
        509 508 0:67 / /sys/fs/cgroup ro,nosuid,nodev,noexec - cgroup2 cgroup rw

        """;

    private const string Rules = """
        "seccomp":{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read","write","openat","execve","exit_group"],"action":"SCMP_ACT_ALLOW"}]}
        """;

    public const string UsualDevices = """{"allow":false,"access":"rwm"},{"allow":true,"type":"c","major":1,"minor":3,"access":"rwm"},{"allow":true,"type":"c","major":136,"access":"rwm"}""";

    private static readonly Dictionary<string, ulong> OwnNamespaces = new()
    {
        ["pid"] = 4026532501, ["mnt"] = 4026532502, ["net"] = 4026532503, ["uts"] = 4026532504, ["ipc"] = 4026532505, ["cgroup"] = 4026532506,
    };

    public string ReaderMounts { get; init; } = FakeHost.UnifiedMounts;

    public FakeProcess Process { get; init; } = new()
    {
        Pid = Pid,
        Parent = 600,
        Command = "nginx",
        Arguments = ["nginx"],
        NamespacePids = [Pid, 1],
        Namespaces = OwnNamespaces,
        Cgroup = $"0::/docker/{Id}\n",
        Uid = 1000,
        Capabilities = 0,
        Seccomp = 2,
        NoNewPrivileges = true,
        Mounts = Root + ProcAndSys,
    };

    /// <summary>The bounding set alone, where it is to be more than <see cref="FakeProcess.Capabilities"/>.</summary>
    public ulong? Bounding { get; init; }

    public string Label { get; init; } = "docker-default (enforce)\n";
    public string Devices { get; init; } = UsualDevices;
    public string Seccomp { get; init; } = Rules;
    public string Config { get; init; } = """{"Config":{"Image":"nginx:1.27","Healthcheck":{"Test":["CMD","true"]}},"Image":"sha256:aa"}""";
    public string HostConfig { get; init; } = """{"LogConfig":{"Type":"json-file","Config":{"max-size":"10m"}},"RestartPolicy":{"Name":"on-failure"},"PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"}]}}""";
    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];
    public DateTimeOffset? ImageCreated { get; init; } = Now.AddDays(-10);

    /// <summary>The OCI runtime of the container's engine.</summary>
    public string? Runtime { get; init; }

    public IReadOnlyList<FakeProcess> Others { get; init; } = [];

    /// <summary>Files of the host by path.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Changelogs { get; init; } = new Dictionary<string, string>();

    /// <summary>What files of the host are.</summary>
    public IReadOnlyDictionary<string, FileStatus> Stats { get; init; } = new Dictionary<string, FileStatus>();

    /// <summary>What files of the container are.</summary>
    public IReadOnlyDictionary<string, FileStatus> Inside { get; init; } = new Dictionary<string, FileStatus>();

    /// <summary>Set-user-id programs in the lowest layer.</summary>
    public IReadOnlyList<string> SetuidPrograms { get; init; } = [];

    public IReadOnlyDictionary<string, string> Limits { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();

    public static DateTimeOffset Now => new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public static FileStatus Status(FileKind kind, uint mode, uint uid = 0, uint gid = 0) => new() { Mode = (uint)kind | mode, Uid = uid, Gid = gid };

    /// <summary>The host with one more setting of the kernel.</summary>
    public AuditedHost With(string sysctl, string value) => this with { Sysctls = new Dictionary<string, string>(Sysctls) { [sysctl] = value } };

    public AuditedHost WithLimit(string file, string value) => this with { Limits = new Dictionary<string, string>(Limits) { [file] = value } };

    public AuditedHost WithFile(string path, string content) => this with { Files = new Dictionary<string, string>(Files) { [path] = content } };

    /// <summary>A change log of a Debian package; without a flaw in it, the package is known not to have repaired that.</summary>
    public AuditedHost WithChangelog(string package, string text = "first release") => this with { Changelogs = new Dictionary<string, string>(Changelogs) { [package] = text } };

    public AuditedHost WithStat(string path, FileStatus status) => this with { Stats = new Dictionary<string, FileStatus>(Stats) { [path] = status } };

    public AuditedHost WithInside(string path, FileStatus status) => this with { Inside = new Dictionary<string, FileStatus>(Inside) { [path] = status } };

    public AuditedHost WithMounts(string more) => this with { Process = Process with { Mounts = Process.Mounts + more } };

    public AuditedHost WithDaemon(params string[] arguments) =>
        this with { Others = [.. Others, new FakeProcess { Pid = 610, Command = "dockerd", Arguments = ["dockerd", .. arguments] }] };

    /// <summary>Root, with capabilities by bit.</summary>
    public AuditedHost AsRoot(params ReadOnlySpan<Capability> capabilities) =>
        this with { Process = Process with { Uid = 0, Capabilities = CapabilitySet.Of(capabilities).Bits } };

    public AuditedHost WithCapability(Capability capability) =>
        this with { Process = Process with { Capabilities = Process.Capabilities | CapabilitySet.Of(capability).Bits } };

    public AuditedHost Sharing(string kind) =>
        this with { Process = Process with { Namespaces = new Dictionary<string, ulong>(Process.Namespaces.Where(entry => entry.Key != kind)) } };

    /// <summary>Makes the files, and audits container and host.</summary>
    public AuditReport Audit(AuditOptions? options = null)
    {
        using var host = new FakeHost(ReaderMounts);
        Write(host);
        var ports = Ports;
        options = (options ?? new AuditOptions()) with
        {
            HostRoot = host.Root,
            Time = new FixedTime(),
            AskVersion = _ => null,
            Changelog = path => Changelogs.GetValueOrDefault(path.Split('/')[^2]),
            Stat = path => Stats.TryGetValue(path, out var status) ? status : null,
            Files = pid => new KnownFiles(pid, Inside),
            Explain = host.Options with { PublishedPorts = () => ports },
        };
        var world = HostContainers.Read(new HostOptions { HostRoot = host.Root });
        var target = new ExplainTarget { Pid = Pid, Hints = new ContainerHints { Name = "web", Id = Id, Engine = "docker", ImageCreated = ImageCreated, Runtime = Runtime } };
        return new Auditor(options).Audit(world, new AuditRequest { Containers = [target], Host = true });
    }

    /// <summary>Ids of the rules that spoke, each once.</summary>
    public IReadOnlyList<string> Found() =>
        [.. Audit().Subjects.SelectMany(subject => subject.Findings).Select(finding => finding.Rule.Id).Distinct().Order(StringComparer.Ordinal)];

    private void Write(FakeHost host)
    {
        host.Add(new FakeProcess { Pid = 600, Command = "containerd-shim", Arguments = ["containerd-shim-runc-v2"] });
        host.Add(Process);
        foreach (var other in Others)
            host.Add(other);
        if (Bounding is { } bounding)
        {
            var status = $"{host.Root}/proc/{Pid}/status";
            host.Proc($"{Pid}/status", File.ReadAllText(status).Replace($"CapBnd:\t{Process.Capabilities:x16}", $"CapBnd:\t{bounding:x16}", StringComparison.Ordinal));
        }

        host.Proc($"{Pid}/attr/current", Label);
        host.Proc($"{Pid}/net/dev", "Inter-|\n face |\n  eth0: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n");
        host.Proc($"{Pid}/net/fib_trie", "Local:\n  |-- 172.17.0.2\n     /32 host LOCAL\n");
        WriteLimits(host);
        WriteKernel(host);
        host.File(SpecPath, $$$"""{"ociVersion":"1.2.0","linux":{"resources":{"devices":[{{{Devices}}}]},{{{Seccomp}}}}}""");
        host.File($"{DockerDirectory}/config.v2.json", Config);
        host.File($"{DockerDirectory}/hostconfig.json", HostConfig);
        foreach (var (path, content) in Files)
            host.File(path, content);
        WriteLayers(host);
    }

    private void WriteLimits(FakeHost host)
    {
        host.File("/sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids\n");
        foreach (var (file, value) in new Dictionary<string, string>
        {
            ["cgroup.controllers"] = "cpu memory pids\n", ["memory.max"] = "536870912\n", ["memory.current"] = "1\n", ["memory.stat"] = "inactive_file 0\n",
            ["memory.events"] = "oom_kill 0\n", ["cpu.max"] = "150000 100000\n", ["cpu.weight"] = "100\n", ["cpu.stat"] = "usage_usec 1\n", ["pids.max"] = "512\n", ["pids.current"] = "1\n",
        })
            host.File($"{Cgroup}/{file}", Limits.GetValueOrDefault(file, value));
        foreach (var (file, value) in Limits.Where(limit => limit.Key[0] == '/'))
            host.File(file, value);
    }

    private void WriteKernel(FakeHost host)
    {
        var settings = new Dictionary<string, string>
        {
            ["kernel/osrelease"] = "6.18.44", ["user/max_user_namespaces"] = "0", ["kernel/kptr_restrict"] = "1", ["kernel/dmesg_restrict"] = "1",
            ["kernel/yama/ptrace_scope"] = "1", ["kernel/core_pattern"] = "core", ["kernel/modules_disabled"] = "1", ["kernel/unprivileged_bpf_disabled"] = "1",
            ["kernel/io_uring_disabled"] = "2", ["kernel/kexec_load_disabled"] = "1", ["kernel/sysrq"] = "0", ["kernel/perf_event_paranoid"] = "2",
            ["fs/protected_symlinks"] = "1", ["fs/protected_hardlinks"] = "1", ["fs/protected_fifos"] = "1", ["fs/protected_regular"] = "1",
            ["kernel/randomize_va_space"] = "2", ["fs/suid_dumpable"] = "0", ["vm/unprivileged_userfaultfd"] = "0",
        };
        foreach (var (name, value) in settings)
            host.Proc($"sys/{name}", Sysctls.GetValueOrDefault(name, value) + "\n");
        host.Proc("version", "Linux version 6.18.44 (builder@host) (gcc) #1 SMP\n");
        host.File("/sys/kernel/security/lsm", Sysctls.GetValueOrDefault("lsm", "capability,apparmor,yama"));
        host.File("/sys/devices/system/cpu/vulnerabilities/meltdown", Sysctls.GetValueOrDefault("meltdown", "Mitigation: PTI\n"));
    }

    private void WriteLayers(FakeHost host)
    {
        host.File("/layers/top/etc/motd", "hello");
        host.File("/layers/base/bin/true", "program");
        foreach (var program in SetuidPrograms)
        {
            host.File($"/layers/base{program}", "program");
            File.SetUnixFileMode($"{host.Root}/layers/base{program}", UnixFileMode.SetUser | UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        }
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class KnownFiles(int pid, IReadOnlyDictionary<string, FileStatus> known) : ContainerFiles("/nowhere", pid)
    {
        public override FileStatus? Look(string path) => known.TryGetValue(path, out var status) ? status : null;
    }
}
