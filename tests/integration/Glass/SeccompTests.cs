using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Glass;

/// <summary>The seccomp verbs: what the kernel has, what it answers, and profiles that containers run with.</summary>
public sealed class SeccompTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    private readonly string name = $"seccomp-{Guid.NewGuid():n}";

    [Fact]
    public void Show_WhatTheKernelHas_IsWhatTheSpecificationAsksFor()
    {
        box.Ok("run", "-d", "--name", name, "busybox", "sleep", "600");

        using var asked = JsonDocument.Parse(box.Ok("seccomp", "show", "--json", name));
        using var enforced = JsonDocument.Parse(box.Ok("seccomp", "show", "--json", "--dump", name));

        Assert.Equal(("specification", "kernel"), (asked.RootElement.GetProperty("rulesFrom").GetString(), enforced.RootElement.GetProperty("rulesFrom").GetString()));
        foreach (var field in new[] { "groups", "blocked", "conditional", "instructions", "filters" })
            Assert.Equal(asked.RootElement.GetProperty(field).GetRawText(), enforced.RootElement.GetProperty(field).GetRawText());
        Assert.Contains("pivot_root", box.Ok("seccomp", "show", box.Pid(name).ToString()), StringComparison.Ordinal);

        // It goes on as before, and nobody traces it.
        Assert.Equal("0", ProcessTable.Status(box.Pid(name), "TracerPid"));
        Assert.Equal("running", box.Inspect(name, "{{.State.Status}}"));
        box.Ok("pause", name);
        box.Vitrine("seccomp", "show", "--dump", name).ShouldFail(1, "frozen");
        box.Ok("unpause", name);
        Assert.Equal("up", box.Ok("exec", name, "echo", "up"));
    }

    [Fact]
    public void Test_Container_AnswersAsTheKernelDoes()
    {
        box.Ok("run", "-d", "--name", name, "busybox", "sleep", "600");

        // The kernel's answers: unshare(CLONE_NEWUTS) and mount are refused, sync is done.
        box.Vitrine("exec", name, "unshare", "-u", "true").ShouldFail(1, "not permitted");
        box.Ok("exec", name, "sync");

        box.Vitrine("seccomp", "test", "--container", name, "unshare", "0x04000000").ShouldExit(1);
        box.Vitrine("seccomp", "test", "--container", name, "--dump", "mount").ShouldExit(1);
        box.Vitrine("seccomp", "test", "--container", name, "--dump", "sync").ShouldExit(0);
        box.Vitrine("seccomp", "test", "--profile", "unconfined", "mount").ShouldExit(0);
        box.Vitrine("seccomp", "test", "--arch", "aarch64", "read").ShouldExit(2);
        box.Vitrine("seccomp", "test", "--arch", "x32", "read").ShouldExit(1);
        box.Vitrine("seccomp", "test", "no_such_call").ShouldFail(125, "no_such_call");
    }

    [Fact]
    public void Generate_SeesWhatStraceSees()
    {
        Need.Program("strace", "strace");
        var (profile, trace) = (Path.Combine(box.Files, "profile.json"), Path.Combine(box.Files, "trace"));
        string[] command = ["sh", "-c", "(echo in a child; ls /) | cat >/dev/null; exit 5"];

        Command.Run("strace", ["-f", "-qq", "-o", trace, .. command]).ShouldExit(5);
        Glass(["generate", "-o", profile, .. command]).ShouldExit(5);

        var theirs = File.ReadLines(trace).Select(line => line[(line.IndexOf(' ') + 1)..].TrimStart()).Where(line => char.IsAsciiLetterLower(line[0]) && line.Contains('(', StringComparison.Ordinal))
            .Select(line => line[..line.IndexOf('(')]).Distinct();
        // What strace begins with is the command's execve, which every profile has.
        string[] always = ["capset", "execve", "exit", "exit_group", "prctl", "rt_sigreturn", "restart_syscall"];
        Assert.Equal(theirs.Concat(always).Distinct().Order(StringComparer.Ordinal), Names(profile));
    }

    [Fact]
    public void Generate_ProfileRunsTheContainerAndNothingMore()
    {
        var profile = Path.Combine(box.Files, $"{name}.json");
        Glass("generate", "-o", profile, "busybox", "sh", "-c", "echo seen; ls /").ShouldExit(0);

        Assert.StartsWith("seen\n", box.Ok("run", "--rm", "--security-opt", $"seccomp={profile}", "busybox", "sh", "-c", "echo seen; ls /"), StringComparison.Ordinal);
        box.Vitrine("run", "--rm", "--security-opt", $"seccomp={profile}", "busybox", "mkdir", "/tmp/x").ShouldFail(1, "not permitted");

        // With the default below it, what was seen comes on top.
        Glass("generate", "--base", "default", "-o", profile, "busybox", "sh", "-c", "unshare -u true; true").ShouldSucceed();
        Assert.Contains("added to the profile: unshare", Glass("generate", "--base", "default", "-o", profile, "busybox", "sh", "-c", "unshare -u true; true").Stderr, StringComparison.Ordinal);
        Glass("test", "--profile", profile, "unshare").ShouldExit(0);
        Glass("test", "--profile", profile, "bpf").ShouldExit(1);
    }

    [Fact]
    public void Generate_CommandThatEndsByASignalOrIsNotThere_IsSaid()
    {
        Glass("generate", "no-such-program").ShouldFail(125, "no-such-program did not run");
        Glass("generate", "busybox", "sh", "-c", "kill -9 $$").ShouldExit(137);
        Glass("generate", "--base", "/nowhere.json", "busybox", "true").ShouldFail(125, "/nowhere.json");
        using var json = JsonDocument.Parse(Glass("generate", "busybox", "echo", "kept apart").ShouldSucceed().Stdout);
        Assert.Equal("SCMP_ACT_ERRNO", json.RootElement.GetProperty("defaultAction").GetString());
    }

    [Fact]
    public void Lsm_WhatIsThere_IsShown()
    {
        box.Ok("run", "-d", "--name", name, "busybox", "sleep", "600");

        using var json = JsonDocument.Parse(box.Ok("lsm", "show", "--json", name));

        Assert.Equal((box.Pid(name), name), (json.RootElement.GetProperty("pid").GetInt32(), json.RootElement.GetProperty("container").GetString()));
        box.Vitrine("lsm", "show", "-q", name).ShouldExit(json.RootElement.GetProperty("confined").GetBoolean() ? 0 : 1);
        box.Vitrine("lsm", "show", "nobody").ShouldFail(2, "nobody");
    }

    private static CommandResult Glass(params IEnumerable<string> arguments) => Command.Run(Repository.Binary("vitrine-glass"), ["seccomp", .. arguments]);

    private static List<string> Names(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return [.. json.RootElement.GetProperty("syscalls").EnumerateArray().SelectMany(rule => rule.GetProperty("names").EnumerateArray()).Select(call => call.GetString()!)];
    }
}
