using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Conformance.Kill;

/// <summary>kill: by name and number, to the first process or to all, and not to a container that has stopped.</summary>
public sealed class KillTests : IDisposable
{
    private readonly Bundle _bundle = new();

    public void Dispose() => _bundle.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("SIGTERM")]
    [InlineData("15")]
    public void Kill_BySignal_ReachesTheProgram(string signal)
    {
        _bundle.StartSleeper("trap 'echo caught; exit' TERM; echo up; while true; do sleep 0.05; done");
        _bundle.Ok("kill", _bundle.Id, signal);
        Eventually.Equal("up\ncaught\n", () => _bundle.Output, 30);
        _bundle.AwaitStatus("stopped");
    }

    [Fact]
    public void Kill_OfAStoppedContainer_SaysSo()
    {
        _bundle.StartSleeper();
        _bundle.Ok("kill", _bundle.Id, "KILL");
        _bundle.AwaitStatus("stopped");
        // Callers take any of these for an end that has come already.
        Assert.Matches("(?i)not running|no such process|already finished", _bundle.Runtime("kill", _bundle.Id, "KILL").ShouldExit(1).Stderr);
    }

    [Fact]
    public void Kill_All_EndsEverythingInIt()
    {
        _bundle.StartSleeper("sleep 1000 & sleep 1001 & echo up; wait");
        _bundle.Ok("kill", "--all", _bundle.Id, "KILL");
        _bundle.AwaitStatus("stopped");
        Eventually.Equal("", () => File.ReadAllText($"/sys/fs/cgroup/pids{_bundle.CgroupsPath}/cgroup.procs"), 30);
    }

    [Fact]
    public void Kill_UnknownSignal_IsRefused()
    {
        _bundle.StartSleeper();
        Assert.NotEqual(0, _bundle.Runtime("kill", _bundle.Id, "NOSUCH").ExitCode);
        Assert.Equal("running", _bundle.Status);
    }
}
