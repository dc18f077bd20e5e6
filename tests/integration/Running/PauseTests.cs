using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Running;

/// <summary>Containers that stand still, and what else is done to them meanwhile.</summary>
public sealed class PauseTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    private const string Counting = "i=0; while :; do i=$((i+1)); echo $i >/tmp/count; sleep 0.02; done";

    [Fact]
    public void Pause_StopsTheProcess_UnpauseLetsItGoOn()
    {
        box.Ok("run", "-d", "--name", "still", "busybox", "sh", "-c", Counting);
        var count = Path.Combine(box.Inspect("still", "{{.GraphDriver.Data.UpperDir}}"), "tmp", "count");
        Eventually.True(() => File.Exists(count), "it counts", 30);

        Assert.Equal("still", box.Ok("pause", "still"));
        Assert.Equal("paused true true", box.Inspect("still", "{{.State.Status}} {{.State.Paused}} {{.State.Running}}"));
        Assert.EndsWith("(Paused)", box.Ok("ps", "--filter", "status=paused", "--filter", "name=^still$", "--format", "{{.Status}}"), StringComparison.Ordinal);
        // It stands still: the state of every one of its processes is what the freezer made it, whatever the clock says.
        var before = File.ReadAllText(count);
        box.Vitrine("exec", "still", "true").ShouldFail(1, "is paused, unpause the container before exec");
        box.Vitrine("pause", "still").ShouldFail(1, "is already paused");
        Assert.Equal(before, File.ReadAllText(count));

        Assert.Equal("still", box.Ok("unpause", "still"));
        Eventually.True(() => File.ReadAllText(count) is var now && now.Length > 0 && now != before, "it counts on", 30);
        Assert.Equal("running", box.Inspect("still", "{{.State.Status}}"));
        box.Vitrine("unpause", "still").ShouldFail(1, "is not paused");
        Assert.Equal("pause\nunpause", Actions("still", "pause", "unpause"));
        box.Ok("rm", "-f", "still");
    }

    [Theory]
    [InlineData("stop", 0)]
    [InlineData("kill", 137)]
    public void Stopping_EndsThePause(string verb, int code)
    {
        var name = $"ends{verb}";
        box.Ok("run", "-d", "--name", name, "busybox", "sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.05; done");
        box.Ok("pause", name);

        box.Ok(verb, name);

        Assert.Equal($"exited {code}", box.Inspect(name, "{{.State.Status}} {{.State.ExitCode}}"));
        box.Ok("rm", name);
    }

    [Fact]
    public void Paused_CanBeRestartedAndRemoved()
    {
        box.Ok("run", "-d", "--name", "frozen", "busybox", "sleep", "1000");
        box.Ok("pause", "frozen");

        box.Ok("restart", "-t", "0", "frozen");
        Assert.Equal("running", box.Inspect("frozen", "{{.State.Status}}"));
        box.Ok("exec", "frozen", "true");
        box.Ok("pause", "frozen");
        box.Vitrine("rm", "frozen").ShouldFail(1, "container is paused");
        box.Ok("rm", "-f", "frozen");
    }

    [Fact]
    public void Paused_WithItsShimKilled_IsCleanedUp()
    {
        box.Ok("run", "-d", "--name", "orphan", "busybox", "sleep", "1000");
        var shim = box.ShimPid("orphan");
        box.Ok("pause", "orphan");

        Command.Run("kill", ["-KILL", $"{shim}"], null, null, null).ShouldSucceed();

        Eventually.Equal("exited 255", () => box.Inspect("orphan", "{{.State.Status}} {{.State.ExitCode}}"), 30);
        box.Ok("start", "orphan");
        box.Ok("exec", "orphan", "true");
        box.Ok("rm", "-f", "orphan");
    }

    [Fact]
    public void NotRunning_IsNamed()
    {
        box.Ok("create", "--name", "idle", "busybox", "true");

        box.Vitrine("pause", "idle").ShouldFail(1, "is not running");
        box.Vitrine("unpause", "idle").ShouldFail(1, "is not");
        box.Vitrine("pause", "nobody").ShouldFail(1, "No such container: nobody");
        box.Ok("rm", "idle");
    }

    private string Actions(string container, params string[] actions) => box.Ok(
        ["events", "--since", "1h", "--until", "0s", "--filter", $"container={container}", "--format", "{{.Action}}", .. actions.SelectMany(action => new[] { "--filter", $"event={action}" })]);
}
