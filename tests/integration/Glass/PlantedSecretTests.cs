using Vitrine.TestKit;
using Vitrine.Tests.Integration.Api;
using Xunit;

namespace Vitrine.Tests.Integration.Glass;

/// <summary>A container whose environment and arguments hold the whole corpus: nothing that looks at it prints a secret in clear.</summary>
public sealed class PlantedSecretTests : IClassFixture<ApiSandbox>, IDisposable
{
    private const string Reading = "read _ 2>/dev/null; sleep 600; true";

    private readonly ApiSandbox _box;
    private readonly int _pid;

    public PlantedSecretTests(ApiSandbox box)
    {
        _box = box;
        box.Ok(["run", "-d", "--name", "planted", "--network", "none", .. Flags(), "busybox", .. Words()]);
        _pid = box.Pid("planted");
    }

    public void Dispose() => _box.Vitrine("rm", "--force", "planted");

    public static TheoryData<string> Views =>
    [
        "explain planted", "explain --json planted", "explain --diff host planted", "explain --diff default --json planted", "explain --diff plain planted", "explain --script planted",
        "audit planted", "audit --json planted", "audit --sarif planted", "audit --paths planted",
        "host ps", "host ps --no-trunc", "host ps --json", "host ps --format json", "ns ls", "ns ls --json", "ns show planted", "ns show --json planted",
        "cgroup ls --processes", "cgroup ls --json", "cgroup get planted", "caps show --json planted", "lsm show planted", "seccomp show --json planted", "fs ls -R planted:/etc", "fs diff --json planted",
        "explain --json PID", "audit --json PID",
    ];

    [Theory]
    [MemberData(nameof(Views))]
    public void View_ShowsNoSecret(string view)
    {
        _box.Ok("run", "-d", "--name", "plain", "--network", "none", "busybox", "sleep", "600");
        var words = view.Replace("PID", $"{_pid}", StringComparison.Ordinal).Split(' ');
        var shown = _box.Vitrine(words);
        _box.Ok("rm", "--force", "plain");

        Assert.True(shown.ExitCode is 0 or 1 && shown.Stdout.Length > 0, shown.Stderr);
        AssertNone(shown.Stdout);
        AssertNone(shown.Stderr);
    }

    /// <summary>The corpus is really there: who asks for it sees it, but for what a script needs no quoting for.</summary>
    [Fact]
    public void Reveal_ShowsEverySecret()
    {
        var shown = Plain(_box.Ok("explain", "--reveal", "--json", "planted"));

        Assert.Empty(SecretCorpus.Variables.Where(planted => !shown.Contains(Plain(planted.Secret), StringComparison.Ordinal)).Select(planted => planted.Name));
        Assert.Empty(SecretCorpus.Arguments.Where(planted => !shown.Contains(Plain(planted.Secret), StringComparison.Ordinal)).Select(planted => planted.Name));
    }

    [Fact]
    public async Task Watching_ShowsNoSecret()
    {
        using var hosts = _box.Start("host", "ps", "--watch", "--interval", "100ms", "--no-trunc");
        using var explains = _box.Start("explain", "--watch", "--interval", "100ms", "planted");
        var (seen, told) = (hosts.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), explains.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        // A second process with all of the arguments comes and goes while both look.
        _box.Ok(["exec", "planted", "sh", "-c", "sleep 1", .. Words().Skip(3)]);
        _box.Ok("rm", "--force", "planted");
        Assert.True(explains.WaitForExit(TimeSpan.FromSeconds(60)));
        Command.Run("kill", "-INT", $"{hosts.Id}").ShouldSucceed();

        Assert.Contains("planted", await seen, StringComparison.Ordinal);
        Assert.Contains("has ended", await told, StringComparison.Ordinal);
        AssertNone(await seen);
        AssertNone(await told);
    }

