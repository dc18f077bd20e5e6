using System.Text.Json.Nodes;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Conformance.Resources;

/// <summary>config-linux.md, Control groups, on v1: set at the creation and by update.</summary>
public sealed class ResourcesTests : IDisposable
{
    private readonly Bundle _bundle = new();

    public ResourcesTests() => Need.CgroupV1();

    public void Dispose() => _bundle.Dispose();

    private string Read(string controller, string file) => File.ReadAllText($"/sys/fs/cgroup/{controller}{_bundle.CgroupsPath}/{file}").Trim();

    [Fact]
    public void Limits_AreSetAndUpdated()
    {
        var resources = _bundle.Spec["linux"]!["resources"]!;
        resources["memory"] = new JsonObject { ["limit"] = 64 << 20 };
        resources["pids"] = new JsonObject { ["limit"] = 20 };
        resources["cpu"] = new JsonObject { ["shares"] = 512, ["quota"] = 50000, ["period"] = 100000 };
        _bundle.StartSleeper();
        Assert.Equal("67108864", Read("memory", "memory.limit_in_bytes"));
        Assert.Equal("20", Read("pids", "pids.max"));
        Assert.Equal("512 50000", $"{Read("cpu", "cpu.shares")} {Read("cpu", "cpu.cfs_quota_us")}");

        _bundle.Ok("update", "--memory", "100663296", "--cpu-share", "256", "--pids-limit", "30", _bundle.Id);
        Assert.Equal("100663296 256 30", $"{Read("memory", "memory.limit_in_bytes")} {Read("cpu", "cpu.shares")} {Read("pids", "pids.max")}");
        _bundle.RuntimeWithInput("""{"memory":{"limit":134217728},"cpu":{"quota":40000}}""", "update", "--resources", "-", _bundle.Id).ShouldSucceed();
        Assert.Equal("134217728 40000", $"{Read("memory", "memory.limit_in_bytes")} {Read("cpu", "cpu.cfs_quota_us")}");
    }

    [Fact]
    public void Devices_ThatAreNotAllowed_CannotBeOpened()
    {
        // Whether there is a driver behind it or not: without the right to, it is not even asked for.
        const string refusals = "echo $( (: </dev/own) 2>&1 | grep -c 'not permitted') $(: >/dev/null && echo null)";
        _bundle.Spec["linux"]!["devices"] = new JsonArray(new JsonObject { ["type"] = "c", ["path"] = "/dev/own", ["major"] = 10, ["minor"] = 229 });
        Assert.Equal("1 null", _bundle.Say(refusals));
        _bundle.Spec["linux"]!["resources"]!["devices"]!.AsArray().Add(
            new JsonObject { ["allow"] = true, ["type"] = "c", ["major"] = 10, ["minor"] = 229, ["access"] = "r" });
        Assert.Equal("0 null", _bundle.Say(refusals));
    }

    [Fact]
    public void Limit_OfProcesses_Holds()
    {
        _bundle.Spec["linux"]!["resources"]!["pids"] = new JsonObject { ["limit"] = 5 };
        Assert.Contains("fork", _bundle.RunScript("for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait").Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public void Cgroup_SeenFromInside_IsTheRoot() =>
        Assert.Equal("/", _bundle.Say("grep :pids: /proc/self/cgroup | cut -d: -f3"));

    [Fact]
    public void Pause_StopsEverything_ResumeGoesOn()
    {
        _bundle.StartSleeper();
        _bundle.Ok("pause", _bundle.Id);
        Assert.Equal("paused", _bundle.Status);
        Assert.Equal("FROZEN", Read("freezer", "freezer.state"));
        _bundle.Ok("resume", _bundle.Id);
        Assert.Equal("running", _bundle.Status);
        Assert.NotEqual(0, _bundle.Runtime("resume", _bundle.Id).ExitCode);
    }

    [Fact]
    public void Statistics_CountWhatRuns()
    {
        _bundle.StartSleeper();
        var line = JsonNode.Parse(_bundle.Ok("events", "--stats", _bundle.Id))!;
        Assert.Equal("stats", (string)line["type"]!);
        Assert.Equal(_bundle.Id, (string)line["id"]!);
        Assert.True((long)line["data"]!["pids"]!["current"]! >= 1);
        Assert.True((long)line["data"]!["memory"]!["usage"]!["usage"]! > 0);
        Assert.True((long)line["data"]!["cpu"]!["usage"]!["total"]! > 0);
    }
}
