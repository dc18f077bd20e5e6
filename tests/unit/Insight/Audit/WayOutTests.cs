using Vitrine.Insight;
using Vitrine.Insight.Audit;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Audit;

/// <summary>Each known way out is open where all that it needs is there, and closed where one thing is missing.</summary>
public sealed class WayOutTests
{
    private const string V1 = FakeHost.UnifiedMounts + "42 23 0:39 / /sys/fs/cgroup/devices rw - cgroup cgroup rw,devices\n";
    private const string ProcWritable = "510 501 0:61 / /proc rw,nosuid - proc proc rw\n";
    private const string SysWritable = "511 500 0:66 / /sys rw,nosuid - sysfs sysfs rw\n";

    private static readonly FileStatus s_writable = AuditedHost.Status(FileKind.Regular, 0x1a4);

    private static readonly Dictionary<string, (Func<AuditedHost, AuditedHost> Open, Func<AuditedHost, AuditedHost> Missing, Verdict Most)> s_ways = new()
    {
        ["VA501"] = (host => Free(host, Capability.CAP_MKNOD) with { Devices = """{"allow":true,"access":"rwm"}""" }, host => host with { Devices = AuditedHost.UsualDevices }, Verdict.Open),
        ["VA502"] = (host => Free(host).WithMounts("513 500 0:27 /docker.sock /var/run/docker.sock rw - tmpfs tmpfs rw\n").WithStat("/run/docker.sock", AuditedHost.Status(FileKind.Socket, 0x1b0)),
            host => (host with { Process = host.Process with { Uid = 1000, NoNewPrivileges = true } }).WithStat("/run/docker.sock", AuditedHost.Status(FileKind.Socket, 0x180)), Verdict.Open),
        ["VA503"] = (host => Free(host, Capability.CAP_SYS_ADMIN) with { ReaderMounts = V1 }, host => host with { ReaderMounts = FakeHost.UnifiedMounts }, Verdict.Open),
        ["VA504"] = (host => Free(host).WithMounts(ProcWritable).WithInside("/proc/sys/kernel/core_pattern", s_writable), host => host.InUserNamespace(), Verdict.Open),
        ["VA505"] = (host => Free(host).WithMounts(SysWritable).WithInside("/sys/kernel/uevent_helper", s_writable), host => host with { Inside = new Dictionary<string, FileStatus>() }, Verdict.Open),
        ["VA506"] = (host => Free(host, Capability.CAP_SYS_ADMIN), host => host with { Process = host.Process with { Capabilities = 0 } }, Verdict.Open),
        ["VA507"] = (host => Free(host).WithMounts(ProcWritable).WithInside("/proc/sysrq-trigger", s_writable), host => host with { Label = "docker-default (enforce)\n" }, Verdict.Open),
        ["VA508"] = (host => Free(host, Capability.CAP_SYS_PTRACE).Sharing("pid"), host => host with { Process = host.Process with { Capabilities = 0 } }, Verdict.Open),
        ["VA509"] = (host => Free(host, Capability.CAP_SYS_PTRACE).Sharing("pid"), host => host with { Process = host.Process with { Seccomp = 2 } }, Verdict.Open),
        ["VA510"] = (host => Free(host, Capability.CAP_DAC_READ_SEARCH).WithMounts("513 500 254:0 /srv/hosts /etc/hosts rw - ext4 /dev/vda rw\n"), host => host with { Process = host.Process with { Seccomp = 2 } }, Verdict.Open),
        ["VA511"] = (host => Free(host, Capability.CAP_SYS_MODULE).With("kernel/modules_disabled", "0"), host => host.With("kernel/modules_disabled", "1"), Verdict.Open),
        ["VA512"] = (host => Program(Free(host).Sharing("net"), "containerd", "1.3.8"), host => Program(host, "containerd", "1.3.9"), Verdict.Open),
        ["VA513"] = (host => Free(host).WithMounts("513 500 254:0 /var/log /logs rw - ext4 /dev/vda rw\n") with { Others = [new FakeProcess { Pid = 620, Command = "kubelet" }] },
            host => host with { Process = host.Process with { Mounts = AuditedHost.Root } }, Verdict.Open),
        ["VA514"] = (host => Free(host, Capability.CAP_MKNOD).WithMounts("513 500 0:90 / /lxcfs rw - fuse.lxcfs lxcfs rw\n"), host => host with { Process = host.Process with { Capabilities = 0 } }, Verdict.Open),
        ["VA515"] = (host => Free(host, Capability.CAP_SYS_ADMIN, Capability.CAP_MKNOD) with { ReaderMounts = V1 }, host => host with { ReaderMounts = FakeHost.UnifiedMounts }, Verdict.Open),
        ["VA516"] = (host => Free(host).WithMounts("513 500 254:0 /srv/data /data rw - ext4 /dev/vda rw\n"), host => host with { Process = host.Process with { Mounts = AuditedHost.Root + "513 500 254:0 /srv/data /data rw,nosuid - ext4 /dev/vda rw\n" } }, Verdict.Unknown),
        ["VA517"] = (host => host.WithInside("/var/run/secrets/kubernetes.io/serviceaccount/token", s_writable), host => host with { Inside = new Dictionary<string, FileStatus>() }, Verdict.Unknown),
        ["VA518"] = (host => Free(host).With("kernel/osrelease", "6.1.20").With("user/max_user_namespaces", "1000"), host => host.With("kernel/osrelease", "6.18.44"), Verdict.Open),
        ["VA519"] = (host => Program(Free(host), "runc", "1.0.0-rc6"), host => Program(host, "runc", "1.0.0-rc7"), Verdict.Open),
        ["VA520"] = (host => Program(Free(host), "runc", "1.1.11"), host => Program(host, "runc", "1.3.3"), Verdict.Open),
        ["VA521"] = (host => host.With("kernel/osrelease", "5.10.101"), host => host.With("kernel/osrelease", "5.10.102"), Verdict.Open),
        ["VA522"] = (host => host.With("kernel/osrelease", "6.1.36"), host => host.With("kernel/osrelease", "6.1.37"), Verdict.Open),
        ["VA523"] = (host => Free(host).With("kernel/osrelease", "6.3.1").With("kernel/io_uring_disabled", "0"), host => host.With("kernel/io_uring_disabled", "2"), Verdict.Open),
        ["VA524"] = (host => Free(host, Capability.CAP_BPF, Capability.CAP_PERFMON), host => host with { Process = host.Process with { Capabilities = CapabilitySet.Of(Capability.CAP_BPF).Bits } }, Verdict.Open),
        ["VA525"] = (host => Free(host).WithMounts("513 500 254:0 / /host rw - ext4 /dev/vda rw\n"), host => host with { Process = host.Process with { Mounts = AuditedHost.Root + "513 500 254:0 / /host ro - ext4 /dev/vda rw\n" } }, Verdict.Open),
        ["VA526"] = (host => Free(host, Capability.CAP_SYS_RAWIO) with { Devices = """{"allow":true,"access":"rwm"}""" }, host => host with { Process = host.Process with { Capabilities = 0 } }, Verdict.Unknown),
        ["VA527"] = (host => host.Sharing("net").WithDaemon("-H", "tcp://0.0.0.0:2375"), host => host with { Others = [] }, Verdict.Open),
        ["VA528"] = (host => Free(host, Capability.CAP_SYS_CHROOT) with { Process = Free(host, Capability.CAP_SYS_CHROOT).Process with { Root = "/srv/jail" } }, host => host with { Process = host.Process with { Root = "/" } }, Verdict.Open),
        ["VA529"] = (host => Free(host).With("kernel/osrelease", "6.12.84"), host => host.With("kernel/osrelease", "6.12.85"), Verdict.Open),
    };

