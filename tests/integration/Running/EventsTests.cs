using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Running;

/// <summary>What is told of a container's life, by whichever process.</summary>
public sealed class EventsTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    private const string Start = "2020-01-01T00:00:00Z";

    [Fact]
    public void Run_TellsItsWholeLife()
    {
        box.Vitrine("run", "--rm", "--name", "brief", "--label", "tier=front", "busybox", "sh", "-c", "exit 3").ShouldFail(3, "");

        var events = Events("brief");

        Assert.Equal(["create", "attach", "start", "die", "destroy"], events.Select(Action));
        Assert.All(events, e => Assert.Equal(("busybox", "brief", "front"), (Attribute(e, "image"), Attribute(e, "name"), Attribute(e, "tier"))));
        Assert.Equal("3", Attribute(events[3], "exitCode"));
        Assert.Equal(events.Select(Time).Order(), events.Select(Time));
    }

    [Fact]
    public void Verbs_TellWhatTheyDo()
    {
        box.Ok("run", "-d", "--name", "long", "busybox", "sleep", "1000");
        box.Ok("exec", "long", "true");
        box.Ok("rename", "long", "longer");
        box.Ok("restart", "-t", "0", "longer");
        box.Ok("stop", "-t", "0", "longer");
        box.Ok("rm", "longer");

        Assert.Equal(
            [
                "create long", "start long", "exec_create: true long", "exec_start: true long", "exec_die long", "rename longer",
                "kill longer", "kill longer", "die longer", "stop longer", "start longer", "restart longer",
                "kill longer", "kill longer", "die longer", "stop longer", "destroy longer",
            ],
            Events("long").Select(e => $"{Action(e)} {Attribute(e, "name")}"));
        var kills = Events("longer", "--filter", "event=kill");
        Assert.Equal(["15", "9", "15", "9"], kills.Select(e => Attribute(e, "signal")));
    }

    [Fact]
    public void Kill_AndRestartPolicy_AreTold()
    {
        box.Ok("run", "-d", "--name", "again", "--restart", "on-failure:1", "busybox", "sh", "-c", "exit 5");
        box.Ok("wait", "again");
        Eventually.True(() => box.Inspect("again", "{{.State.Status}}") == "exited", "it has given up", 30);

        Assert.Equal(["create", "start", "die", "start", "die"], Events("again").Select(Action));
        box.Ok("rm", "again");
    }

    [Fact]
    public async Task Follow_SeesWhatOthersDo_AndEndsWithCtrlC()
    {
        using var follower = box.Start("events", "--filter", "container=seen", "--format", "{{.Action}}");
        var line = follower.StandardOutput.ReadLineAsync();
        // It says nothing until something happens: the first event that comes through shows that it listens.
        Eventually.True(() =>
        {
            box.Ok("run", "--rm", "--name", "seen", "busybox", "true");
            return line.IsCompleted;
        }, "the follower hears of it", 30);

        Assert.Contains(await line, new[] { "create", "attach", "start", "die", "destroy" });
        Command.Run("kill", ["-INT", $"{follower.Id}"], null, null, null).ShouldSucceed();
        Assert.True(follower.WaitForExit(20_000));
        Assert.Equal(0, follower.ExitCode);
    }

    [Fact]
    public void Volumes_AreToldOf_WhenMadeMountedAndRemoved()
    {
        box.Ok("run", "--rm", "--name", "stored", "-v", "kept:/kept:ro", "-v", "/passing", "busybox", "true");
        box.Ok("volume", "rm", "kept");

        var events = Parse(box.Ok("events", "--since", Start, "--until", "0s", "--filter", "type=volume", "--format", "json"));
        string Of(bool named) => string.Join(' ', events.Where(e => e.GetProperty("Actor").GetProperty("ID").GetString() == "kept" == named).Select(Action));

        Assert.Equal("create mount unmount destroy", Of(named: true));
        Assert.Equal("create mount unmount destroy", Of(named: false));
        var mount = events.Find(e => Action(e) == "mount" && Attribute(e, "destination") == "/kept");
        Assert.Equal("false", Attribute(mount, "read/write"));
    }

    [Fact]
    public void Template_OfAnEventAsJson_IsTheEvent()
    {
        box.Ok("run", "--rm", "--name", "marked", "--label", "mark=<a>&b", "busybox", "true");
        string Told(string format) => box.Ok("events", "--since", Start, "--until", "0s", "--filter", "container=marked", "--filter", "event=die", "--format", format);

        Assert.Contains("\"mark\":\"<a>&b\"", Told("json"), StringComparison.Ordinal);
        Assert.Equal(Told("json"), Told("{{json .}}"));
    }

    [Fact]
    public void LostShim_IsTold_ByWhoLooksNext()
    {
        box.Ok("run", "-d", "--name", "lost", "busybox", "sleep", "1000");
        var shim = box.ShimPid("lost");
        Command.Run("kill", ["-KILL", $"{shim}"], null, null, null).ShouldSucceed();
        Eventually.True(() => box.Inspect("lost", "{{.State.Status}}") == "exited", "it is repaired", 30);

        var die = Assert.Single(Events("lost", "--filter", "event=die"));

        Assert.Equal("255", Attribute(die, "exitCode"));
        box.Ok("rm", "lost");
    }

    [Fact]
    public void Images_AreToldOf()
    {
        box.Ok("tag", "busybox", "other:1");
        box.Ok("rmi", "other:1");

        var events = Parse(box.Ok("events", "--since", Start, "--until", "0s", "--filter", "type=image", "--format", "json"));

        Assert.Equal(["load", "tag", "untag"], events.Select(Action));
        Assert.Equal("other:1", Attribute(events[1], "name"));
    }

    [Fact]
    public void Text_IsDockers() => Assert.Matches(
        @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(Z|[+-]\d\d:\d\d) image load (sha256:[0-9a-f]{64}) \(name=\2\)\n?$",
        box.Ok("events", "--since", Start, "--until", "0s", "--filter", "event=load"));

    [Theory]
    [InlineData("--filter", "colour=red", "colour")]
    [InlineData("--since", "yesterday", "yesterday")]
    public void BadInput_IsNamed(string flag, string value, string named) => box.Vitrine("events", "--until", "0s", flag, value).ShouldFail(1, named);

    private List<JsonElement> Events(string container, params string[] more) =>
        Parse(box.Ok(["events", "--since", Start, "--until", "0s", "--format", "json", "--filter", $"container={container}", .. more]));

    private static List<JsonElement> Parse(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string Action(JsonElement e) => e.GetProperty("Action").GetString()!;

    private static long Time(JsonElement e) => e.GetProperty("timeNano").GetInt64();

    private static string? Attribute(JsonElement e, string name) =>
        e.GetProperty("Actor").GetProperty("Attributes").TryGetProperty(name, out var value) ? value.GetString() : null;
}
