using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Running;

/// <summary>What concerns all containers: statistics, prune, the boot, info.</summary>
public sealed class HouseTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    [Fact]
    public void Stats_ShowWhatAContainerUses()
    {
        box.Ok("run", "-d", "--name", "busy", "--memory", "64m", "busybox", "sh", "-c", "while :; do :; done");
        box.Ok("create", "--name", "idle", "busybox", "true");

        var busy = JsonDocument.Parse(box.Ok("stats", "--no-stream", "--format", "json", "busy")).RootElement;
        var table = box.Ok("stats", "--no-stream", "--all");

        Assert.Equal("busy", busy.GetProperty("Name").GetString());
        Assert.True(double.Parse(busy.GetProperty("CPUPerc").GetString()!.TrimEnd('%')) > 0, "it uses a processor");
        Assert.EndsWith(" / 64MiB", busy.GetProperty("MemUsage").GetString(), StringComparison.Ordinal);
        Assert.Equal("1", busy.GetProperty("PIDs").GetString());
        Assert.Matches("^CONTAINER ID +NAME +CPU % +MEM USAGE / LIMIT +MEM % +NET I/O +BLOCK I/O +PIDS\n", table);
        Assert.Matches("\n[0-9a-f]{12} +idle +0.00% +0B / 0B +0.00% +0B / 0B +0B / 0B +0", table);
        box.Vitrine("stats", "--no-stream", "nobody").ShouldFail(1, "No such container: nobody");
        box.Ok("rm", "-f", "busy", "idle");
    }

    [Fact]
    public void Stats_Streaming_EndsWithCtrlC()
    {
        box.Ok("run", "-d", "--name", "watched", "busybox", "sleep", "1000");
        using var stats = box.Start("stats", "--format", "{{.Name}}", "watched");

        Assert.Equal("watched", stats.StandardOutput.ReadLine());
        Assert.Equal("watched", stats.StandardOutput.ReadLine());

        Command.Run("kill", ["-INT", $"{stats.Id}"], null, null, null).ShouldSucceed();
        Assert.True(stats.WaitForExit(20_000));
        Assert.Equal(0, stats.ExitCode);
        box.Ok("rm", "-f", "watched");
    }

    [Fact]
    public void Prune_RemovesWhatDoesNotRun_AndMatches()
    {
        box.Ok("run", "-d", "--name", "runs", "--label", "prune=yes", "busybox", "sleep", "1000");
        box.Ok("run", "--name", "wrote", "--label", "prune=yes", "busybox", "sh", "-c", "head -c 5000 /dev/zero >/file");
        box.Ok("create", "--name", "kept", "--label", "prune=no", "busybox", "true");
        var id = box.Inspect("wrote", "{{.Id}}");

        // A no is no failure.
        box.VitrineWithInput("n\n", "container", "prune", "--filter", "label=prune=yes").ShouldSucceed();
        Assert.Equal(id, box.Inspect("wrote", "{{.Id}}"));
        var pruned = box.VitrineWithInput("y\n", "container", "prune", "--filter", "label=prune=yes").ShouldSucceed();

        Assert.Contains($"Deleted Containers:\n{id}\n\nTotal reclaimed space: 5kB", pruned.Text, StringComparison.Ordinal);
        Assert.Equal(["kept", "runs"], box.Ok("ps", "--all", "--filter", "label=prune", "--format", "{{.Names}}").Split('\n').Order());
        Assert.Equal("Total reclaimed space: 0B", box.Ok("container", "prune", "--force", "--filter", "until=24h"));
        box.Vitrine("container", "prune", "--force", "--filter", "colour=red").ShouldFail(1, "colour");
        box.Ok("rm", "-f", "runs", "kept");
    }

    [Fact]
    public void Df_CountsWhatTakesRoom_AndSystemPruneRemovesIt()
    {
        using var own = new BusyboxSandbox();
        own.Ok("run", "--name", "wrote", "-v", "/data", "busybox", "sh", "-c", "head -c 5000 /dev/zero >/file; head -c 7000 /dev/zero >/data/file");

        var table = own.Ok("system", "df", "--format", "{{.Type}} {{.TotalCount}} {{.Active}} {{.Size}} {{.Reclaimable}}").Split('\n');

        Assert.StartsWith("Images 1 1 ", table[0], StringComparison.Ordinal);
        Assert.Equal("Containers 1 0 5kB 5kB (100%)", table[1]);
        Assert.Equal("Local Volumes 1 1 7kB 0B (0%)", table[2]);
        Assert.Equal("Build Cache 0 0 0B 0B", table[3]);
        Assert.Matches("(?s)REPOSITORY +TAG .*\nbusybox +latest .*CONTAINER ID .*wrote\n.*VOLUME NAME +LINKS +SIZE\n[0-9a-f]{64} +1 +7kB\n", own.Ok("system", "df", "-v"));

        own.Vitrine("system", "prune", "--volumes", "--force", "--filter", "until=1h").ShouldFail(1, "not supported with \"--volumes\"");
        Assert.Equal("Total reclaimed space: 0B", own.Ok("system", "prune", "--force", "--filter", "until=24h"));
        own.Ok("network", "create", "lonely");
        var pruned = own.Ok("system", "prune", "--all", "--volumes", "--force");

        Assert.Matches("(?s)^Deleted Containers:\n[0-9a-f]{64}\n\nDeleted Networks:\nlonely\n\nDeleted Volumes:\n[0-9a-f]{64}\n\nDeleted Images:\nuntagged: busybox:latest\ndeleted: sha256:.*Total reclaimed space: ", pruned);
        Assert.Equal("", own.Ok("images", "--quiet"));
    }

    [Fact]
    public void StartBoot_StartsWhatTheLastBootEnded_Once()
    {
        string[] due = ["always", "unless-stopped"];
        foreach (var policy in due.Append("no"))
            box.Ok("run", "-d", "--name", $"boot-{policy}", "--restart", policy, "busybox", "sleep", "1000");
        box.Ok("run", "-d", "--name", "boot-left", "--restart", "unless-stopped", "busybox", "sleep", "1000");
        box.Ok("stop", "-t", "0", "boot-left");
        string[] all = ["boot-always", "boot-unless-stopped", "boot-no", "boot-left"];
        Assert.Equal("", box.Ok("start", "--boot"));

        foreach (var name in all)
            PretendAnotherBoot(name);
        var started = box.Ok("start", "--boot").Split('\n');

        Assert.Equal(["boot-always", "boot-unless-stopped"], started);
        Assert.Equal(["running", "running", "exited", "exited"], all.Select(name => box.Inspect(name, "{{.State.Status}}")));
        Assert.Contains("the host was restarted", box.Inspect("boot-no", "{{.State.Error}}"), StringComparison.Ordinal);
        Assert.Equal("", box.Ok("start", "--boot"));
        box.Ok(["rm", "-f", .. all]);
    }

    [Fact]
    public void Info_TellsOfEngineAndHost()
    {
        var info = JsonDocument.Parse(box.Ok("info", "--format", "json")).RootElement;

        Assert.Equal(box.DataRoot, info.GetProperty("DockerRootDir").GetString());
        Assert.Equal("overlay2", info.GetProperty("Driver").GetString());
        Assert.Equal(System.Environment.ProcessorCount, info.GetProperty("NCPU").GetInt32());
        Assert.Equal("inactive", info.GetProperty("Swarm").GetProperty("LocalNodeState").GetString());
        Assert.Matches("(?s)^Client:\n.*\nServer:\n Containers: \\d+\n  Running: \\d+\n.*\n Total Memory: .*iB\n", box.Ok("info"));
        Assert.Matches("(?s)^Client: Vitrine\n Version: +\\d.*\nServer: Vitrine\n Engine:\n  Version: +\\d", box.Ok("version"));
    }

    [Fact]
    public void Info_WhereTheRegistriesFileIsBroken_TellsThatAndAllElse()
    {
        var environment = box.Environment;
        environment["VITRINE_REGISTRIES"] = Path.Join(box.Files, "broken.json");
        File.WriteAllText(environment["VITRINE_REGISTRIES"]!, "{");

        var info = Command.Run(Repository.Binary("vitrine"), ["info"], null, environment, null).ShouldSucceed();

        Assert.Contains("Live Restore Enabled: true", info.Stdout, StringComparison.Ordinal);
        Assert.StartsWith($"WARNING: {environment["VITRINE_REGISTRIES"]}: ", info.Stderr, StringComparison.Ordinal);
    }

    /// <summary>Ends a container as a power cut does, and has its state say that it ran in an earlier boot.</summary>
    private void PretendAnotherBoot(string name)
    {
        var state = Path.Combine(box.DataRoot, "containers", box.Inspect(name, "{{.Id}}"), "state.json");
        if (box.Inspect(name, "{{.State.Running}}") == "true")
        {
            var shim = box.ShimPid(name);
            Command.Run("kill", ["-KILL", $"{shim}"], null, null, null).ShouldSucceed();
            Eventually.True(() => !Directory.Exists($"/proc/{shim}") || File.ReadAllText($"/proc/{shim}/stat").Contains(" Z ", StringComparison.Ordinal), "the shim is gone", 30);
        }
        var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        File.WriteAllText(state, File.ReadAllText(state).Replace(boot, "another-boot", StringComparison.Ordinal));
    }
}
