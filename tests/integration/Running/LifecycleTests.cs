using System.Diagnostics;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Running;

/// <summary>create, start, stop, kill, restart, wait, rm, ps, restart policies.</summary>
public sealed class LifecycleTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    private const string Patient = "trap 'exit 3' TERM; echo ready; while true; do sleep 0.05; done";

    [Fact]
    public void CreateStartStop_WalkThroughTheStates()
    {
        box.Ok("create", "--name", "walk", "busybox", "sh", "-c", Patient);
        Assert.Equal("created", box.Inspect("walk", "{{.State.Status}}"));

        Assert.Equal("walk", box.Ok("start", "walk"));
        Assert.Equal("running true", box.Inspect("walk", "{{.State.Status}} {{.State.Running}}"));

        // Until the shell has its trap, the kernel keeps SIGTERM from the first process of a pid namespace.
        Eventually.True(() => box.Ok("logs", "walk").Contains("ready", StringComparison.Ordinal), "the shell has set its trap");
        Assert.Equal("walk", box.Ok("stop", "walk"));
        Assert.Equal("exited 3", box.Inspect("walk", "{{.State.Status}} {{.State.ExitCode}}"));

        box.Ok("start", "walk");
        box.Ok("kill", "walk");
        Assert.Equal("exited 137", box.Inspect("walk", "{{.State.Status}} {{.State.ExitCode}}"));
    }

    [Fact]
    public void Start_KeepsWhatTheContainerWrote()
    {
        box.Ok("create", "--name", "writer", "busybox", "sh", "-c", "echo x >> /count; wc -l < /count");

        Assert.Equal("1", box.Ok("start", "-a", "writer"));
        Assert.Equal("2", box.Ok("start", "-a", "writer"));
    }

    [Fact]
    public void Stop_OfADeafProcess_KillsAfterTheTimeout()
    {
        box.Ok("run", "-d", "--name", "deaf", "busybox", "sh", "-c", "trap '' TERM; while true; do sleep 0.1; done");

        var watch = Stopwatch.StartNew();
        box.Ok("stop", "--timeout", "1", "deaf");

        Assert.InRange(watch.Elapsed.TotalSeconds, 0.9, 5);
        Assert.Equal("137", box.Inspect("deaf", "{{.State.ExitCode}}"));
    }

    [Fact]
    public void Stop_UsesTheStopSignal()
    {
        box.Ok("run", "-d", "--name", "quits", "--stop-signal", "QUIT", "busybox", "sh", "-c", "trap 'exit 9' QUIT; while true; do sleep 0.05; done");

        box.Ok("stop", "quits");

        Assert.Equal("9", box.Inspect("quits", "{{.State.ExitCode}}"));
    }

    [Fact]
    public void Kill_WithASignal_OnlySendsIt()
    {
        box.Ok("run", "-d", "--name", "hup", "busybox", "sh", "-c", "trap 'echo hup' HUP; while true; do sleep 0.05; done");

        box.Ok("kill", "--signal", "HUP", "hup");

        Eventually.Equal("hup", () => box.Ok("logs", "hup"));
        Assert.Equal("running", box.Inspect("hup", "{{.State.Status}}"));
    }

    [Fact]
    public void Restart_GivesANewProcess()
    {
        box.Ok("run", "-d", "--name", "again", "busybox", "sh", "-c", Patient);
        var before = box.Pid("again");

        box.Ok("restart", "again");

        Assert.NotEqual(before, box.Pid("again"));
        Assert.False(ProcessTable.Exists(before));
    }

    [Fact]
    public void Wait_PrintsTheExitCode()
    {
        box.Ok("run", "-d", "--name", "waited", "busybox", "sh", "-c", "sleep 0.3; exit 5");

        Assert.Equal("5", box.Ok("wait", "waited"));
        Assert.Equal("5", box.Ok("wait", "waited"));
    }

    [Fact]
    public void Remove_OfARunningContainer_NeedsForce()
    {
        var id = box.Ok("run", "-d", "--name", "busy", "busybox", "sleep", "60");

        box.Vitrine("rm", "busy").ShouldFail(1, "container is running");
        Assert.Equal("busy", box.Ok("rm", "-f", "busy"));
        Assert.Empty(Cgroups.Of(id));
        box.Vitrine("inspect", "busy").ShouldFail(1, "No such object: busy");
    }

    [Fact]
    public void Names_AreUniqueAndFreedByRemoval()
    {
        box.Ok("create", "--name", "taken", "busybox");
        box.Vitrine("create", "--name", "taken", "busybox").ShouldFail(1, "already in use");
        box.Vitrine("run", "--name", "taken", "busybox").ShouldFail(125, "already in use");

        box.Ok("rm", "taken");
        box.Ok("create", "--name", "taken", "busybox");
    }

    [Fact]
    public void Ps_FiltersAndFormats()
    {
        var running = box.Ok("run", "-d", "--name", "ps-run", "--label", "kind=ps", "busybox", "sleep", "60");
        var ended = box.Ok("run", "-d", "--name", "ps-end", "--label", "kind=ps", "busybox", "false");
        box.Ok("wait", "ps-end");

        Assert.Equal(running[..12], box.Ok("ps", "-q", "--filter", "label=kind=ps"));
        Assert.Equal(2, box.Ok("ps", "-aq", "--filter", "label=kind=ps").Split('\n').Length);
        Assert.Equal(ended, box.Ok("ps", "-aq", "--no-trunc", "--filter", "label=kind", "--filter", "status=exited"));
        Assert.Equal("ps-end", box.Ok("ps", "-a", "--filter", "exited=1", "--filter", "label=kind=ps", "--format", "{{.Names}}"));
        Assert.Equal("ps-run\tbusybox\trunning", box.Ok("ps", "--filter", "name=ps-run", "--format", "{{.Names}}\t{{.Image}}\t{{.State}}"));
        Assert.Matches("^CONTAINER ID +IMAGE +COMMAND +CREATED +STATUS +PORTS +NAMES", box.Ok("ps"));
        Assert.Contains("\"Names\":\"ps-run\"", box.Ok("ps", "--format", "json"), StringComparison.Ordinal);
    }

    [Fact]
    public void RestartPolicy_OnFailure_GivesUpAfterItsCount()
    {
        box.Ok("run", "-d", "--name", "fails", "--restart", "on-failure:2", "busybox", "sh", "-c", "echo try; exit 4");

        Eventually.Equal("exited 2", () => box.Inspect("fails", "{{.State.Status}} {{.RestartCount}}"));
        Assert.Equal("try\ntry\ntry", box.Ok("logs", "fails"));
        Assert.Equal("4", box.Inspect("fails", "{{.State.ExitCode}}"));
    }

    [Fact]
    public void RestartPolicy_Always_RestartsUntilStopped()
    {
        box.Ok("run", "-d", "--name", "stubborn", "--restart", "always", "busybox", "sh", "-c", "sleep 0.1");

        Eventually.True(() => int.Parse(box.Inspect("stubborn", "{{.RestartCount}}")) >= 2, "two restarts");
        box.Ok("stop", "--timeout", "1", "stubborn");

        Assert.Equal("exited", box.Inspect("stubborn", "{{.State.Status}}"));
    }

    [Fact]
    public void RestartPolicy_OnFailure_LeavesSuccessAlone()
    {
        box.Ok("run", "-d", "--name", "fine", "--restart", "on-failure", "busybox", "true");

        Eventually.Equal("exited 0", () => box.Inspect("fine", "{{.State.Status}} {{.RestartCount}}"));
    }

    [Fact]
    public void Top_ShowsTheContainersProcesses()
    {
        box.Ok("run", "-d", "--name", "topped", "busybox", "sleep", "61");

        Assert.Matches(@"sleep 61", box.Ok("top", "topped"));
    }

    [Fact]
    public void Exec_RunsBesideTheProcess()
    {
        box.Ok("run", "-d", "--name", "host", "-e", "A=1", "busybox", "sleep", "60");

        Assert.Equal("1 2", box.Ok("exec", "-e", "B=2", "host", "sh", "-c", "echo $A $B"));
        Assert.Equal("/tmp", box.Ok("exec", "-w", "/tmp", "host", "pwd"));
        Assert.Equal("uid=1000(user)", box.Ok("exec", "-u", "user", "host", "id")[..14]);
        Assert.Equal("3", box.VitrineWithInput("abc", "exec", "-i", "host", "wc", "-c").ShouldSucceed().Text.Trim());
        box.Vitrine("exec", "host", "sh", "-c", "exit 9").ShouldExit(9);
        box.Vitrine("exec", "host", "no-such-program").ShouldFail(127, "no-such-program");
        box.Vitrine("exec", "host", "/etc/passwd").ShouldFail(126, "permission denied");
        Assert.Contains("sleep 60", box.Ok("exec", "host", "ps"), StringComparison.Ordinal);
    }

    [Fact]
    public void Exec_Detached_GoesOn()
    {
        box.Ok("run", "-d", "--name", "bg", "busybox", "sleep", "60");

        box.Ok("exec", "-d", "bg", "sh", "-c", "sleep 0.1; touch /done");

        Eventually.Equal(0, () => box.Vitrine("exec", "bg", "test", "-e", "/done").ExitCode);
    }

    [Fact]
    public void Exec_InAStoppedContainer_IsRefused()
    {
        box.Ok("create", "--name", "idle", "busybox");

        box.Vitrine("exec", "idle", "true").ShouldFail(1, "is not running");
    }

    [Fact]
    public void Exec_HasTheContainersLimitsAndFilters()
    {
        box.Ok("run", "-d", "--name", "caged", "busybox", "sleep", "60");

        Assert.Equal(
            box.Ok("exec", "caged", "grep", "-E", "^(Cap|Seccomp:|NoNewPrivs)", "/proc/1/status"),
            box.Ok("exec", "caged", "grep", "-E", "^(Cap|Seccomp:|NoNewPrivs)", "/proc/self/status"));
        Assert.Equal("0 1 2 3", box.Ok("exec", "caged", "ls", "/proc/self/fd").ReplaceLineEndings(" "));
        Assert.Equal(box.Ok("exec", "caged", "cat", "/proc/1/cgroup"), box.Ok("exec", "caged", "cat", "/proc/self/cgroup"));
    }

    [Fact]
    public void Attach_SeesOutputAndCanLeaveWithoutHarm()
    {
        box.Ok("run", "-d", "-i", "--name", "talk", "busybox", "cat");
        using (var client = box.Start("attach", "talk"))
        {
            client.StandardInput.Write("ping\n");
            client.StandardInput.Flush();
            Assert.Equal("ping", client.StandardOutput.ReadLine());
            client.Kill();
            client.WaitForExit();
        }

        Assert.Equal("running", box.Inspect("talk", "{{.State.Status}}"));
        Assert.Equal("ping", box.Ok("logs", "talk"));
    }

    [Fact]
    public void ContainerNamespaces_CanBeShared()
    {
        box.Ok("run", "-d", "--name", "base", "--ipc", "shareable", "busybox", "sleep", "60");

        Assert.Contains("sleep 60", box.Ok("run", "--rm", "--pid", "container:base", "busybox", "ps"), StringComparison.Ordinal);
        box.Ok("run", "-d", "--name", "joined", "--network", "container:base", "--ipc", "container:base", "busybox", "sleep", "60");
        Assert.All(["net", "ipc"], kind =>
            Assert.Equal(ProcessTable.Namespace(box.Pid("base"), kind), ProcessTable.Namespace(box.Pid("joined"), kind)));
        box.Ok("exec", "base", "sh", "-c", "echo shared > /dev/shm/x");
        Assert.Equal("shared", box.Ok("exec", "joined", "cat", "/dev/shm/x"));
    }

    [Fact]
    public void HostNamespaces_AreTheHosts()
    {
        box.Ok("run", "-d", "--name", "open", "--pid", "host", "--network", "host", "--ipc", "host", "--uts", "host", "busybox", "sleep", "60");

        Assert.All(["pid", "net", "ipc", "uts"], kind =>
            Assert.Equal(ProcessTable.Namespace(System.Environment.ProcessId, kind), ProcessTable.Namespace(box.Pid("open"), kind)));
    }
}
