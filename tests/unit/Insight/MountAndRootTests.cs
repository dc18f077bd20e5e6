using Vitrine.Insight;
using Xunit;

namespace Vitrine.Tests.Unit.Insight;

public sealed class MountAndRootTests
{
    [Fact]
    public void Mounts_OfAContainer_AreClassified()
    {
        using var host = SampleContainer.Host();

        var mounts = host.Explain(SampleContainer.Pid).Mounts.Mounts.ToDictionary(mount => mount.Destination);

        Assert.Equal(MountClass.Kernel, mounts["/proc"].Class);
        Assert.Equal(MountClass.ReadOnlyPath, mounts["/proc/sys"].Class);
        Assert.Equal(MountClass.Masked, mounts["/proc/acpi"].Class);
        Assert.Equal(MountClass.Masked, mounts["/proc/kcore"].Class);
        Assert.Equal(MountClass.Tmpfs, mounts["/dev"].Class);
        Assert.Equal(MountClass.Tmpfs, mounts["/dev/shm"].Class);
        Assert.Equal(MountClass.EngineFile, mounts["/etc/hosts"].Class);
        Assert.Equal((MountClass.Bind, "/srv/site", true), (mounts["/usr/share/nginx/html"].Class, mounts["/usr/share/nginx/html"].Source, mounts["/usr/share/nginx/html"].ReadOnly));
        Assert.Equal((MountClass.Volume, "cache"), (mounts["/var/cache/nginx"].Class, mounts["/var/cache/nginx"].Volume));
        Assert.Equal("/run/docker.sock", mounts["/var/run/docker.sock"].Source);
    }

    [Theory]
    [InlineData("254:0 / /host rw", "ext4 /dev/vda rw", "mounts.host-root", Severity.Critical)]
    [InlineData("254:0 / /host ro", "ext4 /dev/vda rw", "mounts.host-root", Severity.High)]
    [InlineData("254:0 /etc /host-etc rw", "ext4 /dev/vda rw", "mounts.sensitive", Severity.High)]
    [InlineData("254:0 /etc/ssl /ssl ro", "ext4 /dev/vda rw", "mounts.sensitive", Severity.Medium)]
    [InlineData("0:27 / /host-run ro", "tmpfs tmpfs rw", "mounts.engine-socket", Severity.Critical)]
    [InlineData("0:27 /containerd/containerd.sock /c.sock rw", "tmpfs tmpfs rw", "mounts.engine-socket", Severity.Critical)]
    [InlineData("0:6 / /dev rw", "devtmpfs devtmpfs rw", "mounts.host-dev", Severity.High)]
    [InlineData("0:99 / /sys/fs/cgroup/memory rw", "cgroup cgroup rw,memory", "mounts.cgroup-writable", Severity.Critical)]
    [InlineData("0:98 / /sys2 rw", "sysfs sysfs rw", "mounts.sysfs-writable", Severity.Medium)]
    [InlineData("0:97 / /proc rw", "proc proc rw", "mounts.proc-sys-writable", Severity.High)]
    public void Mounts_ThatOpenAWayOut_AreWarnedAbout(string mount, string type, string id, Severity severity)
    {
        using var host = new FakeHost();
        host.Add(new FakeProcess
        {
            Pid = 30,
            Namespaces = new() { ["mnt"] = 5 },
            Mounts = $"1 0 0:50 / / rw - overlay overlay rw\n2 1 {mount} - {type}\n",
        });

        var warnings = host.Explain(30).Mounts.Warnings;

        Assert.Contains(warnings, warning => warning.Id == id && warning.Severity == severity);
    }

    [Theory]
    [InlineData("254:0 /srv/data /data rw", "ext4 /dev/vda rw")]
    [InlineData("254:0 /etcetera /data rw", "ext4 /dev/vda rw")]
    [InlineData("254:0 /var/lib/docker/volumes/db/_data /data rw", "ext4 /dev/vda rw")]
    [InlineData("0:99 / /sys/fs/cgroup ro", "cgroup2 cgroup rw")]
    public void Mounts_OfNoConsequence_AreNotWarnedAbout(string mount, string type)
    {
        using var host = new FakeHost();
        host.Add(new FakeProcess
        {
            Pid = 30,
            Namespaces = new() { ["mnt"] = 5 },
            Mounts = $"1 0 0:50 / / rw - overlay overlay rw\n2 1 {mount} - {type}\n",
        });

        Assert.Empty(host.Explain(30).Mounts.Warnings);
    }

    [Fact]
    public void Mounts_DirectoryOfV1Hierarchies_IsNotTakenForAMask()
    {
        using var host = new FakeHost();
        host.Add(new FakeProcess
        {
            Pid = 30,
            Namespaces = new() { ["mnt"] = 5 },
            Mounts = "1 0 0:50 / / rw - overlay overlay rw\n2 1 0:70 / /sys/fs/cgroup ro - tmpfs tmpfs rw\n3 2 0:71 / /sys/fs/cgroup/pids ro - cgroup cgroup rw,pids\n",
        });

        Assert.All(host.Explain(30).Mounts.Mounts, mount => Assert.Equal(MountClass.Kernel, mount.Class));
    }

