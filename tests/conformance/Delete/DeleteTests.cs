using System.Text.Json.Nodes;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Conformance.Delete;

/// <summary>delete: of what has stopped or was never started; by force of anything.</summary>
public sealed class DeleteTests : IDisposable
{
    private readonly Bundle _bundle = new();

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void Delete_OfARunningContainer_IsRefusedUnlessForced()
    {
        _bundle.StartSleeper();
        var pid = _bundle.Pid;
        Assert.NotEqual(0, _bundle.Runtime("delete", _bundle.Id).ExitCode);
        Assert.Equal("running", _bundle.Status);
        _bundle.Ok("delete", "--force", _bundle.Id);
        Eventually.True(() => !ProcessTable.Exists(pid), "its process is gone", 30);
        Assert.False(Directory.Exists($"/sys/fs/cgroup/pids{_bundle.CgroupsPath}"));
    }

    [Fact]
    public void Delete_LeavesNoCgroup()
    {
        _bundle.StartSleeper();
        Assert.NotEmpty(_bundle.LeftCgroups);
        _bundle.Ok("delete", "--force", _bundle.Id);
        Assert.Empty(_bundle.LeftCgroups);
    }

    [Fact]
    public void Delete_OfACreatedContainer_Succeeds()
    {
        _bundle.Spec["process"]!["args"] = new JsonArray("sleep", "1000");
        _bundle.Create().ShouldSucceed();
        var pid = _bundle.Pid;
        _bundle.Ok("delete", _bundle.Id);
        Eventually.True(() => !ProcessTable.Exists(pid), "its process is gone", 30);
    }

    [Fact]
    public void Delete_OfAPausedContainer_ByForce()
    {
        _bundle.StartSleeper();
        _bundle.Ok("pause", _bundle.Id);
        _bundle.Ok("delete", "--force", _bundle.Id);
        Assert.False(Directory.Exists($"/sys/fs/cgroup/freezer{_bundle.CgroupsPath}"));
    }

    [Fact]
    public void Delete_OfNothing_IsAnErrorUnlessForced()
    {
        _bundle.Runtime("delete", "no-such").ShouldFail(1, "does not exist");
        _bundle.Runtime("delete", "--force", "no-such").ShouldSucceed();
    }
}
