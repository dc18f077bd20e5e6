using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Running;

/// <summary>Health checks, which the shim runs: no other process of ours is needed for them.</summary>
public sealed class HealthTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    private static readonly string[] s_often = ["--health-interval", "100ms", "--health-start-interval", "100ms", "--health-retries", "2"];

    [Fact]
    public void Check_GoesFromStartingToHealthyToUnhealthyAndBack()
    {
        box.Ok(["run", "-d", "--name", "moody", "--health-cmd", "echo looked; test -e /tmp/well", "--health-start-period", "1h", .. s_often,
            "busybox", "sleep", "1000"]);
        Assert.Contains("(health: starting)", Status("moody"), StringComparison.Ordinal);
        Assert.Equal("moody", Names("starting"));

        box.Ok("exec", "moody", "touch", "/tmp/well");
        Eventually.Equal("healthy", () => Health("moody"), 30);
        Assert.Contains("(healthy)", Status("moody"), StringComparison.Ordinal);
        Assert.Equal("moody", Names("healthy"));
        Assert.Equal("looked\n", box.InspectJson("moody").GetProperty("State").GetProperty("Health").GetProperty("Log")[0].GetProperty("Output").GetString());

        box.Ok("exec", "moody", "rm", "/tmp/well");
        Eventually.Equal("unhealthy", () => Health("moody"), 30);
        Assert.InRange(int.Parse(box.Inspect("moody", "{{.State.Health.FailingStreak}}")), 2, int.MaxValue);
        Assert.Equal("moody", Names("unhealthy"));

        box.Ok("exec", "moody", "touch", "/tmp/well");
        Eventually.Equal("healthy", () => Health("moody"), 30);
        Assert.Equal("health_status: healthy\nhealth_status: unhealthy\nhealth_status: healthy",
            box.Ok("events", "--since", "1h", "--until", "0s", "--filter", "container=moody", "--filter", "event=health_status", "--format", "{{.Action}}"));
        Eventually.True(() => box.InspectJson("moody").GetProperty("State").GetProperty("Health").GetProperty("Log").GetArrayLength() == 5, "five are kept", 30);
        box.Ok("rm", "-f", "moody");
    }

    [Fact]
    public void Check_TooSlow_IsKilled_AndItsOutputBounded()
    {
        box.Ok(["run", "-d", "--name", "slow", "--health-cmd", "yes | head -c 9999; exec sleep 1000", "--health-timeout", "2s", "--health-interval", "100ms", "--health-retries", "1",
            "busybox", "sleep", "1000"]);
        Eventually.Equal("unhealthy", () => Health("slow"), 30);

        var result = box.InspectJson("slow").GetProperty("State").GetProperty("Health").GetProperty("Log")[0];

        Assert.Equal(-1, result.GetProperty("ExitCode").GetInt32());
        var output = result.GetProperty("Output").GetString()!;
        Assert.StartsWith("Health check exceeded timeout (2s): y\n", output, StringComparison.Ordinal);
        Assert.EndsWith("...", output, StringComparison.Ordinal);
        Assert.InRange(output.Length, 4096, 4200);
        box.Ok("rm", "-f", "slow");
    }

    [Fact]
    public void Check_ThatCannotBeRun_SaysWhy()
    {
        box.Ok(["run", "-d", "--name", "nocheck", "--health-cmd", "true", .. s_often, "busybox", "sh", "-c", "rm /bin/sh; exec sleep 1000"]);
        Eventually.Equal("unhealthy", () => Health("nocheck"), 30);

        Assert.Contains("/bin/sh", box.Inspect("nocheck", "{{json .State.Health.Log}}"), StringComparison.Ordinal);
        box.Ok("rm", "-f", "nocheck");
    }

    [Fact]
    public void OnFailure_KillsStopsOrRestarts()
    {
        string[] sick = [.. s_often, "--health-cmd", "false", "busybox", "sh", "-c", "trap 'exit 9' TERM; while :; do sleep 0.1; done"];
        box.Ok(["run", "-d", "--name", "killed", "--health-on-failure", "kill", .. sick]);
        box.Ok(["run", "-d", "--name", "stopped", "--health-on-failure", "stop", "--restart", "always", .. sick]);
        box.Ok(["run", "-d", "--name", "restarted", "--health-on-failure", "restart", .. sick]);

        Eventually.Equal("exited 137", () => box.Inspect("killed", "{{.State.Status}} {{.State.ExitCode}}"), 30);
        Eventually.Equal("exited 9", () => box.Inspect("stopped", "{{.State.Status}} {{.State.ExitCode}}"), 30);
        Eventually.True(() => int.Parse(box.Inspect("restarted", "{{.RestartCount}}")) >= 2, "it is restarted again and again", 30);
        Assert.Equal("unhealthy", Health("killed"));
        box.Ok("rm", "-f", "killed", "stopped", "restarted");
    }

    [Fact]
    public void ImagesCheck_IsTaken_ChangedOrLeftOut()
    {
        box.Ok("run", "--name", "maker", "busybox", "true");
        var tar = Path.Combine(box.Files, "root.tar");
        Command.Run("tar", ["-C", Path.GetDirectoryName(Need.FindProgram("busybox"))!, "-cf", tar, "--transform", "s,^,bin/,", "busybox"], null, null, null).ShouldSucceed();
        box.Ok("import", "--change", "HEALTHCHECK --interval=100ms --retries=1 CMD [\"/bin/busybox\", \"test\", \"-e\", \"/well\"]", tar, "checked");

        box.Ok("run", "-d", "--name", "asis", "checked", "/bin/busybox", "sleep", "1000");
        box.Ok("run", "-d", "--name", "without", "--no-healthcheck", "checked", "/bin/busybox", "sleep", "1000");

        Eventually.Equal("unhealthy", () => Health("asis"), 30);
        box.Ok("exec", "asis", "/bin/busybox", "touch", "/well");
        Eventually.Equal("healthy", () => Health("asis"), 30);
        Assert.Equal("[NONE] none", box.Inspect("without", "{{.Config.Healthcheck.Test}} {{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}"));
        Assert.False(box.InspectJson("without").GetProperty("State").TryGetProperty("Health", out _));
        Assert.Equal("without", Names("none", "without"));
        box.Ok("rm", "-f", "asis", "without", "maker");
    }

    [Theory]
    [InlineData("--health-interval", "fast", "fast")]
    [InlineData("--health-interval", "1ns", "Interval")]
    [InlineData("--health-retries", "-1", "--health-retries")]
    [InlineData("--health-on-failure", "panic", "panic")]
    public void BadInput_IsNamed(string flag, string value, string named) =>
        box.Vitrine("run", "--health-cmd", "true", flag, value, "busybox", "true").ShouldFail(125, named);

    private string Health(string container) => box.Inspect(container, "{{.State.Health.Status}}").Trim();

    private string Status(string container) => box.Ok("ps", "--all", "--filter", $"name=^{container}$", "--format", "{{.Status}}");

    private string Names(string health, string name = "moody") =>
        box.Ok("ps", "--filter", $"health={health}", "--filter", $"name=^{name}$", "--format", "{{.Names}}").Trim();
}
