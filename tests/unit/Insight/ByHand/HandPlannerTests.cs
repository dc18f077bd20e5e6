using System.Net;
using Vitrine.Insight;
using Vitrine.Insight.ByHand;
using Vitrine.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.ByHand;

public sealed class HandPlannerTests
{
    [Fact]
    public void Plan_SampleContainer_HasItsNamespacesAndMaps()
    {
        using var host = SampleContainer.Host();

        var plan = host.Plan(SampleContainer.Pid, SampleContainer.Hints);

        Assert.Equal(
            [NamespaceKind.User, NamespaceKind.Pid, NamespaceKind.Mount, NamespaceKind.Network, NamespaceKind.Uts, NamespaceKind.Ipc, NamespaceKind.Cgroup],
            plan.Made);
        Assert.Empty(plan.Joined);
        Assert.Equal(new IdRange(0, 100000, 65536), Assert.Single(plan.UserMap));
        Assert.Equal(("web", (string?)null), (plan.Hostname, plan.Domainname));
        Assert.Equal((0u, 0u, true), (plan.Process.Uid, plan.Process.Gid, plan.Process.NoNewPrivileges));
    }

    [Fact]
    public void Plan_OfAProcessThatCameLater_IsOfTheFirst()
    {
        using var host = SampleContainer.Host();

        Assert.Equal(SampleContainer.Pid, host.Plan(4800).Pid);
    }

    [Fact]
    public void Plan_Mounts_AreMadeTheWayTheyCameAbout()
    {
        using var host = SampleContainer.Host();

        var mounts = host.Plan(SampleContainer.Pid).Mounts.ToDictionary(mount => mount.Destination);

        Assert.Equal((HandMountKind.New, "proc"), (mounts["/proc"].Kind, mounts["/proc"].FileSystem));
        Assert.Equal((HandMountKind.Within, "/proc/sys", HandPlace.InKernel), (mounts["/proc/sys"].Kind, mounts["/proc/sys"].Source, mounts["/proc/sys"].Place));
        Assert.Equal(["ro", "nosuid", "nodev", "noexec", "strictatime"], mounts["/proc/sys"].Flags);
        Assert.Equal((HandMountKind.Bind, "/srv/site", HandPlace.OnRoot), (mounts["/usr/share/nginx/html"].Kind, mounts["/usr/share/nginx/html"].Source, mounts["/usr/share/nginx/html"].Place));
        Assert.Equal((HandMountKind.Bind, "/run/docker.sock"), (mounts["/var/run/docker.sock"].Kind, mounts["/var/run/docker.sock"].Source));
        Assert.Equal(["size=65536k", "mode=755"], mounts["/dev"].Data);
        Assert.Equal((HandMountKind.New, "cgroup2"), (mounts["/sys/fs/cgroup"].Kind, mounts["/sys/fs/cgroup"].FileSystem));
    }

    [Fact]
    public void Plan_MountsInAnyOrder_ParentsComeFirst()
    {
        using var host = new FakeHost();
        host.Add(new FakeProcess
        {
            Pid = 30,
            Namespaces = new() { ["mnt"] = 5 },
            Mounts = "9 8 0:91 / /dev/pts rw,relatime - devpts devpts rw\n8 7 0:90 / /dev rw,relatime - tmpfs tmpfs rw\n7 1 254:0 /rootfs / rw,relatime - ext4 /dev/vda rw\n",
        });

        var plan = host.Plan(30);

        Assert.Equal("/rootfs", plan.Root.Directory);
        Assert.Equal(["/dev", "/dev/pts"], plan.Mounts.Select(mount => mount.Destination));
        Assert.Equal([HandPlace.OnRoot, HandPlace.OnMount], plan.Mounts.Select(mount => mount.Place));
    }

