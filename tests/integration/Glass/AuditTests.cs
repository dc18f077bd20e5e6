using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Glass;

/// <summary>Real containers, weak and mended: every weakness is found in the weak one, and not in the mended one.</summary>
public sealed class AuditTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    private const string Secret = "correct-horse-battery";

    /// <summary>A rule, the flags that make it speak, and those that silence it; without flags it is the plain container.</summary>
    private sealed record Pair(string Rule, string[] Weak, string[] Mended)
    {
        /// <summary>What else the weak flags mean, each rightly.</summary>
        public string[] Also { get; init; } = [];

        /// <summary>Rules that the flags silence beside it.</summary>
        public string[] Silences { get; init; } = [];

        public string[] Command { get; init; } = ["sleep", "600"];
    }

    private IReadOnlyList<Pair> Pairs() =>
    [
        // All capabilities, no filter, every device, kernel paths open and writable, the control groups too.
        new("VA001", ["--privileged"], ["--cap-add", "ALL", "--cap-drop", "ALL"]) { Also = ["VA051", "VA064", "VA065", "VA066", "VA067", "VA075"] },
        // The filter lets pass what the capability is for.
        new("VA010", ["--cap-add", "SYS_ADMIN"], []) { Also = ["VA052"] },
        new("VA011", ["--cap-add", "SYS_MODULE"], []) { Also = ["VA052"] },
        new("VA013", ["--cap-add", "SYS_PTRACE"], []),
        new("VA014", ["--cap-add", "DAC_READ_SEARCH"], []),
        new("VA018", ["--cap-add", "NET_ADMIN"], []),
        new("VA019", ["--cap-add", "NET_RAW"], []),
        new("VA020", ["--cap-add", "MKNOD"], []),
        new("VA040", ["--pid", "host"], []),
        new("VA042", ["--ipc", "host"], []),
        new("VA043", ["--uts", "host"], []),
        // Vitrine sets no_new_privs for whoever is not root.
        new("VA044", [], ["--user", "1000:1000"]) { Silences = ["VA050"] },
        new("VA045", ["--cgroupns", "host"], []),
        new("VA050", [], ["--security-opt", "no-new-privileges"]),
        new("VA051", ["--security-opt", "seccomp=unconfined"], []),
        new("VA055", [], ["--read-only"]),
        new("VA060", ["-v", $"{EngineSocket()}:/var/run/docker.sock"], ["-v", $"{box.Files}:/var/run/app"]),
        new("VA061", ["-v", "/:/host"], ["-v", $"{box.Files}:/data"]),
        new("VA062", ["-v", "/etc:/host-etc"], ["-v", "/etc/localtime:/etc/localtime"]),
        new("VA063", ["-v", "/root:/keys:ro"], ["-v", $"{box.Files}:/keys:ro"]),
        new("VA064", ["--security-opt", "systempaths=unconfined"], []) { Also = ["VA067"] },
        new("VA067", ["--security-opt", "systempaths=unconfined"], []) { Also = ["VA064"] },
        new("VA077", ["--device", "/dev/kmsg"], ["--device", "/dev/null:/dev/nothing"]),
        new("VA081", [], ["--memory", "64m"]),
        new("VA082", ["--pids-limit", "-1"], ["--pids-limit", "100"]),
        new("VA083", [], ["--cpus", "1"]),
        new("VA084", ["--memory", "64m", "--oom-kill-disable"], ["--memory", "64m"]) { Silences = ["VA081"] },
        new("VA085", ["--log-opt", "max-size=-1"], []),
        new("VA090", ["-e", $"DB_PASSWORD={Secret}"], ["-e", "DB_PASSWORD_FILE=/run/secrets/db"]),
        new("VA091", [], []) { Command = ["sh", "-c", "sleep 600; true", "--", $"--password={Secret}"] },
        new("VA095", ["--network", "bridge", "-p", "80"], ["--network", "bridge", "-p", "127.0.0.1::80"]),
        new("VA103", ["--restart", "always"], ["--restart", "on-failure:5"]),
    ];

    /// <summary>
    /// Each pair is judged whole: in the weak container its rule speaks, what must speak with it, and nothing that does not speak in a
    /// plain one; in the mended one the rule is silent, and nothing speaks that does not in a plain one.
    /// </summary>
    [Fact]
    public void Configurations_WeakAndMended_AreJudgedRightly()
    {
        Need.CgroupV1();
        var pairs = Pairs();
        var started = new Dictionary<string, string>();
        var weak = pairs.Select(pair => Container(started, pair.Weak, pair.Command)).ToList();
        var mended = pairs.Select(pair => Container(started, pair.Mended, ["sleep", "600"])).ToList();
        var ordinary = Container(started, [], ["sleep", "600"]);

        using var report = JsonDocument.Parse(box.Ok(["audit", "--json", .. started.Values]));
        var found = report.RootElement.GetProperty("subjects").EnumerateArray().ToDictionary(
            subject => subject.GetProperty("name").GetString()!,
            subject => subject.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("id").GetString()!).ToHashSet());
        Assert.Empty(report.RootElement.GetProperty("subjects").EnumerateArray().Where(subject => subject.TryGetProperty("unchecked", out var gaps) && gaps.GetArrayLength() > 0).Select(subject => subject.GetRawText()));

        var plain = found[ordinary];
        Assert.Empty(((string[])["VA044", "VA050", "VA055", "VA081", "VA083"]).Except(plain));
        for (var i = 0; i < pairs.Count; i++)
        {
            var pair = pairs[i];
            var (speaks, silenced) = (weak[i] == ordinary ? [] : pair.Also.Append(pair.Rule), weak[i] == ordinary ? [] : pair.Silences);
            ShouldBe(plain.Union(speaks).Except(silenced), found[weak[i]], $"{pair.Rule}, weak: {string.Join(' ', pair.Weak)}");
            ShouldBe(plain.Except(mended[i] == ordinary ? [] : pair.Silences.Append(pair.Rule)), found[mended[i]], $"{pair.Rule}, mended: {string.Join(' ', pair.Mended)}");
            Assert.Contains(pair.Rule, found[weak[i]]);
            Assert.DoesNotContain(pair.Rule, found[mended[i]]);
        }
    }

    private static void ShouldBe(IEnumerable<string> expected, IEnumerable<string> found, string what) =>
        Assert.Equal($"{what}: {string.Join(' ', expected.Order(StringComparer.Ordinal))}", $"{what}: {string.Join(' ', found.Order(StringComparer.Ordinal))}");

    [Fact]
    public void WaysOut_AreOpenOrClosedByTheFlags()
    {
        Run("way-open", ["--pid", "host", "--cap-add", "SYS_PTRACE", "--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"], ["sleep", "600"]);
        Run("way-shut", ["--user", "1000", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--memory", "64m", "--cpus", "1"], ["sleep", "600"]);

        var open = box.Ok("audit", "--paths", "way-open");
        Assert.Contains("/proc/PID/root of the host [VA508]", open, StringComparison.Ordinal);
        Assert.Matches(@"open +/proc/PID/root of the host \[VA508\]", open);
        Assert.Contains("2. open /proc/PID/root", open, StringComparison.Ordinal);
        Assert.Contains("Ways out: 0 open", box.Ok("audit", "way-shut"), StringComparison.Ordinal);

        Assert.Equal(1, box.Vitrine("audit", "--fail-on", "critical", "way-open").ExitCode);
        Assert.Equal(0, box.Vitrine("audit", "--fail-on", "medium", "way-shut").ExitCode);
    }

    [Fact]
    public void Secrets_AreNowhereInClear()
    {
        Run("leaky", ["-e", $"API_TOKEN={Secret}"], ["sh", "-c", "sleep 600; true", "--", $"--password={Secret}"]);

        foreach (var format in (string[][])[[], ["--json"], ["--sarif"], ["--paths"]])
        {
            var text = box.Ok(["audit", .. format, "leaky"]);
            Assert.Contains("VA09", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ProcessWithoutEngine_IsJudgedToo()
    {
        using var bare = Command.Start("unshare", ["-m", "-p", "-f", "--mount-proc", "--kill-child", "sleep", "600"]);
        try
        {
            var child = 0;
            Eventually.True(() => int.TryParse(File.ReadAllText($"/proc/{bare.Id}/task/{bare.Id}/children").Trim(), out child), "unshare forked");
            using var report = JsonDocument.Parse(box.Ok("audit", "--json", $"{child}"));
            var ids = report.RootElement.GetProperty("subjects")[0].GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("id").GetString()).ToList();

            Assert.Contains("VA051", ids);
            Assert.Contains("VA056", ids);
        }
        finally
        {
            bare.Kill();
        }
    }

    [Fact]
    public void Host_IsJudgedAndSarifIsJson()
    {
        using var sarif = JsonDocument.Parse(box.Ok("audit", "--host", "--sarif"));

        Assert.Equal("2.1.0", sarif.RootElement.GetProperty("version").GetString());
    }

    [Fact]
    public void Socket_OfTheServer_AnswersItsVersion()
    {
        var path = Path.Combine(box.ExecRoot, "audited.sock");
        using var server = Process.Start(new ProcessStartInfo(Repository.Binary("vitrined"), ["--data-root", box.DataRoot, "--exec-root", box.ExecRoot, "--host", $"unix://{path}"]))!;
        try
        {
            Eventually.True(() => File.Exists(path), "the server listens");
            using var report = JsonDocument.Parse(box.Ok("audit", "--json", "--socket", path));

            Assert.Equal("socket", report.RootElement.GetProperty("subjects")[0].GetProperty("scope").GetString());
            Assert.Equal(0, report.RootElement.GetProperty("subjects")[0].GetProperty("findings").GetArrayLength());
        }
        finally
        {
            server.Kill();
            server.WaitForExit();
        }
    }

    [Fact]
    public void Mistakes_HaveTheirExitCodes()
    {
        box.Vitrine("audit", "nobody").ShouldFail(2, "nobody");
        box.Vitrine("audit", "--rule", "VA999").ShouldFail(125, "no such rule");
        box.Vitrine("audit", "--severity", "awful").ShouldFail(125, "must be note, low");
        box.Vitrine("audit", "--json", "--sarif").ShouldFail(125, "exclude each other");
        box.Vitrine("audit", "--socket", "/nonexistent.sock").ShouldFail(2, "no such socket");
        Assert.Contains("VA001", box.Ok("audit", "--rules"), StringComparison.Ordinal);
    }

    /// <summary>A socket that nobody listens on, by docker's name for it.</summary>
    private string EngineSocket()
    {
        var path = Path.Combine(box.Files, "docker.sock");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        // .NET deletes the name together with the socket: a second one stays.
        File.Move(path, path + ".kept");
        Command.Run("ln", path + ".kept", path).ShouldSucceed();
        return path;
    }

    /// <summary>The name of a container with these flags; several pairs may have one.</summary>
    private string Container(Dictionary<string, string> started, string[] flags, string[] command)
    {
        var key = string.Join('\n', [.. flags, "", .. command]);
        if (!started.TryGetValue(key, out var name))
            Run(started[key] = name = $"pair-{started.Count}", flags, command);
        return name;
    }

    private void Run(string name, IEnumerable<string> flags, IEnumerable<string> command) =>
        box.Ok(["run", "-d", "--name", name, .. flags.Contains("--network") ? (string[])[] : ["--network", "none"], .. flags, "busybox", .. command]);
}
