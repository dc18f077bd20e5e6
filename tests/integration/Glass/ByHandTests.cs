using System.Text.Json.Nodes;
using Vitrine.TestKit;
using Vitrine.Tests.Integration.Hardening;
using Xunit;

namespace Vitrine.Tests.Integration.Glass;

/// <summary>explain --script: the process that the script makes is what the container's is, by the kernel's own account.</summary>
public sealed class ByHandTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    public static TheoryData<string> Flags =>
    [
        "",
        "--cap-drop ALL --cap-add CHOWN --cap-add NET_ADMIN",
        "--read-only --tmpfs /run",
        "--tmpfs /scratch:size=1m,mode=1777,noexec",
        "-v by-hand-data:/data -v by-hand-data:/site:ro -v FILES:/deep/below:ro",
        "--memory 64m --memory-swap 128m --memory-reservation 32m --pids-limit 50",
        "--cpus 0.5 --cpu-shares 512 --cpuset-cpus 0",
        "--network none",
        "--network host",
        "--hostname web --domainname example.org",
        "--init",
        "--workdir /work/here --user 1000:1001 --group-add 7",
        "-e A=one -e B=it's;$(true) -e C=\u001b]0;owned\u0007 --oom-score-adj 300",
        "--device /dev/fuse",
        "--ulimit nofile=512:1000 --ulimit core=0",
        "--sysctl net.ipv4.ip_unprivileged_port_start=0 --sysctl kernel.shm_rmid_forced=1 --shm-size 32m",
        "--privileged",
        "--security-opt no-new-privileges --security-opt seccomp=unconfined",
        "--pid host --ipc host --uts host",
        "--cgroupns host",
    ];

    [Theory]
    [MemberData(nameof(Flags))]
    public void Script_RunByHand_MakesTheSameProcess(string flags)
    {
        Need.CgroupV1();
        var id = box.Ok(["run", "--detach", .. flags.Replace("FILES", box.Files, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries), "busybox", "sleep", "600"]);

        using (var byHand = new HandScriptRun(box.Files, box.Ok("explain", "--script", id)))
            ShouldBeAlike(Command(box.Pid(id), flags), () => Command(byHand.Pid, flags));

        box.Ok("rm", "--force", "--volumes", id);
    }

    [Fact]
    public void Script_OfAContainerThatJoinedAnothersNetwork_JoinsItToo()
    {
        var other = box.Ok("run", "--detach", "busybox", "sleep", "600");
        var id = box.Ok("run", "--detach", "--network", $"container:{other}", "--ipc", "host", "busybox", "sleep", "600");

        using (var byHand = new HandScriptRun(box.Files, box.Ok("explain", "--script", id)))
        {
            ShouldBeAlike(box.Pid(id), () => byHand.Pid);
            Assert.Equal(ProcessTable.Namespace(box.Pid(other), "net"), ProcessTable.Namespace(byHand.Pid, "net"));
        }

        box.Ok("rm", "--force", other, id);
    }

    [Fact]
    public void Script_OfAUserNamespace_HasTheSameIdMaps()
    {
        using var bundle = new OciBundle();
        File.SetUnixFileMode(bundle.Directory, (UnixFileMode)0x1ED);
        bundle.Linux["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user" });
        foreach (var map in (string[])["uidMappings", "gidMappings"])
            bundle.Linux[map] = JsonNode.Parse("""[{"containerID": 0, "hostID": 100000, "size": 1000}, {"containerID": 1000, "hostID": 300000, "size": 500}]""");
        bundle.Process["user"] = JsonNode.Parse("""{"uid": 1001, "gid": 1002, "additionalGids": [5]}""");
        var (name, pid) = bundle.Create("sleep", "600");
        bundle.Oci("start", name).ShouldSucceed();
        Eventually.Equal("sleep 600", () => string.Join(' ', ProcessPicture.Words(pid, "cmdline")), 30);

        // Root of the user namespace is an ordinary user of the host, who must be able to reach the script's directory.
        using var byHand = new HandScriptRun(bundle.Directory, box.Ok("explain", "--script", $"{pid}"));

        Assert.Equal("0 100000 1000 1000 300000 500", string.Join(' ', File.ReadAllText($"/proc/{byHand.Pid}/uid_map").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        ShouldBeAlike(pid, () => byHand.Pid);
    }

    [Fact]
    public void Script_OfABareUnshare_NeedsNoEngine()
    {
        using var bare = TestKit.Command.Start("unshare", ["--user", "--map-root-user", "--mount", "--pid", "--net", "--uts", "--fork", "--mount-proc", "--kill-child", "sleep", "600"]);
        try
        {
            var child = 0;
            Eventually.True(() => int.TryParse(File.ReadAllText($"/proc/{bare.Id}/task/{bare.Id}/children").Trim(), out child)
                && ProcessPicture.Words(child, "cmdline") is ["sleep", ..], "unshare started sleep", 30);

            using var byHand = new HandScriptRun(box.Files, box.Ok("explain", "--script", $"{child}"));

            ShouldBeAlike(child, () => byHand.Pid);
        }
        finally
        {
            bare.Kill();
        }
    }

    [Fact]
    public void Script_OfAContainerWithASecret_AsksForItAndIsToldIt()
    {
        var id = box.Ok("run", "--detach", "-e", "DB_PASSWORD=correct-horse", "busybox", "sleep", "600");

        var script = box.Ok("explain", "--script", id);
        Assert.DoesNotContain("correct-horse", script, StringComparison.Ordinal);
        Assert.Contains("DB_PASSWORD=correct-horse", box.Ok("explain", "--script", "--reveal", id), StringComparison.Ordinal);

        var given = new Dictionary<string, string?> { ["SECRET_DB_PASSWORD"] = "other horse" };
        using (var byHand = new HandScriptRun(box.Files, script, given))
        {
            Eventually.Equal("sleep", () => ProcessPicture.Words(byHand.Pid, "cmdline")[0], 60);
            Assert.Contains("DB_PASSWORD=other horse", ProcessPicture.Words(byHand.Pid, "environ"));
        }

        box.Ok("rm", "--force", id);
    }

    /// <summary>The tests are in namespaces of their own; what started them is not.</summary>
    [Fact]
    public void Script_OfAnOrdinaryProcess_IsRefused() =>
        box.Vitrine("explain", "--script", $"{ProcessTable.Parent(Environment.ProcessId)}").ShouldFail(1, "ordinary process of this host");

    /// <summary>The command itself: with an init, the init's child.</summary>
    private static int Command(int pid, string flags)
    {
        if (!flags.Contains("--init", StringComparison.Ordinal))
            return pid;
        var child = 0;
        Eventually.True(() => int.TryParse(File.ReadAllText($"/proc/{pid}/task/{pid}/children").Trim(), out child), "the init has a child", 60);
        return child;
    }

    private static void ShouldBeAlike(int container, Func<int> byHand)
    {
        // The script tells of its process a moment before that becomes the command.
        var command = string.Join(' ', ProcessPicture.Words(container, "cmdline"));
        Eventually.Equal(command, () => string.Join(' ', ProcessPicture.Words(byHand(), "cmdline")), 60);
        Assert.Equal(ProcessPicture.Of(container), ProcessPicture.Of(byHand()));
    }
}
