using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Volumes;

/// <summary>Volumes by docker's rules: filled once, shared, protected while anybody has them.</summary>
public sealed class VolumeTests(VolumeTests.Box box) : IClassFixture<VolumeTests.Box>
{
    [Fact]
    public void Named_FirstUse_TakesTheImagesContentWithItsOwners()
    {
        Assert.Equal("1234:2345 2750", box.Ok("run", "--rm", "-v", "filled:/data", "stocked", "stat", "-c", "%u:%g %a", "/data"));
        Assert.Equal("1234:2345 640", box.Ok("run", "--rm", "-v", "filled:/elsewhere", "stocked", "stat", "-c", "%u:%g %a", "/elsewhere/file"));
        box.Ok("run", "--rm", "-v", "filled:/data", "stocked", "sh", "-c", "rm /data/file; echo mine > /data/other");

        Assert.Equal("other", box.Ok("run", "--rm", "-v", "filled:/data", "stocked", "ls", "/data"));
        Assert.Equal("", box.Ok("run", "--rm", "--mount", "src=empty,dst=/data,volume-nocopy", "stocked", "ls", "/data"));
    }

    [Fact]
    public void Anonymous_OfTheImage_GoesWithItsContainerUnlessShared()
    {
        box.Ok("create", "--name", "first", "stocked");
        var volume = box.Inspect("first", "{{(index .Mounts 0).Name}}");
        Assert.Equal("file", box.Ok("run", "--rm", "--volumes-from", "first", "busybox", "ls", "/data"));
        box.Ok("create", "--name", "alone", "stocked");
        var own = box.Inspect("alone", "{{(index .Mounts 0).Name}}");

        box.Ok("rm", "--volumes", "first", "alone");

        Assert.Equal("", box.Ok("volume", "inspect", "--format", "{{index .Labels \"com.docker.volume.anonymous\"}}", volume));
        box.Vitrine("volume", "inspect", own).ShouldFail(1, $"get {own}: no such volume");
        Assert.Contains(volume, box.Ok("volume", "ls", "-q", "--filter", "dangling=true"), StringComparison.Ordinal);
    }

    [Fact]
    public void VolumesFrom_ContainerThatRemovesItself_LeavesWhatTheOtherUses()
    {
        box.Ok("run", "-d", "--rm", "--name", "donor", "stocked", "sleep", "1000");
        box.Ok("run", "-d", "--name", "heir", "--volumes-from", "donor", "busybox", "sleep", "1000");
        box.Ok("stop", "-t", "0", "donor");

        Assert.Equal("file", box.Ok("exec", "heir", "ls", "/data"));
        box.Ok("rm", "-f", "heir");
    }

    [Fact]
    public void Remove_WhileAContainerHasIt_NamesTheContainer()
    {
        box.Ok("volume", "create", "busy");
        var id = box.Ok("create", "--name", "owner", "-v", "busy:/x", "busybox");

        box.Vitrine("volume", "rm", "busy").ShouldFail(1, $"remove busy: volume is in use - [{id}]");
        box.Vitrine("volume", "rm", "--force", "busy").ShouldFail(1, "volume is in use");
        box.Ok("rm", "owner");

        Assert.Equal("busy", box.Ok("volume", "rm", "busy"));
        box.Vitrine("volume", "rm", "busy").ShouldFail(1, "get busy: no such volume");
        Assert.Equal("busy", box.Ok("volume", "rm", "--force", "busy"));
    }

    [Fact]
    public void Prune_TakesAnonymousOnes_AllOnlyWhenAsked()
    {
        using var own = new BusyboxSandbox();
        own.Ok("volume", "create", "--label", "keep=yes", "kept");
        own.Ok("volume", "create", "named");
        var anonymous = own.Ok("volume", "create");

        Assert.Equal($"Deleted Volumes:\n{anonymous}\n\nTotal reclaimed space: 0B", own.Ok("volume", "prune", "--force"));
        own.VitrineWithInput("n\n", "volume", "prune", "--all").ShouldSucceed();
        Assert.Equal("kept\nnamed", own.Ok("volume", "ls", "--quiet"));
        Assert.Contains("named", own.Ok("volume", "prune", "--all", "--force", "--filter", "label!=keep"), StringComparison.Ordinal);
        Assert.Equal("kept local keep=yes", own.Ok("volume", "ls", "--format", "{{.Name}} {{.Driver}} {{.Labels}}"));
    }