    [Theory]
    [InlineData("--headers")]
    [InlineData("--json")]
    public void Spy_OnTheCallsThatMakeAndInspectIt_ShowsNoSecret(string option)
    {
        Need.Program("docker", "docker-cli");
        var spied = Command.Run(Repository.Binary("vitrine-glass"),
            ["spy", option, "--body", "full", "-u", _box.Socket, "--", "docker", "run", "--name", "spied", "--network", "none", .. Flags(), "busybox", .. Words().Select((word, i) => i == 2 ? "true" : word)],
            null, _box.DockerEnvironment, TimeSpan.FromSeconds(120));
        var inspected = Command.Run(Repository.Binary("vitrine-glass"), ["spy", option, "--body", "full", "-u", _box.Socket, "--", "docker", "inspect", "spied"], null, _box.DockerEnvironment, null);
        _box.Ok("rm", "--force", "spied");

        Assert.Contains("[hidden: ", spied.ShouldSucceed().Stderr, StringComparison.Ordinal);
        AssertNone(spied.Stderr);
        Assert.Contains("[hidden: ", inspected.ShouldSucceed().Stderr, StringComparison.Ordinal);
        AssertNone(inspected.Stderr);
    }

    [Fact]
    public void Logs_OfTheServer_HoldNoSecret()
    {
        Need.Program("docker", "docker-cli");
        var file = Path.Combine(_box.Files, "calls.log");
        _box.StopServer();
        _box.Serve("--audit-log", file);
        _box.DockerOk(["run", "--name", "logged", "--network", "none", .. Flags(), "busybox", .. Words().Select((word, i) => i == 2 ? "true" : word)]);
        _box.Docker(["run", "--network", "none", .. Flags(), "busybox", "/no/such/program", .. Words()]);
        _box.Docker("pull", "127.0.0.1:1/planted:latest");
        _box.DockerOk("rm", "--force", "logged");

        Eventually.True(() => File.ReadAllText(file).Contains("\"DELETE\"", StringComparison.Ordinal), "the last call is written down");
        Assert.Contains("[hidden: ", File.ReadAllText(file), StringComparison.Ordinal);
        AssertNone(File.ReadAllText(file));
        AssertNone(_box.Log);
        foreach (var id in _box.Vitrine("ps", "-aq", "--filter", "status=created").Lines)
            _box.Ok("rm", "--force", id);
    }

    [Fact]
    public void Errors_AndDebugOutput_HoldNoSecret()
    {
        foreach (var words in (string[][])[["explain", "--section", "nothing", "planted"], ["fs", "cat", "planted:/nowhere"], ["cgroup", "set", "planted", "memory.max=nothing"], ["explain", "--diff", "nobody", "planted"]])
        {
            var failed = _box.Vitrine(["--debug", .. words]);
            Assert.NotEqual(0, failed.ExitCode);
            AssertNone(failed.Stdout + failed.Stderr);
        }
    }

    private static IEnumerable<string> Flags() => SecretCorpus.Variables.SelectMany(planted => (string[])["-e", $"{planted.Name}={planted.Value}"]);

    /// <summary>A shell that reads nothing, and after it every command line of the corpus as its arguments.</summary>
    private static IEnumerable<string> Words() => ["sh", "-c", Reading, "--", .. SecretCorpus.Arguments.SelectMany(planted => planted.Name.Split(' ').Append(planted.Value))];

    private static void AssertNone(string text)
    {
        var plain = Plain(text);
        Assert.Empty(SecretCorpus.Variables.Concat(SecretCorpus.Arguments).Where(planted => plain.Contains(Plain(planted.Secret), StringComparison.Ordinal)).Select(planted => planted.Name));
    }

    /// <summary>Without what JSON, tables and shells do to a text: escapes, and lines that are broken to fit.</summary>
    private static string Plain(string text) => new([.. text.Replace("\\n", "", StringComparison.Ordinal).Replace("\\u002B", "+", StringComparison.Ordinal).Where(character => !char.IsWhiteSpace(character) && character != '\\')]);
}
