using Vitrine.Insight;
using Vitrine.Insight.Networks;
using Vitrine.Linux.Netlink;

namespace Vitrine.Tests.Unit.Insight;

/// <summary>
/// A hardened web server of an engine on cgroup v2, with one process that came in by exec: what the golden files show.
/// </summary>
internal static class SampleContainer
{
    public const int Pid = 4711;
    public const string Id = "3f2a9c0d1e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddeef";

    private const string Layers = "/var/lib/vitrine/layers";
    private const string Container = "/var/lib/vitrine/containers/web";

    private const string Mounts = $"""
        500 400 0:60 / / rw,relatime - overlay overlay rw,lowerdir={Layers}/bb/diff:{Layers}/aa/diff,upperdir={Container}/upper,workdir={Container}/work
        501 500 0:61 / /proc rw,nosuid,nodev,noexec - proc proc rw
        502 501 0:61 /sys /proc/sys ro,nosuid,nodev,noexec - proc proc rw
        503 501 0:62 / /proc/acpi ro,relatime - tmpfs tmpfs ro,size=0k
        504 501 0:63 /null /proc/kcore rw,nosuid - tmpfs tmpfs rw,mode=755
        505 500 0:63 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755
        506 505 0:64 / /dev/pts rw,nosuid,noexec - devpts devpts rw
        507 505 0:65 / /dev/shm rw,nosuid,nodev,noexec - tmpfs shm rw,size=65536k
        508 500 0:66 / /sys ro,nosuid,nodev,noexec - sysfs sysfs ro
        509 508 0:67 / /sys/fs/cgroup ro,nosuid,nodev,noexec - cgroup2 cgroup rw
        510 500 254:0 {Container}/hosts /etc/hosts rw,relatime - ext4 /dev/vda rw
        511 500 254:0 /srv/site /usr/share/nginx/html ro,relatime - ext4 /dev/vda rw
        512 500 254:0 /var/lib/vitrine/volumes/cache/_data /var/cache/nginx rw,relatime - ext4 /dev/vda rw
        513 500 0:27 /docker.sock /var/run/docker.sock rw,nosuid - tmpfs tmpfs rw

        """;

    private static readonly Dictionary<string, ulong> Namespaces = new()
    {
        ["pid"] = 4026532501, ["mnt"] = 4026532502, ["net"] = 4026532503, ["uts"] = 4026532504, ["ipc"] = 4026532505,
        ["cgroup"] = 4026532506, ["user"] = 4026532507,
    };

    public static ContainerHints Hints => new()
    {
        Engine = "vitrine",
        Id = Id,
        Name = "web",
        Image = "nginx:1.27",
        ExecRoot = "/run/vitrine",
        Layers =
        [
            new LayerHint { Directory = $"{Layers}/aa/diff", Digest = "sha256:aaaa1111bbbb2222", CreatedBy = "debootstrap bookworm", SizeBytes = 78 << 20 },
            new LayerHint { Directory = $"{Layers}/bb/diff", Digest = "sha256:bbbb3333cccc4444", CreatedBy = "RUN |1 NPM_TOKEN=npm-secret-1 /bin/sh -c apt-get install -y nginx" },
        ],
        Volumes = [new VolumeHint { Name = "cache", Directory = "/var/lib/vitrine/volumes/cache/_data" }],
        ImageEnvironment = ["NGINX_VERSION=1.27.0", "LICENSE_KEY=AB12-CD34-EF56"],
        FilesWithEnvironment = [$"{Container}/bundle/config.json"],
    };

    /// <summary>Hints with the path of a specification that is a real file beside the fake host.</summary>
    public static ContainerHints HintsWithSpec(FakeHost host) => Hints with { SpecPath = $"{host.Root}/config.json" };

    public static FakeHost Host()
    {
        var host = new FakeHost();
        var cgroup = $"0::/vitrine/{Id}\n";
        host.Add(new FakeProcess { Pid = 4700, Command = "vitrine-shim", Arguments = ["vitrine-shim", Id] });
        host.Add(Member(Pid, 4700, [Pid, 1], 100000, cgroup) with
        {
            Command = "nginx",
            Arguments = ["nginx: master process", "nginx", "-g", "daemon off;"],
            Environment =
            [
                "PATH=/usr/sbin:/usr/bin", "NGINX_VERSION=1.27.0", "LICENSE_KEY=AB12-CD34-EF56", "DB_PASSWORD=correct horse",
                "UPSTREAM=https://app:s3cr3t@api.example/v1", "TERM=\u001b]0;owned\u0007",
            ],
        });
        host.Add(Member(4720, Pid, [4720, 7], 100101, cgroup) with { Command = "nginx", Arguments = ["nginx: worker process"] });
        host.Add(Member(4800, 950, [4800, 12], 100000, cgroup) with { Command = "sh", Arguments = ["sh", "-c", "psql --password=hunter22"] });
        Network(host);
        Cgroup(host);
        Files(host);
        return host;
    }

    private static FakeProcess Member(int pid, int parent, int[] pids, uint uid, string cgroup) => new()
    {
        Pid = pid,
        Parent = parent,
        NamespacePids = pids,
        Namespaces = Namespaces,
        Cgroup = cgroup,
        Uid = uid,
        Capabilities = FakeHost.DockerCapabilities & ~(1ul << 13),
        Seccomp = 2,
        NoNewPrivileges = true,
        Mounts = Mounts,
        UidMap = "0 100000 65536\n",
    };