    [Fact]
    public void Plan_AFilesystemOfAnotherNamespace_IsNamedAsMissing()
    {
        using var host = new FakeHost();
        host.Add(new FakeProcess
        {
            Pid = 30,
            Namespaces = new() { ["mnt"] = 5 },
            Mounts = "7 1 254:0 /rootfs / rw,relatime - ext4 /dev/vda rw\n8 7 0:90 /part /data rw,relatime - tmpfs tmpfs rw\n",
        });

        var plan = host.Plan(30);

        Assert.Empty(plan.Mounts);
        Assert.Contains(plan.Missing, line => line.StartsWith("/data (tmpfs)", StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_SharedNamespace_IsJoinedThroughAnotherProcess()
    {
        using var host = new FakeHost();
        var mounts = "7 1 254:0 /rootfs / rw,relatime - ext4 /dev/vda rw\n";
        host.Add(new FakeProcess { Pid = 30, Namespaces = new() { ["mnt"] = 5, ["pid"] = 6, ["net"] = 7 }, NamespacePids = [30, 1], Mounts = mounts });
        host.Add(new FakeProcess { Pid = 40, Namespaces = new() { ["mnt"] = 8, ["pid"] = 9, ["net"] = 7 }, NamespacePids = [40, 1], Mounts = mounts });

        Assert.Equal(new JoinedNamespace(NamespaceKind.Network, 30), Assert.Single(host.Plan(40).Joined));
    }

    [Fact]
    public void Plan_Secrets_BecomeVariables()
    {
        using var host = SampleContainer.Host();

        var environment = host.Plan(SampleContainer.Pid).Process.Environment;

        Assert.Contains(new HandWord("DB_PASSWORD=", "SECRET_DB_PASSWORD"), environment);
        Assert.Contains(new HandWord("NGINX_VERSION=1.27.0"), environment);
        Assert.Contains(new HandWord("DB_PASSWORD=correct horse"), host.Plan(SampleContainer.Pid, reveal: true).Process.Environment);
    }

    [Fact]
    public void Plan_OrdinaryProcess_IsRefused()
    {
        using var host = new FakeHost();
        host.Add(new FakeProcess { Pid = 30 });

        Assert.Equal(ErrorKind.Invalid, Assert.Throws<VitrineException>(() => host.Plan(30)).Kind);
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<VitrineException>(() => host.Plan(31)).Kind);
    }

    [Fact]
    public void Settings_OfV2_AreThoseThatWereChanged()
    {
        using var host = SampleContainer.Host();

        var settings = Assert.Single(host.Plan(SampleContainer.Pid).Groups).Settings;

        Assert.Equal(
            [
                "memory.max=536870912", "memory.swap.max=0", "cpu.max=150000 100000",
                "io.max=254:0 rbps=1048576 wbps=max riops=max wiops=100", "pids.max=2048",
            ],
            settings.Select(setting => $"{setting.File}={setting.Value}"));
    }

    [Fact]
    public void Settings_OfV1_AllowOnlyTheDevicesThatAreListed()
    {
        var files = new Dictionary<string, string>
        {
            ["/c/box/devices.list"] = "c 1:3 rwm\nc 136:* rwm", ["/c/box/memory.limit_in_bytes"] = "1048576", ["/c/memory.limit_in_bytes"] = "9223372036854771712",
            ["/c/box/memory.swappiness"] = "60", ["/c/memory.swappiness"] = "60", ["/c/box/memory.oom_control"] = "oom_kill_disable 1\nunder_oom 0",
        };
        var place = new CgroupPlace { Controllers = ["devices", "memory"], Version = 1, Path = "/box", Directory = "/c/box" };

        var settings = GroupSettings.Read(place, path => files.GetValueOrDefault(path));

        Assert.Equal(
            ["memory.limit_in_bytes=1048576", "memory.oom_control=1", "devices.deny=a", "devices.allow=c 1:3 rwm", "devices.allow=c 136:* rwm"],
            settings.Select(setting => $"{setting.File}={setting.Value}"));
    }

    [Theory]
    [InlineData("172.17.0.2", 16, "172.17.0.1", "172.17.255.254")]
    [InlineData("10.0.0.2", 30, "10.0.0.1", "10.0.0.2")]
    [InlineData("10.0.0.2", 24, "10.0.0.254", "10.0.0.253")]
    public void OtherAddress_IsTheLastThatNobodyHas(string address, int prefix, string gateway, string other) =>
        Assert.Equal(IPAddress.Parse(other), NetworkPlanner.Other(IPAddress.Parse(address), prefix, gateway));
}
