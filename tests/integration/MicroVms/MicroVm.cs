using System.Text.RegularExpressions;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.MicroVms;

/// <summary>
/// A machine with cgroup v2 and AppArmor (tests/microvm/run), booted once for all checks of a suite; each check is a function
/// <c>check_NAME</c> of tests/microvm/guest/SUITE.sh and a test here.
/// </summary>
internal sealed partial class MicroVm
{
    // Emulated, on a machine that does other things: what takes seconds may take minutes.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);
    private readonly string _suite;
    private readonly TimeSpan _patience;
    private readonly Lazy<Dictionary<string, string>> _results;

    /// <param name="suite">Its name.</param>
    /// <param name="patience">How long it may take, where that is longer than usual; see <c>seconds</c> in guest/SUITE.files.</param>
    public MicroVm(string suite, TimeSpan? patience = null)
    {
        _suite = suite;
        _patience = patience ?? s_patience;
        _results = new(Boot);
    }

    private string Log => Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Root, "out", "test")).FullName, $"microvm-{_suite}.log");

    /// <summary>The names of a suite's checks, for MemberData.</summary>
    public static TheoryData<string> Checks(string suite) =>
        [.. CheckName().Matches(File.ReadAllText(Path.Combine(Repository.Root, "tests", "microvm", "guest", suite + ".sh"))).Select(match => match.Groups[1].Value)];

    /// <summary>Fails with what the check printed unless it was ok.</summary>
    public void ShouldHavePassed(string check)
    {
        Need.Root();
        Need.Program("qemu-system-x86_64", "qemu");
        Need.Program("apparmor_parser", "apparmor");
        Assert.True(_results.Value.TryGetValue(check, out var result), $"{check} was never reached; the console is in {Log}");
        Assert.True(result.Length == 0, $"{check} failed in the microVM:\n{result}\nThe whole console is in {Log}");
    }

    private Dictionary<string, string> Boot()
    {
        var run = Command.Run(Path.Combine(Repository.Root, "tests", "microvm", "run"), [_suite, Log], null, null, _patience);
        var results = new Dictionary<string, string>();
        var last = "";
        foreach (var line in run.Lines)
        {
            if (line.StartsWith("ok ", StringComparison.Ordinal))
                results[line[3..]] = "";
            else if (line.StartsWith("not ok ", StringComparison.Ordinal))
                results[last = line[7..]] = "failed";
            else if (line.StartsWith("# ", StringComparison.Ordinal) && results.ContainsKey(last))
                results[last] += "\n" + line;
        }

        Assert.True(run.ExitCode == 0, $"the microVM did not come to its end:\n{run.Stdout}\n{run.Stderr}");
        return results;
    }

    [GeneratedRegex(@"^check_(\w+)\(\)", RegexOptions.Multiline)]
    private static partial Regex CheckName();
}