    private static void Network(FakeHost host)
    {
        host.Proc($"{Pid}/net/dev", """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo:     120       2    0    0    0     0          0         0      120       2    0    0    0     0       0          0
              eth0:  524288     700    0    0    0     0          0         0    90000     500    0    0    0     0       0          0

            """);
        host.Proc($"{Pid}/net/tcp", """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 7001 1 0 100 0 0 10 0
               1: 0203A8C0:0050 0103A8C0:D431 01 00000000:00000000 00:00000000 00000000     0        0 7002 1 0 100 0 0 10 0

            """);
        host.Proc($"{Pid}/net/tcp6", """
              sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 7003 1 0 100 0 0 10 0

            """);
        host.Proc($"{Pid}/net/fib_trie", "Local:\n  |-- 127.0.0.1\n     /32 host LOCAL\n  |-- 192.168.3.2\n     /32 host LOCAL\n");
        host.Proc($"{Pid}/net/if_inet6", "fe8000000000000000fc00fffe000001 04 40 20 80     eth0\n");
        host.Proc($"{Pid}/net/route", "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
            + "eth0\t00000000\t0103A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n");
        host.Fd(Pid, 6, "socket:[7001]");
        var inside = new LinkInfo(2, "eth0", "veth", "02:42:c0:a8:03:02", true, 0, 9, 1500);
        host.Pairs = [new NetworkPair(inside, new LinkInfo(9, "vt3f2a9c0d1e", "veth", "", true, 4, 2, 1500), "br-4af15683d0d6")];
        host.Ports =
        [
            PortMaps.Read(new NftMap("vitrine", "any4"), new NftElement("any4", [6, 0, 0, 0, 0x1f, 0x90, 0, 0], [192, 168, 3, 2, 0, 80, 0, 0]))!,
            PortMaps.Read(new NftMap("vitrine", "any4"), new NftElement("any4", [6, 0, 0, 0, 0x1f, 0x91, 0, 0], [192, 168, 3, 9, 0, 80, 0, 0]))!,
        ];
        host.File($"/run/vitrine/sandboxes/{Id}/state.json", """
            {"id":"3f2a","endpoints":[{"networkId":"n1","networkName":"front","interface":"eth0","ip":"192.168.3.2","hasNames":true,"links":{"db":"c2"}}]}
            """);
        host.File("/run/vitrine/leases/n1/192.168.3.2", """{"container":"3f2a","ip":"192.168.3.2","ip6":"","names":["web","3f2a9c0d1e4b"]}""");
        host.File("/run/vitrine/leases/n1/192.168.3.3", """{"container":"c2","ip":"192.168.3.3","ip6":"fd00::3","names":["store"]}""");
        host.File("/run/vitrine/leases/n1/fd00::3", """{"container":"c2","ip":"192.168.3.3","ip6":"fd00::3","names":["store"]}""");
    }

    private static void Cgroup(FakeHost host)
    {
        var directory = $"/sys/fs/cgroup/vitrine/{Id}";
        host.File("/sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids\n");
        host.File("/sys/fs/cgroup/vitrine/memory.max", "402653184\n");
        foreach (var (name, content) in new (string, string)[]
        {
            ("memory.max", "536870912\n"), ("memory.current", "104857600\n"), ("memory.peak", "157286400\n"), ("memory.swap.max", "0\n"),
            ("memory.low", "0\n"), ("memory.stat", "anon 50000000\ninactive_file 4194304\n"),
            ("memory.events", "low 0\nhigh 0\nmax 3\noom 1\noom_kill 1\n"), ("cpu.max", "150000 100000\n"), ("cpu.weight", "100\n"),
            ("cpu.stat", "usage_usec 12500000\nuser_usec 1\nsystem_usec 1\nnr_periods 100\nnr_throttled 25\nthrottled_usec 900000\n"),
            ("cpuset.cpus.effective", "0-1\n"), ("cpuset.mems.effective", "0\n"), ("pids.max", "2048\n"), ("pids.current", "3\n"),
            ("pids.events", "max 0\n"), ("io.max", "254:0 rbps=1048576 wbps=max riops=max wiops=100\n"), ("io.weight", "default 100\n"),
            ("io.stat", "254:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n"), ("cgroup.events", "populated 1\nfrozen 0\n"),
        })
            host.File($"{directory}/{name}", content);
    }

    private static void Files(FakeHost host)
    {
        host.File($"{Container}/upper/var/log/access.log", new string('x', 3000));
        host.File($"{Layers}/bb/diff/usr/sbin/nginx", new string('x', 1_500_000));
        host.File("/config.json", """
            {"ociVersion":"1.2.0","linux":{"resources":{"devices":[{"allow":false,"access":"rwm"},
             {"allow":true,"type":"c","major":1,"minor":3,"access":"rwm"},{"allow":true,"type":"c","major":136,"access":"rwm"}]},
             "seccomp":{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[
              {"names":["read","write","openat","execve","ptrace","kcmp"],"action":"SCMP_ACT_ALLOW"},
              {"names":["clone"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":2114060288,"op":"SCMP_CMP_MASKED_EQ"}]}]}}}
            """);
    }
}