    public static TheoryData<string> Ids => [.. s_ways.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public void WayOut_AllPreconditionsMet_IsOpenAndWithoutOneClosed(string id)
    {
        var (open, missing, most) = s_ways[id];

        Assert.Equal(most, Judge(id, open(new AuditedHost())).Verdict);
        Assert.Equal(Verdict.Closed, Judge(id, missing(open(new AuditedHost()))).Verdict);
    }

    [Fact]
    public void Catalog_WaysOut_AllHaveACaseAndSteps()
    {
        Assert.Equal(RuleCatalog.WaysOut.Select(way => way.Info.Id), s_ways.Keys);
        Assert.All(RuleCatalog.WaysOut, way => Assert.NotEmpty(way.Steps));
    }

    [Fact]
    public void WayOut_FilterWithoutReadableRules_IsNotKnown()
    {
        var host = Free(new AuditedHost(), Capability.CAP_SYS_MODULE).With("kernel/modules_disabled", "0");

        var way = Judge("VA511", host with { Process = host.Process with { Seccomp = 2 }, Seccomp = """ "maskedPaths":[] """ });

        Assert.Equal(Verdict.Unknown, way.Verdict);
        Assert.Contains(way.Preconditions, condition => condition is { IsMet: null } && condition.Reason.Contains("not readable", StringComparison.Ordinal));
    }

    [Fact]
    public void WayOut_HostsProcBesideItsOwn_IsLookedAtToo()
    {
        var host = Free(new AuditedHost()).WithMounts("513 500 0:21 / /host/proc rw - proc proc rw\n").WithInside("/host/proc/sys/kernel/core_pattern", s_writable);

        Assert.Equal(Verdict.Open, Judge("VA504", host).Verdict);
    }

    /// <summary>runc is installed, and has the flaw: whose containers it starts is what matters.</summary>
    [Theory]
    [InlineData("runc", Verdict.Open)]
    [InlineData("/usr/local/sbin/runc", Verdict.Open)]
    [InlineData("/usr/bin/crun", Verdict.Closed)]
    [InlineData("/usr/bin/vitrine-oci", Verdict.Closed)]
    public void WayOut_OfRunc_IsThatOfWhomItStarts(string runtime, Verdict verdict) =>
        Assert.Equal(verdict, Judge("VA520", Program(Free(new AuditedHost()), "runc", "1.1.11") with { Runtime = runtime }).Verdict);

    [Fact]
    public void WayOut_Preconditions_NameTheirSource() =>
        Assert.All(new AuditedHost().Audit().Subjects[0].WaysOut.SelectMany(way => way.Preconditions), condition =>
        {
            Assert.NotEmpty(condition.Reason);
            Assert.NotEmpty(condition.Source);
        });

    private static WayOut Judge(string id, AuditedHost host) =>
        host.Audit(new AuditOptions { Rules = [id] }).Subjects[0].WaysOut.Single();

    /// <summary>Root, with some capabilities, without a filter or a profile.</summary>
    private static AuditedHost Free(AuditedHost host, params ReadOnlySpan<Capability> capabilities)
    {
        var root = host.AsRoot(capabilities);
        return root with { Label = "unconfined\n", Process = root.Process with { Seccomp = 0, NoNewPrivileges = false } };
    }

    private static AuditedHost Program(AuditedHost host, string name, string version) => host
        .WithFile($"/usr/bin/{name}", "")
        .WithFile("/var/lib/dpkg/status", $"Package: {(name == "containerd" ? "containerd.io" : name)}\nStatus: install ok installed\nVersion: {version}\n\n")
        .WithChangelog(name);
}
