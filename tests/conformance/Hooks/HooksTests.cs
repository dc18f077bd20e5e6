using System.Text.Json.Nodes;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Conformance.Hooks;

/// <summary>config.md, POSIX-platform Hooks: each kind at its time and in its namespaces, with the state on stdin.</summary>
public sealed class HooksTests : IDisposable
{
    private readonly Bundle _bundle = new();

    public void Dispose() => _bundle.Dispose();

    private string Log => $"{_bundle.Files}/log";

    private string[] Lines => File.Exists(Log) ? File.ReadAllLines(Log) : [];

    [Fact]
    public void Hooks_OfAllKinds_RunInOrder()
    {
        _bundle.AddMount("/mnt", "bind", _bundle.Files, "bind", "rw");
        foreach (var kind in (string[])["prestart", "createRuntime", "createContainer", "poststart", "poststop"])
            Add(kind, Script(kind, Log));
        Add("startContainer", Script("startContainer", "/mnt/log"), "/bin/sh");
        _bundle.Spec["process"]!["args"] = new JsonArray("sh", "-c", "echo program >>/mnt/log; sleep 1000");

        _bundle.Create().ShouldSucceed();
        Assert.Equal(["prestart creat", "createRuntime creat", "createContainer creat"], Lines);
        _bundle.Ok("start", _bundle.Id);
        Eventually.Equal(6, () => Lines.Length, 30);
        Assert.Equal("startContainer creat", Lines[3]);
        Assert.Equal(["poststart runni", "program"], Lines[4..].Order());
        _bundle.Ok("delete", "--force", _bundle.Id);
        Assert.Equal("poststop stopp", Lines[^1]);
    }

    [Fact]
    public void CreateContainerHook_RunsInTheContainersNamespaces_WithTheHostsFiles()
    {
        Add("createRuntime", $"cat >/dev/null; readlink /proc/self/ns/uts >{_bundle.Files}/host");
        Add("createContainer", $"cat >/dev/null; readlink /proc/self/ns/uts >{_bundle.Files}/container");
        _bundle.Create().ShouldSucceed();
        Assert.Equal(ProcessTable.Namespace(Environment.ProcessId, "uts"), File.ReadAllText($"{_bundle.Files}/host").Trim());
        Assert.Equal(ProcessTable.Namespace(_bundle.Pid, "uts"), File.ReadAllText($"{_bundle.Files}/container").Trim());
    }

    [Fact]
    public void Hook_GetsTheStateOnStdin_ItsOwnArgumentsAndNothingElse()
    {
        _bundle.Spec["annotations"] = new JsonObject { ["key"] = "value" };
        Add("createRuntime", $"cat >{_bundle.Files}/state; echo $0 $A $HOME >{_bundle.Files}/args");
        _bundle.Create().ShouldSucceed();
        var state = JsonNode.Parse(File.ReadAllText($"{_bundle.Files}/state"))!;
        Assert.Equal(_bundle.Id, (string)state["id"]!);
        Assert.Equal(_bundle.Pid, (int)state["pid"]!);
        Assert.Equal(_bundle.Path, (string)state["bundle"]!);
        Assert.Equal("value", (string)state["annotations"]!["key"]!);
        Assert.Equal("name b", File.ReadAllText($"{_bundle.Files}/args").Trim());
    }

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    public void CreationHook_ThatFails_FailsTheCreation(string kind)
    {
        Add(kind, "cat >/dev/null; exit 3");
        Assert.NotEqual(0, _bundle.Create().ExitCode);
        Assert.NotEqual(0, _bundle.Runtime("state", _bundle.Id).ExitCode);
        Assert.False(Directory.Exists($"/sys/fs/cgroup/pids{_bundle.CgroupsPath}"));
    }

    [Fact]
    public void StartContainerHook_ThatFails_StopsTheContainer()
    {
        Add("startContainer", "cat >/dev/null; exit 3", "/bin/sh");
        _bundle.Spec["process"]!["args"] = new JsonArray("echo", "never");
        _bundle.Create().ShouldSucceed();
        _bundle.Runtime("start", _bundle.Id);
        _bundle.AwaitStatus("stopped");
        Assert.Equal("", _bundle.Output);
    }

    [Fact]
    public void Hook_PastItsTimeout_IsKilledAndFails()
    {
        Add("createRuntime", $"cat >/dev/null; echo $$ >{_bundle.Files}/pid; exec sleep 1000", timeout: 1);
        Assert.NotEqual(0, _bundle.Create().ExitCode);
        var pid = int.Parse(File.ReadAllText($"{_bundle.Files}/pid"));
        Eventually.True(() => !ProcessTable.Exists(pid), "the hook is gone", 30);
    }

    // Every hook reads its stdin: a runtime that writes to a hook that has left may call that a failure.
    private static string Script(string name, string log) =>
        $"state=$(cat); status=${{state#*\\\"status\\\":\\\"}}; echo {name} $(echo $status | cut -c1-5) >>{log}";

    private void Add(string kind, string script, string shell = "/bin/sh", int? timeout = null)
    {
        var hooks = _bundle.Spec["hooks"] ??= new JsonObject();
        var list = hooks[kind] ??= new JsonArray();
        var hook = new JsonObject
        {
            ["path"] = shell,
            ["args"] = new JsonArray("sh", "-c", script, "name"),
            ["env"] = new JsonArray("PATH=/usr/bin:/bin", "A=b"),
        };
        if (timeout is { } seconds)
            hook["timeout"] = seconds;
        list.AsArray().Add(hook);
    }
}
