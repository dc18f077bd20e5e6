using System.Text.Json.Nodes;
using Xunit;

namespace Vitrine.Tests.Conformance.Processes;

/// <summary>ps and list.</summary>
public sealed class ProcessesTests : IDisposable
{
    private readonly Bundle _bundle = new();

    public ProcessesTests() => _bundle.StartSleeper("sleep 1000 & echo up; wait");

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void Ps_NamesTheProcesses_AsNumbersAndAsATable()
    {
        var pids = JsonNode.Parse(_bundle.Ok("ps", "--format", "json", _bundle.Id))!.AsArray().Select(pid => (int)pid!).ToList();
        Assert.Equal(2, pids.Count);
        Assert.Contains(_bundle.Pid, pids);
        var table = _bundle.Ok("ps", _bundle.Id);
        Assert.StartsWith("UID", table, StringComparison.Ordinal);
        Assert.Contains("sleep 1000", table, StringComparison.Ordinal);
    }

    [Fact]
    public void List_HasTheContainer()
    {
        Assert.Equal(_bundle.Id, _bundle.Ok("list", "--quiet"));
        var item = JsonNode.Parse(_bundle.Ok("list", "--format", "json"))![0]!;
        Assert.Equal("running", (string)item["status"]!);
        Assert.Equal(_bundle.Pid, (int)item["pid"]!);
        Assert.Matches($"^ID +PID +STATUS +BUNDLE.*\n{_bundle.Id} +{_bundle.Pid} +running +{_bundle.Path} ", _bundle.Ok("list"));
    }
}
