using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Glass;

/// <summary>
/// Who is neither root nor the container's user, on a /proc as it is and on each that hides processes (hidepid of proc(5)): what may be
/// seen is shown, what is missing is named, and nothing fails in an unclear way.
/// </summary>
public sealed class OtherUserTests : IClassFixture<BusyboxSandbox>, IDisposable
{
    private const string Uid = "65533";

    private readonly BusyboxSandbox _box;
    private readonly string _binaries = Directory.CreateTempSubdirectory("vitrine-other-").FullName;
    private readonly string _name = $"unseen{Guid.NewGuid():N}"[..14];
    private readonly int _pid;

    public OtherUserTests(BusyboxSandbox box)
    {
        Need.Program("setpriv", "util-linux");
        _box = box;
        box.Ok("run", "-d", "--name", _name, "--network", "none", "-e", "DB_PASSWORD=hunter2-Zq81xW", "busybox", "sleep", "600");
        _pid = box.Pid(_name);
        // Where everybody may execute them.
        File.SetUnixFileMode(_binaries, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
        foreach (var binary in (string[])["vitrine-glass", "vitrine-shim"])
            File.Copy(Repository.Binary(binary), Path.Join(_binaries, binary));
    }

    public void Dispose()
    {
        _box.Ok("rm", "--force", _name);
        Directory.Delete(_binaries, recursive: true);
    }

    [Fact]
    public void OrdinaryProc_ShowsWhatEverybodyMaySee_AndNamesTheRest()
    {
        Assert.Contains("run as root to see all", As(null, "host", "ps").ShouldSucceed().Stderr, StringComparison.Ordinal);
        Assert.Contains($" {_pid} ", As(null, "host", "ps").Stdout, StringComparison.Ordinal);

        using var explained = JsonDocument.Parse(As(null, "explain", "--json", $"{_pid}").ShouldSucceed().Text);
        Assert.Equal("vitrine", explained.RootElement.GetProperty("target").GetProperty("engine").GetString());
        // The limits, the arguments and the capabilities are everybody's; the environment, the files and the namespaces are not.
        Assert.NotEmpty(explained.RootElement.GetProperty("processes").GetProperty("processes").EnumerateArray());
        Assert.Contains(Facts(explained, "namespaces"), fact => Text(fact, "value") == "not known");
        foreach (var section in (string[])["secrets", "root"])
            Assert.Contains(Facts(explained, section), fact => Text(fact, "error").StartsWith("EACCES", StringComparison.Ordinal));

        using var judged = JsonDocument.Parse(As(null, "audit", "--json", $"{_pid}").ShouldSucceed().Text);
        Assert.NotEmpty(judged.RootElement.GetProperty("subjects")[0].GetProperty("findings").EnumerateArray());
        Assert.NotEmpty(judged.RootElement.GetProperty("subjects")[0].GetProperty("unchecked").EnumerateArray());

        As(null, "fs", "ls", $"{_pid}:/").ShouldFail(1, "run as root");
        As(null, "fs", "diff", $"{_pid}").ShouldFail(1, "run as root");
        As(null, "ns", "show", $"{_pid}").ShouldFail(1, "run as root");
        As(null, "debug", $"{_pid}", "true").ShouldFail(1, "run as root");
        As(null, "explain", "--script", $"{_pid}").ShouldFail(1, "only root may read");
        As(null, "explain", "2").ShouldFail(1, "is a thread of the kernel");
        As(null, "ns", "enter", "--uts", $"{_pid}", "true").ShouldFail(1, "operation not permitted");
    }

    /// <summary>Processes are listed, and nothing in their directories may be read.</summary>
    [Fact]
    public void HidepidNoAccess_CountsWhatIsHidden()
    {
        foreach (var words in (string[][])[["host", "ps"], ["ns", "ls"], ["audit", "--all"]])
            Assert.Matches("[0-9]+ processes may not be looked at here", Both(As("noaccess", words).ShouldSucceed()));
        foreach (var words in Asking($"{_pid}"))
            Assert.Contains("may not be looked at by this user", Failed(As("noaccess", words)).Stderr, StringComparison.Ordinal);
        Assert.Contains("that this user may see", Failed(As("noaccess", "explain", _name)).Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain(_name, Both(As("noaccess", "host", "ps")), StringComparison.Ordinal);
    }

    /// <summary>Processes are not even listed.</summary>
    [Theory]
    [InlineData("invisible")]
    [InlineData("ptraceable")]
    public void HidepidInvisible_SaysThatMoreMayBeThere(string hidepid)
    {
        foreach (var words in (string[][])[["host", "ps"], ["ns", "ls"], ["audit", "--all"]])
            Assert.Contains("processes of other users are not listed here", Both(As(hidepid, words).ShouldSucceed()), StringComparison.Ordinal);
        Assert.DoesNotContain("No container runs on this host", As(hidepid, "audit", "--all").Text, StringComparison.Ordinal);
        using var seen = JsonDocument.Parse(As(hidepid, "host", "ps", "--json").ShouldSucceed().Text);
        Assert.Contains("not listed", seen.RootElement.GetProperty("missing")[0].GetString(), StringComparison.Ordinal);
        foreach (var words in Asking($"{_pid}").Append(["explain", _name]))
            Assert.Contains("that this user may see", Failed(As(hidepid, words)).Stderr, StringComparison.Ordinal);

        // Of its own it sees everything.
        var own = As(hidepid, "sh", "-c", $"sleep 600 & {_binaries}/vitrine-glass explain --section secrets $!; kill $!").ShouldSucceed();
        Assert.Contains("HOME", own.Text, StringComparison.Ordinal);
    }

    /// <summary>hidepid is no wall for root, and nothing is said to be missing.</summary>
    [Fact]
    public void Hidepid_ForRoot_HidesNothing()
    {
        var seen = Command.Run("unshare", "--mount", "--propagation", "private", "sh", "-c", "mount -t proc -o hidepid=invisible proc /proc && exec \"$@\"", "sh", $"{_binaries}/vitrine-glass", "host", "ps").ShouldSucceed();

        Assert.Contains($" {_pid} ", seen.Stdout, StringComparison.Ordinal);
        Assert.Equal("", seen.Stderr);
    }

    private static IEnumerable<string[]> Asking(string target) =>
    [
        ["explain", target], ["explain", "--json", target], ["explain", "--script", target], ["explain", "--diff", "host", target], ["audit", target],
        ["ns", "show", target], ["caps", "show", target], ["lsm", "show", target], ["seccomp", "show", target], ["fs", "ls", $"{target}:/"], ["fs", "diff", target], ["debug", target, "true"],
    ];

    private static JsonElement.ArrayEnumerator Facts(JsonDocument explained, string section) => explained.RootElement.GetProperty(section).GetProperty("facts").EnumerateArray();

    private static string Text(JsonElement fact, string name) => fact.TryGetProperty(name, out var value) ? value.GetString()! : "";

    private static string Both(CommandResult result) => result.Stdout + result.Stderr;

    private static CommandResult Failed(CommandResult result)
    {
        Assert.NotEqual(0, result.ExitCode);
        Assert.Single(result.Stderr.TrimEnd('\n').Split('\n'));
        return result;
    }

    /// <summary>Runs vitrine-glass, or sh, as another user in a mount namespace whose /proc hides what is asked.</summary>
    private CommandResult As(string? hidepid, params string[] words)
    {
        var mount = hidepid is null ? "" : $"mount -t proc -o hidepid={hidepid} proc /proc && ";
        string[] program = words[0] == "sh" ? words : [Path.Join(_binaries, "vitrine-glass"), .. words];
        return Command.Run("unshare",
            ["--mount", "--propagation", "private", "sh", "-c", mount + "exec \"$@\"", "sh", "setpriv", "--reuid", Uid, "--regid", Uid, "--clear-groups", "--inh-caps=-all", .. program],
            null, new Dictionary<string, string?>(_box.Environment) { ["HOME"] = "/" }, null);
    }
}