    [Fact]
    public void Mounts_ShmInTheEnginesStore_IsTheContainersOwnMemory()
    {
        using var host = new FakeHost(FakeHost.UnifiedMounts
            + $"50 27 0:70 / /var/lib/docker/containers/{SampleContainer.Id}/mounts/shm rw - tmpfs shm rw\n");
        host.Add(new FakeProcess
        {
            Pid = 30,
            Cgroup = $"0::/docker/{SampleContainer.Id}\n",
            Namespaces = new() { ["mnt"] = 5 },
            Mounts = "1 0 0:50 / / rw - overlay overlay rw\n2 1 0:70 / /dev/shm rw - tmpfs shm rw\n"
                + $"3 1 254:0 /var/lib/docker/containers/{SampleContainer.Id}/x /run/x rw - ext4 /dev/vda rw\n",
        });

        var section = host.Explain(30).Mounts;

        Assert.Equal([MountClass.Tmpfs, MountClass.Bind], section.Mounts.Select(mount => mount.Class));
        Assert.Empty(section.Warnings);
    }

    [Fact]
    public void Root_Overlay_ListsLayersFromTheTop()
    {
        using var host = SampleContainer.Host();

        var root = host.Explain(SampleContainer.Pid, SampleContainer.Hints).Root;

        Assert.Equal((RootKind.Pivoted, "overlay"), (root.Kind, root.FileSystem));
        Assert.Equal([true, false, false], root.Layers.Select(layer => layer.Writable));
        Assert.Equal([3000, 1_500_000, 78 << 20], root.Layers.Select(layer => layer.SizeBytes!.Value));
        Assert.Equal("sha256:bbbb3333cccc4444", root.Layers[1].Digest);
        Assert.DoesNotContain("npm-secret-1", root.Layers[1].CreatedBy, StringComparison.Ordinal);
        Assert.False(root.Layers[1].Incomplete);
    }

    [Theory]
    [InlineData("lowerdir=/a:/b,upperdir=/u", "/u /a /b")]
    [InlineData(@"lowerdir+=/a\054x,lowerdir+=/b", "/a,x /b")]
    [InlineData(@"lowerdir=/a\134:b:/c", "/a:b /c")]
    [InlineData("lowerdir=/a::/data", "/a /data")]
    public void Root_OverlayOptions_AreReadInEveryForm(string options, string layers)
    {
        using var host = new FakeHost();
        host.Add(new FakeProcess { Pid = 30, Namespaces = new() { ["mnt"] = 5 }, Mounts = $"1 0 0:50 / / rw - overlay overlay rw,{options}\n" });

        Assert.Equal(layers.Split(' '), host.Explain(30).Root.Layers.Select(layer => layer.Directory));
    }

    /// <summary>Docker mounts many layers from within its directory, by short links: both are resolved to say which layer of the image it is.</summary>
    [Fact]
    public void Root_RelativeLayersAndShortLinks_AreTheImages()
    {
        using var host = new FakeHost();
        host.Add(new FakeProcess { Pid = 30, Namespaces = new() { ["mnt"] = 5 }, Mounts = "1 0 0:50 / / rw - overlay overlay rw,lowerdir=l/ABC:l/DEF,upperdir=top/diff\n" });
        host.File("/d/overlay2/one/diff/file", "1234");
        Directory.CreateDirectory($"{host.Root}/d/overlay2/l");
        File.CreateSymbolicLink($"{host.Root}/d/overlay2/l/DEF", "../one/diff");
        var hints = new ContainerHints
        {
            LayerRoot = "/d/overlay2",
            Layers = [new() { Directory = "/d/overlay2/one/diff", Digest = "sha256:bb", CreatedBy = "RUN x" }],
        };

        var layers = host.Explain(30, hints).Root.Layers;

        Assert.Equal([("/d/overlay2/top/diff", null), ("/d/overlay2/l/ABC", null), ("/d/overlay2/l/DEF", "sha256:bb")], layers.Select(layer => (layer.Directory, layer.Digest)));
    }

    [Theory]
    [InlineData("/srv/jail", null, RootKind.Chroot)]
    [InlineData("/", FakeHost.HostMounts, RootKind.Host)]
    [InlineData("/", "1 0 0:50 / / rw - overlay overlay rw\n", RootKind.Pivoted)]
    public void Root_Kind_IsToldFromLinkAndMounts(string link, string? mounts, RootKind kind)
    {
        using var host = new FakeHost();
        host.Add(new FakeProcess { Pid = 30, Root = link, Namespaces = new() { ["mnt"] = 5 }, Mounts = mounts ?? FakeHost.HostMounts });

        Assert.Equal(kind, host.Explain(30).Root.Kind);
    }

    [Fact]
    public void Mounts_CopiedFromTheHost_AreCountedNotListed()
    {
        using var host = new FakeHost();
        host.Add(new FakeProcess { Pid = 30, Namespaces = new() { ["mnt"] = 5 } });

        var section = host.Explain(30).Mounts;

        Assert.Empty(section.Mounts);
        Assert.Contains(section.Facts, fact => fact is { Name: "host's mounts", Value: "5" });
    }

    [Fact]
    public void LayerBudget_Spent_SaysSo()
    {
        using var host = SampleContainer.Host();
        for (var i = 0; i < 50; i++)
            host.File($"/var/lib/vitrine/layers/bb/diff/{i}", "x");

        var root = new Explainer(host.Options with { LayerBudget = TimeSpan.Zero }).Explain(new ExplainTarget { Pid = SampleContainer.Pid }).Root;

        Assert.True(root.Layers[1].Incomplete);
    }

    [Fact]
    public void Explain_RootOfAnotherUsersProcess_IsNotCalledAChroot()
    {
        using var host = SampleContainer.Host();
        Directory.Delete($"{host.Root}/proc/{SampleContainer.Pid}/ns", recursive: true);

        Assert.Equal(RootKind.Unknown, host.Explain(SampleContainer.Pid).Root.Kind);
    }
}
