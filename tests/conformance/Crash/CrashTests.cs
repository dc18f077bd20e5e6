using System.Globalization;
using System.Text.Json.Nodes;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Conformance.Crash;

/// <summary>
/// vitrine-oci killed with SIGKILL at each of its own steps, and at each instruction of the setup program: delete --force
/// leaves nothing. By a flag that only vitrine-oci has. VITRINE_SOAK=N makes the loops N long and takes every instruction.
/// </summary>
public sealed class CrashTests : IDisposable
{
    private const int Killed = 137;

    private readonly Bundle _bundle;

    public CrashTests()
    {
        if (!Bundle.IsOurs)
            Assert.Skip("needs a flag of vitrine-oci");
        // Only now: what a constructor that skips has made, nobody disposes.
        _bundle = new Bundle();
    }

    public void Dispose() => _bundle.Dispose();

    private static int Soak => int.TryParse(Environment.GetEnvironmentVariable("VITRINE_SOAK"), out var count) ? count : 0;

    [Fact]
    public void Create_KilledAtEachOfItsSteps_IsCleanedUp()
    {
        _bundle.Spec["process"]!["args"] = new JsonArray("sleep", "1000");
        var step = 0;
        while (CrashAt($"{step}"))
            step++;
        Assert.InRange(step, 7, 50);
    }

    [Fact]
    public void Create_KilledAtTheInstructions_IsCleanedUp()
    {
        _bundle.Spec["process"]!["args"] = new JsonArray("sleep", "1000");
        var stride = Soak > 0 ? 1 : 5;
        var instruction = 0;
        while (CrashAt(string.Create(CultureInfo.InvariantCulture, $"-1:{instruction}")))
            instruction += stride;
        Assert.InRange(instruction, 100, 2000);
    }

    [Fact]
    public void Start_KilledBetweenGoAndItsEnd_LeavesARunningContainerThatCanBeDeleted()
    {
        _bundle.Spec["process"]!["args"] = new JsonArray("sh", "-c", "echo up; sleep 1000");
        _bundle.Create().ShouldSucceed();
        // What a start does that is killed right after: it lets the process go and does not remove the fifo.
        File.WriteAllText($"{_bundle.Path}/state/{_bundle.Id}/exec.fifo", "0");
        Eventually.Equal("up\n", () => _bundle.Output, 30);
        _bundle.AwaitStatus("running");
        _bundle.Runtime("start", _bundle.Id).ShouldFail(1, "already running");
        _bundle.Ok("delete", "--force", _bundle.Id);
        ShouldBeGone();
    }

    [Fact]
    public void TwoHundredAtOnce_AllRun()
    {
        _bundle.Spec["linux"]!.AsObject().Remove("cgroupsPath");
        _bundle.Spec["process"]!["args"] = new JsonArray("echo", "ran");
        _bundle.Runtime("--version");
        // What stands for the number is in no temporary name, as a letter would be now and then.
        var script = $"seq 200 | xargs -P 200 -I % '{Bundle.RuntimePath}' --root '{_bundle.Path}/state' run --bundle '{_bundle.Path}' {_bundle.Id}-%";
        var result = Command.Run("sh", ["-c", script], null, null, TimeSpan.FromMinutes(3)).ShouldSucceed();
        Assert.Equal(200, result.Lines.Count(line => line == "ran"));
        Assert.Empty(Directory.GetDirectories($"{_bundle.Path}/state"));
    }

    [Fact]
    public void ManyOneAfterTheOther_LeaveNothing()
    {
        var count = Soak > 0 ? Soak : 50;
        _bundle.StartSleeper("echo up; exec sleep 1000000");
        using var other = new Bundle();
        other.Spec["process"]!["args"] = new JsonArray("true");
        for (var i = 0; i < count; i++)
        {
            other.Ok("run", "--bundle", other.Path, other.Id);
            _bundle.Ok("exec", _bundle.Id, "true");
        }

        Assert.Empty(other.LeftCgroups);
        Assert.Equal($"[{_bundle.Pid}]", _bundle.Ok("ps", "--format", "json", _bundle.Id));
    }

    /// <summary>Whether the creation was killed there; false where it came to its end.</summary>
    private bool CrashAt(string point)
    {
        File.WriteAllText($"{_bundle.Path}/config.json", _bundle.Spec.ToJsonString());
        var result = Command.Run("sh", "-c", "exec \"$@\" </dev/null >/dev/null 2>&1", "sh", Bundle.RuntimePath, "--root", $"{_bundle.Path}/state",
            "--crash-at", point, "create", "--bundle", _bundle.Path, _bundle.Id);
        Assert.True(result.ExitCode is 0 or Killed, $"at {point}: exit code {result.ExitCode}");
        _bundle.Runtime("delete", "--force", _bundle.Id).ShouldSucceed();
        ShouldBeGone();
        return result.ExitCode == Killed;
    }

    private void ShouldBeGone()
    {
        Assert.Empty(_bundle.LeftCgroups);
        Assert.Empty(Directory.GetDirectories($"{_bundle.Path}/state"));
        Eventually.True(() => ProcessTable.WithArgument(_bundle.Path).Count == 0, "no process is left", 30);
        Assert.DoesNotContain(_bundle.Path, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }
}
