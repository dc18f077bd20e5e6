using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Dropin;

/// <summary>docker's command line through <c>vitrine spy</c> to another engine's socket; <c>vitrine audit</c> of that socket.</summary>
/// <param name="host">Where the engine runs.</param>
/// <param name="socket">Its socket.</param>
/// <param name="image">An image with a shell and the program <c>script</c>.</param>
/// <param name="program">The engine's program, as advisories name it.</param>
internal sealed class SpiedEngineCheck(PrivateHost host, string socket, string image, string program)
{
    private const string Secret = "hunter2-Zq81xW-spied";

    public void Holds()
    {
        CommandsRun();
        RulesRefuse();
        OwnIsAlone();
        SocketIsJudged();
    }

    /// <summary>A terminal, a log that is followed, input, copies both ways, a build, events.</summary>
    private void CommandsRun()
    {
        var build = Directory.CreateDirectory($"{host.Files}/build").FullName;
        File.WriteAllText($"{build}/Dockerfile", $"FROM {image}\nRUN echo built >/made\n");
        File.WriteAllText($"{host.Files}/copied", "copied\n");
        var run = Spy(["--json"], $"""
            script -qec 'docker run --rm -it --network none {image} tty' /dev/null </dev/null
            docker run -d --name spied --network none -e DB_PASSWORD={Secret} {image} sh -c 'echo first; while [ ! -e /go ]; do sleep 0.1; done; echo second' >/dev/null
            docker exec spied sh -c 'echo in; touch /go'
            docker logs -f spied
            docker run -d --name open --network none {image} sleep 600 >/dev/null
            echo typed | docker exec -i open cat
            docker cp {host.Files}/copied open:/tmp/copied >/dev/null && docker cp open:/tmp/copied - | tar xO
            docker build -q -t made {build} >/dev/null 2>&1 && docker run --rm --network none made cat /made
            docker events --since 1h --until $(($(date +%s) + 1)) --filter container=spied --format '{"{{json .}}"}' | grep -om1 '"Action":"start"'
            docker rm -f spied open >/dev/null && docker rmi made >/dev/null
            """).ShouldSucceed();

        Assert.Contains("/dev/pts/", run.Lines[0], StringComparison.Ordinal);
        Assert.Equal(["in", "first", "second", "typed", "copied", "built", "\"Action\":\"start\""], run.Lines[1..]);
        Assert.DoesNotContain(Secret, run.Stderr, StringComparison.Ordinal);
        var seen = run.Stderr.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(one => one.GetProperty("event").GetString() == "request").Select(one => one.GetProperty("meaning").GetString()).ToHashSet();
        Assert.Superset(new HashSet<string?> { "make a container", "start it", "listen to events" }, seen);
    }

    private void RulesRefuse()
    {
        var run = Spy(["--no-exec", "--no-archive", "--no-host-mounts", "-q"], $$"""
            docker run -d --name theirs --network none {{image}} sleep 600 >/dev/null
            docker exec theirs true
            docker cp theirs:/etc/hostname -
            docker run --rm --network none -v /:/host {{image}} true
            docker run --rm --network none --privileged {{image}} true
            docker run --rm --network none --pid host {{image}} true
            docker run -d --name vols --network none -v vol:/data {{image}} echo allowed >/dev/null
            docker wait vols >/dev/null; docker logs vols; docker rm vols >/dev/null
            curl -s --unix-socket "${DOCKER_HOST#unix://}" -X POST http://engine/v4.0.0/libpod/containers/theirs/exec
            """).ShouldSucceed();

        foreach (var reason in (string[])["--no-exec refuses", "--no-archive refuses", "mounts the host's /", "privileged", "PidMode"])
            Assert.Contains(reason, run.Stderr, StringComparison.Ordinal);
        Assert.Equal("allowed", run.Lines[0]);
        Assert.Contains("own API, which cannot be judged", run.Text, StringComparison.Ordinal);
        var reading = Spy(["--read-only", "-q"], "docker ps --format '{{.Names}}'; docker rm -f theirs").ShouldFail(1, "--read-only refuses DELETE /containers/theirs");
        Assert.Contains("theirs", reading.Lines);
    }

    private void OwnIsAlone()
    {
        var run = Spy(["--own", "team=blue", "-q"], $$$"""
            docker run -d --name native --network none {{{image}}} sleep 600 >/dev/null
            docker ps --format '{{.Names}}'
            docker rm -f theirs; docker logs theirs; docker run --rm --pid container:theirs {{{image}}} true
            docker inspect -f '{{index .Config.Labels "team"}}' native
            docker exec native echo inside
            docker rm -f native >/dev/null
            """).ShouldSucceed();

        Assert.Equal(["native", "blue", "inside"], run.Lines);
        Assert.Contains("--own team=blue refuses DELETE /containers/theirs: theirs does not carry the label", run.Stderr, StringComparison.Ordinal);
        Assert.Contains("refuses POST /containers/create: theirs does not carry the label", run.Stderr, StringComparison.Ordinal);
        Spy(["-q"], "docker rm -f theirs && docker volume rm vol").ShouldSucceed();
    }

    private void SocketIsJudged()
    {
        var mode = File.GetUnixFileMode(socket);
        var (door, opened) = (File.GetUnixFileMode(host.Files), UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        File.SetUnixFileMode(host.Files, door | opened);
        File.SetUnixFileMode(socket, mode | UnixFileMode.OtherWrite);
        using var open = JsonDocument.Parse(Glass("audit", "--socket", socket, "--json").ShouldSucceed().Text);
        File.SetUnixFileMode(socket, mode & ~(UnixFileMode.OtherWrite | UnixFileMode.GroupWrite));
        using var closed = JsonDocument.Parse(Glass("audit", "--socket", socket, "--json").ShouldSucceed().Text);
        File.SetUnixFileMode(socket, mode);
        File.SetUnixFileMode(host.Files, door);

        Assert.Contains("VA300", Ids(open));
        Assert.DoesNotContain(Ids(closed), id => id is "VA300" or "VA301");
        // The flaws are those of the engine that answers.
        Assert.Contains($" is in {program} ", open.RootElement.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain($" is in {(program == "podman" ? "dockerd" : "podman")} ", open.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    private static List<string?> Ids(JsonDocument report) =>
        [.. report.RootElement.GetProperty("subjects")[0].GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("id").GetString())];

    private CommandResult Spy(string[] options, string script) => Glass(["spy", "-u", socket, .. options, "--", "sh", "-c", script]);

    private CommandResult Glass(params IEnumerable<string> arguments)
    {
        string[] line = [.. host.Outside, Repository.Binary("vitrine-glass"), .. arguments];
        return Command.Run(line[0], line[1..], null, new Dictionary<string, string?> { ["DOCKER_CONFIG"] = host.Files }, TimeSpan.FromMinutes(3));
    }
}
