using System.Text.Json.Nodes;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Conformance.Lifecycle;

/// <summary>runtime.md, Lifecycle: create, start, state, delete, and what each refuses.</summary>
public sealed class LifecycleTests : IDisposable
{
    private readonly Bundle _bundle = new();

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void Create_DoesNotRunTheProgram_StartDoes()
    {
        _bundle.Spec["process"]!["args"] = new JsonArray("sh", "-c", "echo ran; sleep 1000");
        _bundle.Create().ShouldSucceed();
        Assert.Equal("created", _bundle.Status);
        Assert.Equal("", _bundle.Output);

        _bundle.Ok("start", _bundle.Id);
        Eventually.Equal("ran\n", () => _bundle.Output, 30);
        Assert.Equal("running", _bundle.Status);
        _bundle.Ok("kill", _bundle.Id, "KILL");
        _bundle.AwaitStatus("stopped");
        _bundle.Ok("delete", _bundle.Id);
        _bundle.Runtime("state", _bundle.Id).ShouldFail(1, "does not exist");
    }

    [Fact]
    public void State_HasTheSpecificationsFields()
    {
        _bundle.Spec["annotations"] = new JsonObject { ["org.example.key"] = "a \"quoted\" value" };
        _bundle.Create().ShouldSucceed();
        var state = _bundle.State;
        Assert.Equal(_bundle.Id, (string)state["id"]!);
        Assert.Equal(_bundle.Path, (string)state["bundle"]!);
        Assert.Equal("a \"quoted\" value", (string)state["annotations"]!["org.example.key"]!);
        Assert.StartsWith("1.", (string)state["ociVersion"]!, StringComparison.Ordinal);
        Assert.True(ProcessTable.Exists((int)state["pid"]!));
    }

    [Fact]
    public void Create_IdThatIsTaken_IsRefusedAndTheFirstLivesOn()
    {
        _bundle.StartSleeper();
        _bundle.Create().ShouldFail(1, "exist");
        Assert.Equal("running", _bundle.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a b")]
    public void Create_MalformedId_IsRefused(string id)
    {
        _bundle.Spec["process"]!["args"] = new JsonArray("sleep", "1000");
        if (id.Length > 0)
            _bundle.Also(id);
        Assert.NotEqual(0, _bundle.CreateAs(id).ExitCode);
    }

    [Fact]
    public void Start_OfARunningOrStoppedContainer_IsRefused()
    {
        _bundle.StartSleeper();
        _bundle.Runtime("start", _bundle.Id).ShouldFail(1, "cannot start");
        _bundle.Ok("kill", _bundle.Id, "KILL");
        _bundle.AwaitStatus("stopped");
        _bundle.Runtime("start", _bundle.Id).ShouldFail(1, "cannot start");
    }

    [Fact]
    public void Configuration_ChangedAfterCreate_IsNotLookedAt()
    {
        _bundle.Spec["process"]!["args"] = new JsonArray("echo", "first");
        _bundle.Create().ShouldSucceed();
        _bundle.Spec["process"]!["args"] = new JsonArray("echo", "second");
        _bundle.Ok("start", _bundle.Id);
        Eventually.Equal("first\n", () => _bundle.Output, 30);
    }

    [Fact]
    public void Run_GivesTheProgramsExitCode_AndLeavesNothing()
    {
        _bundle.RunScript("exit 42").ShouldExit(42);
        _bundle.RunScript("sh -c 'kill -9 $$'; exit $?").ShouldExit(137);
        _bundle.Runtime("state", _bundle.Id).ShouldFail(1, "does not exist");
    }

    [Fact]
    public void Run_WithPidFile_NamesTheFirstProcess()
    {
        _bundle.Spec["process"]!["args"] = new JsonArray("sleep", "1000");
        _bundle.Create("--pid-file", $"{_bundle.Path}/pid").ShouldSucceed();
        Assert.Equal($"{_bundle.Pid}", File.ReadAllText($"{_bundle.Path}/pid"));
    }
}
