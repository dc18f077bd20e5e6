using System.Text.RegularExpressions;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>
/// Lines of shell that call docker, run in a directory of their own. A line that begins with ~ is one whose words are of today's
/// docker, not of Debian's older dockerd: its exit code alone is compared.
/// </summary>
internal static partial class DockerScript
{
    /// <summary>The surroundings of docker's command line before an engine.</summary>
    public static Dictionary<string, string?> Client(string socket) => new() { ["DOCKER_HOST"] = $"unix://{socket}" };

    /// <summary>Each command with its exit code and what it printed, normalised.</summary>
    public static List<string> Run(string name, string script, IReadOnlyDictionary<string, string?> surroundings)
    {
        var directory = Directory.CreateTempSubdirectory($"vitrine-compare-{name}-").FullName;
        try
        {
            var environment = new Dictionary<string, string?>(surroundings) { ["DOCKER_CONFIG"] = directory, ["NO_COLOR"] = "1" };
            var answers = new List<string>();
            foreach (var line in script.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var command = line.Trim().TrimStart('~');
                var result = Command.Run("sh", ["-c", $"cd {directory}; {command}"], null, environment, TimeSpan.FromMinutes(2));
                var said = line.Trim().StartsWith('~') ? "" : (Normalise(result.Stdout) + Normalise(result.Stderr)).Replace(directory, "DIRECTORY", StringComparison.Ordinal);
                answers.Add($"$ {command}\n{said}[{result.ExitCode}]");
            }
            return answers;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Fails with the commands that differ.</summary>
    public static void ShouldBeSame(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        var differ = Enumerable.Range(0, expected.Count).Where(line => expected[line] != actual[line]).ToList();
        Assert.Equal(string.Join('\n', differ.Select(line => expected[line])), string.Join('\n', differ.Select(line => actual[line])));
    }

    private static string Normalise(string text)
    {
        text = LongId().Replace(text, "ID");
        text = ShortId().Replace(text, "ID");
        text = Ago().Replace(text, "TIME");
        text = Moment().Replace(text, "MOMENT");
        text = Registry().Replace(text, "REGISTRY");
        text = ManifestSize().Replace(text, "size: N");
        // Docker's command line names the engine, which Vitrine is itself; that of 28.2 tells of its own exit, and writes "SRun" for "Run".
        text = Prefix().Replace(text, "");
        text = text.Replace("SRun 'docker", "Run 'docker", StringComparison.Ordinal);
        text = Nothing().Replace(text, "");
        // A host that forwards nothing is no difference between engines.
        text = Forwarding().Replace(text, "");
        text = BridgeFilter().Replace(text, "");
        text = Runtime().Replace(text, "");
        text = CliRace().Replace(text, "");
        // Of a table whose columns are as wide as the times in it.
        text = Columns().Replace(text, "  ");
        return TrailingBlanks().Replace(text, "\n");
    }

    [GeneratedRegex(@"\b[0-9a-f]{64}\b")]
    private static partial Regex LongId();

    [GeneratedRegex(@"\b[0-9a-f]{12}\b")]
    private static partial Regex ShortId();

    [GeneratedRegex(@"(Less than a second|About a minute|[0-9]+ (second|minute)s?)( ago)?")]
    private static partial Regex Ago();

    [GeneratedRegex(@"(?m)^.*IPv4 forwarding is disabled.*\n")]
    private static partial Regex Forwarding();

    /// <summary>Of the network namespace that a server is in; older command lines say it.</summary>
    [GeneratedRegex(@"(?m)^.*bridge-nf-call-ip6?tables is disabled.*\n")]
    private static partial Regex BridgeFilter();

    /// <summary>Said by docker's command line itself, where its wait is cut off before it has looked at the failure.</summary>
    [GeneratedRegex(@"(?m)^time=""[^""]*"" level=error msg=""error waiting for container.*\n")]
    private static partial Regex CliRace();

    /// <summary>What a terminal echoes of the end of its input.</summary>
    [GeneratedRegex(@"\^[@D]|[\0\b\x04]")]
    private static partial Regex Nothing();

    /// <summary>The names of the programs behind the error: runc's and ours differ.</summary>
    [GeneratedRegex(@"(failed to create shim task|failed to create task for container|OCI runtime (create|exec) failed|runc (create|exec) failed|exec failed|unable to start container process|container_linux\.go:\d+|starting container process caused)[^:]*: |: unknown\.?")]
    private static partial Regex Runtime();

    [GeneratedRegex(@"[ \t\r]+\n")]
    private static partial Regex TrailingBlanks();

    [GeneratedRegex(@"\b[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(Z| \+0000 UTC)")]
    private static partial Regex Moment();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Columns();

    [GeneratedRegex(@"127\.0\.0\.1:[0-9]+")]
    private static partial Regex Registry();

    /// <summary>Of a manifest: docker's own format or OCI's.</summary>
    [GeneratedRegex(@"size: [0-9]+$", RegexOptions.Multiline)]
    private static partial Regex ManifestSize();

    [GeneratedRegex(@"^(Error response from daemon: |Error: |docker: |exit status 1\n)+", RegexOptions.Multiline)]
    private static partial Regex Prefix();
}
