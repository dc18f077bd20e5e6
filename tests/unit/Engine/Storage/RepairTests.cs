using Vitrine.Engine.Storage;
using Vitrine.Linux;
using Vitrine.ShimProtocol;
using Vitrine.Tests.Unit.Images;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Storage;

public sealed class RepairTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly ContainerPaths _paths;
    private readonly List<string> _cleared = [];
    private readonly Repair _repair;

    public RepairTests()
    {
        _paths = new ContainerPaths(_root["container"], _root["run"]);
        Directory.CreateDirectory(_paths.Directory);
        Directory.CreateDirectory(_paths.RunDirectory);
        _repair = new Repair(() => "this-boot", _cleared.Add, TimeProvider.System);
    }

    [Theory]
    [InlineData(ContainerStatus.Created)]
    [InlineData(ContainerStatus.Exited)]
    [InlineData(ContainerStatus.Dead)]
    public void Apply_StateWithoutShim_IsBelieved(ContainerStatus status)
    {
        var state = Write(new ContainerState { Status = status, ExitCode = 3 });

        Assert.Equal(state, _repair.Apply(_paths, state, "/test/c"));
        Assert.Empty(_cleared);
    }

    [Theory]
    [InlineData(ContainerStatus.Running)]
    [InlineData(ContainerStatus.Paused)]
    [InlineData(ContainerStatus.Restarting)]
    public void Apply_ShimHoldsItsLock_IsBelieved(ContainerStatus status)
    {
        var state = Write(new ContainerState { Status = status, Pid = 42 });
        using var shim = FileLock.Acquire(_paths.ShimLock);

        Assert.Equal(state, _repair.Apply(_paths, state, "/test/c"));
        Assert.Empty(_cleared);
    }

    [Theory]
    [InlineData("this-boot", "the container's shim was killed")]
    [InlineData("last-boot", "the host was restarted while the container ran")]
    public void Apply_ShimLost_IsExited255WithTheReason(string boot, string reason)
    {
        var state = Write(new ContainerState { Status = ContainerStatus.Running, Pid = 42, ShimPid = 41, BootId = boot, RestartCount = 2 });

        var repaired = _repair.Apply(_paths, state, "/test/c");

        Assert.Equal((ContainerStatus.Exited, 255, 0, 2, reason), (repaired.Status, repaired.ExitCode, repaired.Pid, repaired.RestartCount, repaired.Error));
        Assert.NotNull(repaired.FinishedAt);
        Assert.Equal(["/test/c"], _cleared);
        Assert.False(Directory.Exists(_paths.RunDirectory));
        Assert.Equal(repaired, ContainerFiles.ReadState(_paths));
    }

    [Fact]
    public void Apply_AnotherWorksOnTheContainer_LeavesItToThem()
    {
        var state = Write(new ContainerState { Status = ContainerStatus.Running, Pid = 42 });
        using var other = FileLock.Acquire(_paths.Lock);

        Assert.Equal(state, _repair.Apply(_paths, state, "/test/c"));
        Assert.Empty(_cleared);
    }

    [Fact]
    public void Apply_CallerHoldsTheLock_Repairs()
    {
        var state = Write(new ContainerState { Status = ContainerStatus.Running, Pid = 42 });
        using var mine = FileLock.Acquire(_paths.Lock);

        Assert.Equal(255, _repair.Apply(_paths, state, "/test/c", locked: true).ExitCode);
    }

    [Fact]
    public void Apply_StateMovedOnMeanwhile_TakesTheNewOne()
    {
        var old = new ContainerState { Status = ContainerStatus.Running, Pid = 42 };
        var now = Write(new ContainerState { Status = ContainerStatus.Exited, ExitCode = 7 });

        Assert.Equal(now, _repair.Apply(_paths, old, "/test/c"));
        Assert.Empty(_cleared);
    }

    [Fact]
    public void ReadState_NeverStarted_IsCreated() => Assert.Equal(ContainerStatus.Created, ContainerFiles.ReadState(_paths).Status);

    [Fact]
    public void ReadState_Damaged_SaysWhichFile()
    {
        File.WriteAllText(_paths.State, "{\"status\":");

        var error = Assert.Throws<VitrineException>(() => ContainerFiles.ReadState(_paths));

        Assert.StartsWith(_paths.State + " is damaged", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _root.Dispose();

    private ContainerState Write(ContainerState state)
    {
        ContainerFiles.WriteState(_paths, state);
        return ContainerFiles.ReadState(_paths);
    }
}