    [Fact]
    public void Tmpfs_IsSharedWhileAnybodyUsesIt_AndGoneAfterTheLast()
    {
        box.Ok("volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "-o", "o=size=1m,mode=1777", "scratch");
        box.Ok("run", "-d", "--name", "one", "-v", "scratch:/s", "busybox", "sleep", "1000");
        box.Ok("run", "-d", "--name", "two", "-v", "scratch:/s:ro", "busybox", "sleep", "1000");
        box.Ok("exec", "one", "sh", "-c", "echo hi > /s/x");

        Assert.Equal("hi", box.Ok("exec", "two", "cat", "/s/x"));
        Assert.NotEqual(0, box.Vitrine("exec", "one", "dd", "if=/dev/zero", "of=/s/big", "bs=1M", "count=2").ExitCode);
        box.Ok("stop", "-t", "0", "one");
        Assert.Equal("hi", box.Ok("exec", "two", "cat", "/s/x"));
        box.Ok("rm", "-f", "one", "two");
        Assert.DoesNotContain("scratch/_data", File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
        Assert.Equal("", box.Ok("run", "--rm", "-v", "scratch:/s", "busybox", "ls", "/s"));
    }

    [Fact]
    public void Tmpfs_OfAKilledSupervisor_IsNotInTheWay()
    {
        box.Ok("volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "orphan");
        box.Ok("run", "-d", "--name", "lost", "-v", "orphan:/s", "busybox", "sleep", "1000");
        using (var shim = System.Diagnostics.Process.GetProcessById(box.ShimPid("lost")))
            shim.Kill();
        Eventually.True(() => box.Inspect("lost", "{{.State.Status}}") == "exited", "the loss is noticed");

        box.Ok("start", "lost");
        box.Ok("rm", "-f", "lost");
        box.Ok("volume", "rm", "orphan");

        Assert.DoesNotContain("orphan/_data", File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_ToADirectory_IsThatDirectory()
    {
        var directory = Directory.CreateDirectory(Path.Combine(box.Files, "shared-dir")).FullName;
        File.WriteAllText(Path.Combine(directory, "there"), "1");
        box.Ok("run", "--rm", "--mount", $"src=bound,dst=/b,volume-opt=type=none,volume-opt=device={directory},\"volume-opt=o=bind,ro\"", "busybox", "ls", "/b");

        Assert.Equal("there", box.Ok("run", "--rm", "-v", "bound:/b", "busybox", "ls", "/b"));
        box.Vitrine("run", "--rm", "-v", "bound:/b", "busybox", "touch", "/b/new").ShouldFail(1, "Read-only file system");
        Directory.Delete(directory, recursive: true);
        box.Vitrine("run", "--rm", "-v", "bound:/b", "busybox", "true").ShouldFail(125, "failed to mount local volume");
        box.Ok("volume", "rm", "bound");
    }

    [Fact]
    public void Subpath_StaysInsideTheVolume()
    {
        box.Ok("run", "--rm", "-v", "parts:/p", "busybox", "sh", "-c", "mkdir -p /p/a/b; echo in > /p/a/b/f; ln -s /etc /p/out; ln -s ../a/b /p/a/link");

        Assert.Equal("in", box.Ok("run", "--rm", "--mount", "src=parts,dst=/m,volume-subpath=a/b", "busybox", "cat", "/m/f"));
        Assert.Equal("in", box.Ok("run", "--rm", "--mount", "src=parts,dst=/m,volume-subpath=a/link", "busybox", "cat", "/m/f"));
        box.Vitrine("run", "--rm", "--mount", "src=parts,dst=/m,volume-subpath=out", "busybox", "true").ShouldFail(125, "parts/_data");
        box.Vitrine("run", "--rm", "--mount", "src=parts,dst=/m,volume-subpath=../x", "busybox", "true").ShouldFail(125, "subpath");
    }

    [Theory]
    [InlineData("a/b", "create a/b: \"a/b\" includes invalid characters for a local volume name")]
    [InlineData("x", "create x: volume name is too short")]
    [InlineData("--driver=cloud data", "create data: error looking up volume plugin cloud: plugin \"cloud\" not found")]
    [InlineData("--opt=colour=red data", "create data: invalid option: \"colour\"")]
    [InlineData("--opt=type=tmpfs data", "create data: missing required option: \"device\"")]
    public void Create_WhatCannotBe_SaysWhy(string arguments, string words) =>
        box.Vitrine(["volume", "create", .. arguments.Split(' ')]).ShouldFail(1, words);

    /// <summary>busybox, and an image on it that has something at its volume /data.</summary>
    public sealed class Box : Sandbox
    {
        public Box()
            : base("busybox")
        {
            var tree = Directory.CreateDirectory(Path.Combine(Files, "tree")).FullName;
            Ok("create", "--name", "source", "busybox");
            var archive = Path.Combine(Files, "stocked.tar");
            Ok("export", "--output", archive, "source");
            Ok("rm", "source");
            Command.Run("tar", "-C", tree, "-xf", archive).ShouldSucceed();
            Directory.CreateDirectory(Path.Combine(tree, "data"));
            File.WriteAllText(Path.Combine(tree, "data/file"), "1");
            Command.Run("sh", "-c", $"cd {tree} && chown -R 1234:2345 data && chmod 2750 data && chmod 640 data/file && tar -cf ../stocked.tar .").ShouldSucceed();
            Ok("import", "--change", "VOLUME /data", "--change", "CMD [\"sh\"]", archive, "stocked");
        }
    }
}
