using System.Diagnostics;
using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Glass;

/// <summary>Images with and without a package manager's lists.</summary>
public sealed class DebianSandbox() : Sandbox("busybox", "debian");

/// <summary>explain: comparing, watching, and where a program comes from.</summary>
public sealed class ExplainTests(DebianSandbox box) : IClassFixture<DebianSandbox>
{
    [Fact]
    public void Diff_OfAContainerWithoutFlags_AndTheDefaults_IsNothing()
    {
        Need.CgroupV1();
        var id = box.Ok("run", "--detach", "busybox", "sleep", "600");

        Assert.Contains("are set alike", box.Ok("explain", "--diff", "default", id), StringComparison.Ordinal);
        var changed = box.Ok("run", "--detach", "--user", "1000", "--memory", "64m", "--cap-add", "NET_ADMIN", "--tmpfs", "/scratch", "busybox", "sleep", "600");
        using var document = JsonDocument.Parse(box.Vitrine("explain", "--diff", "default", "--json", changed).ShouldExit(1).Text);

        Assert.Equal(
            ["/scratch", "memory", "memory and swap", "bounding CAP_NET_ADMIN"],
            document.RootElement.GetProperty("differences").EnumerateArray().Select(difference => difference.GetProperty("name").GetString()!));
        box.Ok("rm", "--force", id, changed);
    }

    [Fact]
    public void Diff_OfTwoContainers_NamesWhatIsSetOtherwise()
    {
        var one = box.Ok("run", "--detach", "-e", "MODE=one", "busybox", "sleep", "600");
        var two = box.Ok("run", "--detach", "-e", "MODE=two", "--read-only", "busybox", "sleep", "600");

        var text = box.Vitrine("explain", "--diff", two, one).ShouldExit(1).Text;

        Assert.Contains("read-only", text, StringComparison.Ordinal);
        Assert.Contains("two", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Capabilities", text, StringComparison.Ordinal);
        box.Vitrine("explain", "--diff", one, "--section", "cap", two).ShouldExit(0);
        box.Vitrine("explain", "--diff", "nobody", one).ShouldFail(2, "nobody");
        box.Ok("rm", "--force", one, two);
    }

    [Fact]
    public void Section_WithJson_IsThatAlone()
    {
        var id = box.Ok("run", "--detach", "busybox", "sleep", "600");

        using var document = JsonDocument.Parse(box.Ok("explain", "--json", "--section", "namesp", id));

        Assert.Equal(["schemaVersion", "target", "namespaces"], document.RootElement.EnumerateObject().Select(property => property.Name));
        box.Vitrine("explain", "--section", "nothing", id).ShouldFail(1, "no section 'nothing'");
        box.Ok("rm", "--force", id);
    }

    [Fact]
    public void Program_OfAPackage_IsNamedWithItsLayer()
    {
        var id = box.Ok("run", "--detach", "debian", "sleep", "600");

        using var document = JsonDocument.Parse(box.Ok("explain", "--json", "--section", "processes", id));
        var program = document.RootElement.GetProperty("processes").GetProperty("program");

        Assert.Equal("coreutils", program.GetProperty("package").GetString());
        Assert.False(program.GetProperty("writtenHere").GetBoolean());
        Assert.StartsWith("sha256:", program.GetProperty("digest").GetString(), StringComparison.Ordinal);

        box.Ok("exec", id, "cp", "/bin/sleep", "/tmp/other");
        using var other = TestKit.Command.Start(Repository.Binary("vitrine"), ["exec", id, "/tmp/other", "600"], box.Environment);
        var pid = "";
        Eventually.True(() => (pid = ProcessWithArgument(id)) is not "", "the copy runs", 60);
        Assert.Contains("the writable layer", box.Ok("explain", "--section", "processes", pid), StringComparison.Ordinal);
        box.Ok("rm", "--force", id);
        other.Kill();
    }

    [Fact]
    public async Task Watch_TellsAChange_AndEndsWithTheContainer()
    {
        Need.CgroupV1();
        var id = box.Ok("run", "--detach", "busybox", "sleep", "600");
        using var watch = TestKit.Command.Start(Repository.Binary("vitrine"), ["explain", "--watch", "--interval", "100ms", id], box.Environment);
        box.Ok("update", "--pids-limit", "77", id);
        // It may have looked first only after the change: change it until it is seen.
        var limit = 77;
        var seen = Task.Run(() => Until(watch, "cgroups: pids: "));
        while (await Task.WhenAny(seen, Task.Delay(300)) != seen && limit < 500)
            box.Ok("update", "--pids-limit", $"{++limit}", id);
        Assert.Contains(" -> ", await seen, StringComparison.Ordinal);

        box.Ok("rm", "--force", id);

        Assert.Contains("has ended", Until(watch, "process "), StringComparison.Ordinal);
        Assert.True(watch.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, watch.ExitCode);
    }

    private static string Until(Process watch, string text)
    {
        while (watch.StandardOutput.ReadLine() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal) && (text != "process " || line.Contains("has ended", StringComparison.Ordinal)))
                return line;
        }

        return "";
    }

    private string ProcessWithArgument(string id)
    {
        var children = Command.Run("sh", "-c", "grep -lsa '^/tmp/other' /proc/[0-9]*/cmdline").Lines;
        return children.Select(path => path.Split('/')[2]).FirstOrDefault(pid => File.Exists($"/proc/{pid}/cgroup") && File.ReadAllText($"/proc/{pid}/cgroup").Contains(id, StringComparison.Ordinal)) ?? "";
    }
}
