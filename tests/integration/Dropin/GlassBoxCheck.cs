using System.Text.Json;
using Vitrine.TestKit;
using Vitrine.Tests.Integration.Glass;
using Xunit;

namespace Vitrine.Tests.Integration.Dropin;

/// <summary>
/// Every verb of the glass box on a container of another engine, seen from outside of the engine's mount namespace: what it says is what
/// the engine and the kernel say.
/// </summary>
internal sealed class GlassBoxCheck(PrivateHost host, GlassSubject subject)
{
    public const string Secret = "correct-horse-battery-staple";

    /// <summary>Flags of run that the checks know of.</summary>
    public static readonly string[] Limits =
        ["--memory", "96m", "--pids-limit", "60", "--cap-add", "NET_ADMIN", "-e", $"DB_PASSWORD={Secret}", "-v", "boxed:/vol"];

    private static readonly string[] Sections =
    [
        "processes", "namespaces", "user mapping", "root filesystem", "mounts", "control groups", "capabilities", "seccomp", "security modules", "devices",
        "resource limits", "network", "open files", "environment",
    ];

    private string Target => $"{subject.Engine}:{subject.Name}";

    /// <summary>Waits until nginx has written over its arguments, and makes one change of each kind in the container.</summary>
    /// <param name="run">Runs a shell script in it.</param>
    public static void Change(Func<string, CommandResult> run)
    {
        Eventually.True(() => run("grep -aq ^nginx:.master /proc/1/cmdline && test -s /run/nginx.pid").ExitCode == 0, "nginx has started", 60);
        run("echo new >/added && echo more >>/etc/issue && rm /etc/debian_version").ShouldSucceed();
    }

    public void Holds()
    {
        Explained();
        EachSectionAlone();
        Compared();
        Audited();
        FilesAreReached();
        ChangesAreTheEngines();
        NamespacesAreEntered();
        GroupsAreReadAndSet();
        PrivilegesAreTheKernels();
        MadeByHand();
    }

