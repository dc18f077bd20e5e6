using Vitrine.Insight;
using Vitrine.Insight.Differences;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Differences;

public sealed class EngineDefaultTests
{
    private const int Pid = 4711;
    private const ulong FourteenOfDocker = FakeHost.DockerCapabilities;
    private const ulong Eleven = 0x800405fb;
    private const ulong NineOfCriO = 0x5fb;
    private const string Plain = "/dev rw,nosuid";
    private const string Podmans = "/dev rw,nosuid,noexec";

    private static readonly string[] Kinds = ["pid", "mnt", "net", "uts", "ipc", "cgroup"];

    [Theory]
    [InlineData("vitrine", Eleven, "2048", 2, false, Plain, "vitrine-default")]
    [InlineData("docker", FourteenOfDocker, "max", 2, false, Plain, "docker-default")]
    [InlineData("podman", Eleven, "2048", 2, false, Podmans, "containers-default-0.64.2")]
    [InlineData("podman", FourteenOfDocker, "2048", 2, false, Podmans, "containers-default-0.50.1")]
    [InlineData("containerd", FourteenOfDocker, "max", 0, true, Plain + ";/run rw,nosuid", null)]
    [InlineData("lxc", Eleven, "2048", 2, false, Plain, "vitrine-default")]
    [InlineData(null, Eleven, "2048", 2, false, Plain, "vitrine-default")]
    public void AsTheEngineMakesIt_NothingDiffers(string? engine, ulong capabilities, string pids, int seccomp, bool noNewPrivileges, string mounts, string? profile)
    {
        using var host = Host($"/{engine}/x", pids, "100", Container(capabilities, seccomp, noNewPrivileges, mounts));
        host.Proc($"{Pid}/attr/current", profile is null ? "unconfined\n" : $"{profile} (enforce)\n");
        var explanation = host.Explain(Pid, new ContainerHints { Engine = engine });

        Assert.Empty(Differences(explanation));
        Assert.Equal(engine is null or "lxc" ? ("vitrine", true) : (engine, false), (EngineDefault.Of(explanation).Engine, EngineDefault.Of(explanation).IsStandIn));
    }

    [Theory]
    [InlineData("containerd", FourteenOfDocker, 0, "/kubepods/besteffort/pod1/x", "cri-containerd.apparmor.d")]
    [InlineData("containerd", FourteenOfDocker, 0, "/k8s.io/x", "cri-containerd.apparmor.d")]
    [InlineData("cri-o", NineOfCriO, 2, "/kubepods/besteffort/pod1/x", "crio-default")]
    public void OfAPod_SharesWithItsSandbox(string engine, ulong capabilities, int seccomp, string path, string profile)
    {
        var process = Container(capabilities, seccomp, false, Plain + ";/dev/termination-log rw");
        using var host = Host(path, "max", "1", process);
        host.Add(process with
        {
            Pid = 4600, Command = "pause", Cgroup = "0::/kubepods/besteffort/pod1/pause\n",
            Namespaces = new() { ["net"] = process.Namespaces["net"], ["uts"] = process.Namespaces["uts"], ["ipc"] = process.Namespaces["ipc"] },
        });
        host.Proc($"{Pid}/attr/current", $"{profile} (enforce)\n");
        var explanation = host.Explain(Pid, new ContainerHints { Engine = engine });

        Assert.Empty(Differences(explanation));
        Assert.Contains("pod", EngineDefault.Of(explanation).By, StringComparison.Ordinal);
    }

    [Fact]
    public void AsAnotherEngineMakesIt_Differs()
    {
        using var host = Host("/docker/x", "2048", "100", Container(Eleven, 2, true, Podmans));
        host.Proc($"{Pid}/attr/current", "vitrine-default (enforce)\n");

        var names = Differences(host.Explain(Pid, new ContainerHints { Engine = "docker" })).Select(difference => difference.Name).ToList();

        Assert.Equal(
            ["/dev", "pids", "label", "no_new_privs", "effective CAP_MKNOD", "bounding CAP_NET_RAW"],
            ((string[])["/dev", "pids", "label", "no_new_privs", "effective CAP_MKNOD", "bounding CAP_NET_RAW"]).Intersect(names));
        Assert.Equal(4 + (3 * 3), names.Count);
    }

    [Fact]
    public void KernelFilesThatAreOpen_AndOneOfThreeCapabilities_AreTold()
    {
        var process = Container(Eleven | (1ul << (int)Capability.CAP_NET_RAW), 2, false, Podmans);
        var mounts = string.Join('\n', process.Mounts.Split('\n').Where(line => !line.Contains(" /proc/sys ", StringComparison.Ordinal)));
        using var host = Host("/libpod_parent/x", "2048", "100", process with { Mounts = mounts });

        var differences = Differences(host.Explain(Pid, new ContainerHints { Engine = "podman" }));

        Assert.Contains(new SettingDifference("mounts", "/proc/sys", "open", "read-only"), differences);
        Assert.Contains(new SettingDifference("capabilities", "bounding CAP_NET_RAW", "has it", null), differences);
        Assert.Equal(4, differences.Count);
    }

    private static IReadOnlyList<SettingDifference> Differences(ContainerExplanation explanation) =>
        // What may be opened is in no file of cgroup v2.
        DefaultSettings.Compare(explanation, EngineDefault.Of(explanation), setting => setting.Section != "devices");

    private static FakeProcess Container(ulong capabilities, int seccomp, bool noNewPrivileges, string temporary) => new()
    {
        Pid = Pid,
        NamespacePids = [Pid, 1],
        Namespaces = Kinds.Select((kind, i) => (kind, Inode: 4026532501 + (ulong)i)).ToDictionary(pair => pair.kind, pair => pair.Inode),
        Capabilities = capabilities,
        Seccomp = seccomp,
        NoNewPrivileges = noNewPrivileges,
        Mounts = """
            500 400 0:60 / / rw,relatime - overlay overlay rw,lowerdir=/l/a,upperdir=/l/b,workdir=/l/c
            501 500 0:61 / /proc rw,nosuid,nodev,noexec - proc proc rw
            502 501 0:61 /sys /proc/sys ro,nosuid,nodev,noexec - proc proc rw
            503 501 0:61 /bus /proc/bus ro,nosuid,nodev,noexec - proc proc rw
            504 501 0:61 /fs /proc/fs ro,nosuid,nodev,noexec - proc proc rw
            505 501 0:61 /irq /proc/irq ro,nosuid,nodev,noexec - proc proc rw
            506 500 0:65 / /dev/shm rw,nosuid,nodev,noexec - tmpfs shm rw,size=65536k
            507 500 0:66 / /sys ro,nosuid,nodev,noexec - sysfs sysfs ro
            508 507 0:67 / /sys/firmware ro,relatime - tmpfs tmpfs ro

            """ + string.Concat(temporary.Split(';').Select((mount, i) => $"{600 + i} 500 0:{70 + i} / {mount} - tmpfs tmpfs rw\n")),
    };

    private static FakeHost Host(string path, string pids, string weight, FakeProcess process)
    {
        var host = new FakeHost();
        host.Add(process with { Cgroup = $"0::{path}\n" });
        host.File("/sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids\n");
        foreach (var (name, content) in new[] { ("memory.max", "max"), ("memory.swap.max", "max"), ("memory.low", "0"), ("cpu.max", "max 100000"), ("cpu.weight", weight), ("pids.max", pids), ("io.max", "") })
            host.File($"/sys/fs/cgroup{path}/{name}", content + "\n");
        return host;
    }
}
