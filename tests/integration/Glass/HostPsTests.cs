using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Glass;

/// <summary>host ps on a host with our containers and namespaces of nobody's, against what the kernel says.</summary>
public sealed class HostPsTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    [Fact]
    public void Container_FirstExecAndNsenter_AreUnderItsShim()
    {
        box.Ok("run", "-d", "--name", "seen", "--user", "1000", "--security-opt", "no-new-privileges", "busybox", "sleep", "600");
        box.Ok("exec", "-d", "seen", "sleep", "601");
        var pid = box.Pid("seen");
        using var joiner = Command.Start("nsenter", ["-t", $"{pid}", "-m", "-u", "-i", "-n", "-p", "sleep", "602"]);
        var id = box.Inspect("seen", "{{.Id}}");
        // What execs is there a moment before it is what it becomes.
        Eventually.Equal("sleep 600, sleep 601, sleep 602", () => string.Join(", ", Rows($"id={id}", "{{.Command}}").Where(line => line.StartsWith("sleep", StringComparison.Ordinal)).Order()), 60);

        using var json = JsonDocument.Parse(box.Ok("host", "ps", "--json", "--filter", $"id={id}"));
        var container = Assert.Single(json.RootElement.GetProperty("containers").EnumerateArray());
        var processes = container.GetProperty("processes").EnumerateArray().ToDictionary(process => process.GetProperty("command").GetString()!);

        Assert.Equal(("vitrine", "seen", "busybox", pid), (Text(container, "engine"), Text(container, "name"), Text(container, "image"), container.GetProperty("pid").GetInt32()));
        Assert.Equal(ProcessTable.Parent(pid), container.GetProperty("supervisor").GetProperty("pid").GetInt32());
        Assert.Equal([("sleep 600", "first", 1000), ("sleep 601", "joined", 1000), ("sleep 602", "joined", 0)],
            processes.Values.Select(process => (Text(process, "command"), Text(process, "role"), process.GetProperty("hostUid").GetInt32())).Order());
        foreach (var process in processes.Values)
            AssertKernelAgrees(process);
        Assert.Contains("vitrine-shim", Rows($"id={id}", "{{.Program}}"));
        Assert.Contains("joined: sleep 602", box.Ok("host", "ps", "--filter", $"pid={processes["sleep 602"].GetProperty("pid")}"), StringComparison.Ordinal);
        joiner.Kill();
        box.Ok("rm", "-f", "seen");
    }

    [Fact]
    public void BareUnshare_IsAContainerOfNoEngine()
    {
        using var bare = Command.Start("unshare", ["-p", "-f", "-U", "-r", "--kill-child", "sleep", "603"]);
        try
        {
            var child = 0;
            Eventually.True(() => int.TryParse(File.ReadAllText($"/proc/{bare.Id}/task/{bare.Id}/children").Trim(), out child), "unshare forked", 60);
            Eventually.Equal($"none {bare.Id}, none {child}", () => string.Join(", ", Rows($"pid={child}", "{{.Engine}} {{.HostPID}}")), 60);
            Assert.StartsWith("UP", Rows($"pid={child}", "{{.Isolation}}")[1], StringComparison.Ordinal);
        }
        finally
        {
            bare.Kill();
        }
    }

    [Fact]
    public void AnotherUser_SeesWhatTheKernelShowsAndIsToldOfTheRest()
    {
        Need.Program("setpriv", "util-linux");
        box.Ok("run", "-d", "--name", "hidden", "busybox", "sleep", "604");
        var id = box.Inspect("hidden", "{{.Id}}");

        // Where everybody may execute it.
        var glass = Path.Join(Path.GetTempPath(), $"vitrine-glass-{id}");
        File.Copy(Repository.Binary("vitrine-glass"), glass);
        var seen = Command.Run("setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", glass,
            "host", "ps", "--filter", $"id={id}", "--format", "{{.Engine}} {{.HostPID}} {{.Name}} {{.Isolation}}"]);
        File.Delete(glass);

        seen.ShouldSucceed();

        Assert.Contains($"vitrine {box.Pid("hidden")} - ?P??????", seen.Stdout, StringComparison.Ordinal);
        Assert.Contains("run as root to see all", seen.Stderr, StringComparison.Ordinal);
        box.Ok("rm", "-f", "hidden");
    }

    [Fact]
    public void PublishedPorts_AreShown()
    {
        box.Ok("run", "-d", "--name", "open", "--network", "bridge", "-p", "127.0.0.1:18090-18091:80-81", "-p", "127.0.0.1:18092:53/udp", "busybox", "sleep", "607");
        var id = box.Inspect("open", "{{.Id}}");

        Assert.Equal("127.0.0.1:18092->53/udp, 127.0.0.1:18090-18091->80-81/tcp", box.Ok("host", "ps", "--no-trunc", "--filter", $"id={id}", "--format", "{{.Ports}}").Split('\n')[^1]);
        box.Ok("rm", "-f", "open");
    }

    [Fact]
    public void Watch_WithoutTerminal_PrintsWhatComesAndGoes()
    {
        box.Ok("run", "-d", "--name", "coming", "busybox", "sleep", "605");
        var id = box.Inspect("coming", "{{.Id}}");
        using var watch = box.Start("host", "ps", "--watch", "--interval", "50ms", "--filter", $"id={id}", "--format", "{{.Role}} {{.Command}}");

        Assert.StartsWith("+ supervisor", watch.StandardOutput.ReadLine(), StringComparison.Ordinal);
        Assert.Equal("+ first sleep 605", watch.StandardOutput.ReadLine());
        box.Ok("exec", "-d", "coming", "sleep", "606");
        // The process may be seen before it executes its program.
        string? line;
        do
            line = watch.StandardOutput.ReadLine();
        while (line is not (null or "+ joined sleep 606"));
        Assert.NotNull(line);
        Command.Run("kill", "-INT", $"{watch.Id}").ShouldSucceed();
        Assert.True(watch.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, watch.ExitCode);
        box.Ok("rm", "-f", "coming");
    }

    [Theory]
    [InlineData("--filter", "colour=red", "invalid filter 'colour'")]
    [InlineData("--json", "--watch", "--json prints the whole once")]
    public void Options_ThatCannotBe_AreRefused(string first, string second, string words) => box.Vitrine("host", "ps", first, second).ShouldFail(1, words);

    private string[] Rows(string filter, string format) => box.Ok("host", "ps", "--filter", filter, "--format", format).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static void AssertKernelAgrees(JsonElement process)
    {
        var pid = process.GetProperty("pid").GetInt32();
        Assert.Equal($"{process.GetProperty("containerPid")}", ProcessTable.Status(pid, "NSpid").Split('\t')[^1]);
        Assert.Equal(ProcessTable.Parent(pid), process.GetProperty("parentPid").GetInt32());
        var isolation = process.GetProperty("isolation");
        Assert.Equal(ProcessTable.Status(pid, "CapBnd"), Text(isolation, "boundingSet"));
        foreach (var kind in isolation.GetProperty("namespaces").EnumerateObject())
            Assert.Equal($"{kind.Name}:[{kind.Value.GetProperty("inode")}]", ProcessTable.Namespace(pid, kind.Name));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