    private void Explained()
    {
        using var document = Json("explain", "--json", Target);
        var (root, target) = (document.RootElement, document.RootElement.GetProperty("target"));
        Assert.Equal((subject.Engine, subject.Id, subject.Name), (Text(target, "engine"), Text(target, "id"), Text(target, "name")));
        Assert.Equal(subject.Pid, target.GetProperty("firstPid").GetInt32());
        Assert.Equal(subject.Image, Text(target, "image"));
        var layers = root.GetProperty("root").GetProperty("layers").EnumerateArray()
            .Where(layer => !layer.GetProperty("writable").GetBoolean() && !layer.GetProperty("byEngine").GetBoolean()).Select(layer => Text(layer, "digest"));
        Assert.Equal(subject.Layers.Reverse(), layers);
        if (subject.Published is var (address, port))
        {
            var published = Assert.Single(root.GetProperty("network").GetProperty("publishedPorts").EnumerateArray());
            Assert.Equal((address, port, 80), (Text(published, "hostAddress"), published.GetProperty("hostPort").GetInt32(), published.GetProperty("port").GetInt32()));
            Assert.Contains(root.GetProperty("network").GetProperty("addresses").EnumerateArray(), own => own.GetString() == Text(published, "address"));
            using var listed = Json("host", "ps", "--json", "--filter", $"id={subject.Id}");
            var shown = Assert.Single(Assert.Single(listed.RootElement.GetProperty("containers").EnumerateArray()).GetProperty("ports").EnumerateArray());
            Assert.Equal((address, port, 80, "tcp"), (Text(shown, "hostAddress"), shown.GetProperty("hostPort").GetInt32(), shown.GetProperty("port").GetInt32(), Text(shown, "protocol")));
        }

        var cgroups = root.GetProperty("cgroups");
        Assert.Equal(subject.Memory, cgroups.GetProperty("memory").GetProperty("limitBytes").GetInt64());
        if (subject.Pids > 0)
            Assert.Equal(subject.Pids, cgroups.GetProperty("pids").GetProperty("limit").GetInt64());
        if (subject.Volume is var (name, source, destination))
        {
            var mount = root.GetProperty("mounts").GetProperty("mounts").EnumerateArray().Single(mount => Text(mount, "destination") == destination);
            Assert.Equal(("volume", name, source), (Text(mount, "class"), Text(mount, "volume"), Text(mount, "source")));
        }

        // nginx has written over its own environment.
        Assert.Contains(root.GetProperty("secrets").GetProperty("findings").EnumerateArray(), finding => Text(finding, "name") == "DB_PASSWORD");
        Assert.DoesNotContain(Secret, document.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    private void EachSectionAlone()
    {
        foreach (var section in Sections)
            Assert.Contains("── ", Glass("explain", "--section", section, Target).ShouldSucceed().Text, StringComparison.Ordinal);
    }

    private void Compared()
    {
        var text = Glass("explain", "--diff", "default", Target).ShouldExit(1).Text;
        Assert.Contains("96 MiB", text, StringComparison.Ordinal);
        Glass("explain", "--diff", $"{subject.Pid}", Target).ShouldExit(0);
    }

    private void Audited()
    {
        using var document = Json("audit", "--json", Target);
        var found = document.RootElement.GetProperty("subjects")[0];
        Assert.Equal(subject.Name, Text(found.GetProperty("target"), "name"));
        var ids = found.GetProperty("findings").EnumerateArray().Select(finding => Text(finding, "id")).ToList();
        Assert.Empty(((string[])["VA044", "VA090", "VA100"]).Except(ids));
        Assert.DoesNotContain("VA081", ids);
        Assert.Equal(subject.Pids == 0, ids.Contains("VA082"));
        // The flaws are runc's: it matters which runtime the engine calls.
        var way = found.GetProperty("waysOut").EnumerateArray().Single(way => Text(way, "id") == "VA520");
        Assert.Equal(subject.Runtime == "runc", Text(way, "verdict") != "closed");
        using var all = Json("audit", "--all", "--json");
        Assert.Contains(all.RootElement.GetProperty("subjects").EnumerateArray(), one => one.GetProperty("target").TryGetProperty("id", out var id) && id.GetString() == subject.Id);
        Assert.DoesNotContain(Secret, document.RootElement.GetRawText() + all.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    private void FilesAreReached()
    {
        var copy = $"{host.Files}/copy";
        Assert.Contains("nginx.conf", Glass("fs", "ls", $"{Target}:/etc/nginx").ShouldSucceed().Lines);
        Assert.Equal("new", Glass("fs", "cat", $"{Target}:/added").ShouldSucceed().Text);
        Assert.Equal("/etc/nginx/nginx.conf", Glass("fs", "find", "--name", "nginx.conf", $"{Target}:/etc").ShouldSucceed().Text);
        Glass("fs", "cp", $"{Target}:/etc/nginx/nginx.conf", copy).ShouldSucceed();
        Assert.Equal(File.ReadAllText($"/proc/{subject.Pid}/root/etc/nginx/nginx.conf"), File.ReadAllText(copy));
        Glass("fs", "cp", copy, $"{Target}:/opt/copied").ShouldSucceed();
        Outside(new() { ["VISUAL"] = "sed -i s/worker_processes/edited/" }, "fs", "edit", $"{Target}:/opt/copied").ShouldSucceed();
        Assert.Contains("edited", File.ReadAllText($"/proc/{subject.Pid}/root/opt/copied"), StringComparison.Ordinal);
        File.Delete($"/proc/{subject.Pid}/root/opt/copied");
        Assert.Equal("new", Glass("debug", Target, "--", "cat", "/container/added").ShouldSucceed().Text);
    }

    private void ChangesAreTheEngines()
    {
        using var document = Json("fs", "diff", "--json", Target);
        var seen = document.RootElement.GetProperty("changes").EnumerateArray()
            .Select(change => $"{char.ToUpperInvariant(Text(change, "kind")![0])} {Text(change, "path")}").ToList();
        Assert.Empty(((string[])["A /added", "C /etc/issue", "D /etc/debian_version"]).Except(seen));
        // Masks and the runtime's own mounts are nobody's changes.
        Assert.DoesNotContain(seen, line => line[2..] is "/etc/hosts" or "/run/.containerenv" || line[2..].StartsWith("/sys/", StringComparison.Ordinal));
        Assert.DoesNotContain(document.RootElement.GetProperty("unknown").EnumerateArray(), line => line.GetString()!.StartsWith("/proc/", StringComparison.Ordinal));
        Assert.Empty(subject.Changes.Where(line => !Directory.Exists($"/proc/{subject.Pid}/root{line[2..]}")).Except(seen));
    }

    private void NamespacesAreEntered()
    {
        using var document = Json("ns", "show", "--json", Target);
        foreach (var space in document.RootElement.GetProperty("namespaces").EnumerateArray())
        {
            var link = new FileInfo($"/proc/{subject.Pid}/ns/{Text(space, "type")}").LinkTarget;
            Assert.Equal(link, $"{Text(space, "type")}:[{space.GetProperty("ns").GetUInt64()}]");
        }

        var issue = File.ReadAllText($"/proc/{subject.Pid}/root/etc/issue");
        Assert.Equal(issue.TrimEnd('\n'), Glass("ns", "enter", Target, "--", "cat", "/etc/issue").ShouldSucceed().Text);
        if (subject.Id.Length == 64)
            Assert.Equal("new", Glass("ns", "enter", subject.Id[..12], "--", "cat", "/added").ShouldSucceed().Text);
    }

    private void GroupsAreReadAndSet()
    {
        Assert.StartsWith($"memory.max: {subject.Memory}\n", Glass("cgroup", "get", Target, "memory.max").ShouldSucceed().Text, StringComparison.Ordinal);
        Glass("cgroup", "set", Target, "memory.max=80M").ShouldSucceed();
        Assert.Equal($"{80 << 20}\n", File.ReadAllText($"/sys/fs/cgroup/memory{Group("memory")}/memory.limit_in_bytes"));
        Glass("cgroup", "set", Target, $"memory.max={subject.Memory}").ShouldSucceed();
    }

    private void PrivilegesAreTheKernels()
    {
        using var caps = Json("caps", "show", "--json", Target);
        var mask = Status("CapEff");
        Assert.Equal(mask, Text(caps.RootElement.GetProperty("effective"), "mask"));
        Assert.Equal(Command.Run("capsh", $"--decode={mask}").ShouldSucceed().Text.Split('=')[1].Split(','),
            caps.RootElement.GetProperty("effective").GetProperty("names").EnumerateArray().Select(one => one.GetString()!.ToLowerInvariant()));
        using var filter = Json("seccomp", "show", "--json", Target);
        Assert.Equal(("filter", "2"), (Text(filter.RootElement, "mode"), Status("Seccomp")));
        Glass("seccomp", "test", "--container", Target, "read").ShouldExit(0);
        Glass("seccomp", "test", "--container", Target, "kexec_load").ShouldExit(1);
        Glass("seccomp", "test", "--container", Target, "--dump", "kexec_load").ShouldExit(1);
        using var modules = Json("lsm", "show", "--json", Target);
        Assert.Equal(Status("NoNewPrivs") == "1", modules.RootElement.GetProperty("noNewPrivileges").GetBoolean());
    }

    private void MadeByHand()
    {
        var script = Glass("explain", "--script", Target).ShouldSucceed().Stdout;
        Assert.DoesNotContain(Secret, script, StringComparison.Ordinal);
        using var run = new HandScriptRun(host.Files, script, new Dictionary<string, string?> { ["SECRET_DB_PASSWORD"] = Secret }, host.Outside);
        Eventually.True(() => File.ReadAllText($"/proc/{run.Pid}/cmdline").StartsWith("nginx", StringComparison.Ordinal), "the script's nginx runs", 60);
        var status = File.ReadAllLines($"/proc/{run.Pid}/status");
        Assert.Contains($"CapEff:\t{Status("CapEff")}", status);
        Assert.Contains($"CapBnd:\t{Status("CapBnd")}", status);
        var group = File.ReadAllLines($"/proc/{run.Pid}/cgroup").Single(line => line.Contains(":memory:", StringComparison.Ordinal)).Split(':')[2];
        Assert.Equal($"{subject.Memory}\n", File.ReadAllText($"/sys/fs/cgroup/memory{group}/memory.limit_in_bytes"));
        Assert.Equal(Places(subject.Pid), Places(run.Pid));
    }

    /// <summary>Where something is mounted on, in order.</summary>
    private static List<string> Places(int pid) => [.. File.ReadLines($"/proc/{pid}/mountinfo").Select(line => line.Split(' ')[4]).Order(StringComparer.Ordinal)];

    private string Status(string field) => File.ReadLines($"/proc/{subject.Pid}/status").Single(line => line.StartsWith(field + ":", StringComparison.Ordinal)).Split('\t')[1];

    private string Group(string controller) =>
        File.ReadLines($"/proc/{subject.Pid}/cgroup").Single(line => line.Contains($":{controller}:", StringComparison.Ordinal)).Split(':')[2];

    private static string? Text(JsonElement thing, string name) => thing.TryGetProperty(name, out var text) ? text.GetString() : null;

    private JsonDocument Json(params IEnumerable<string> arguments) => JsonDocument.Parse(Glass(arguments).ShouldSucceed().Text);

    private CommandResult Glass(params IEnumerable<string> arguments) => Outside([], arguments);

    private CommandResult Outside(Dictionary<string, string?> environment, params IEnumerable<string> arguments)
    {
        string[] line = [.. host.Outside, Repository.Binary("vitrine-glass"), .. arguments];
        return Command.Run(line[0], line[1..], null, environment, null);
    }
}
