using Xunit;

namespace Vitrine.Tests.Unit.Cli.Compatibility;

/// <summary>Every command and option of docker 28 has a known fate, and the page tells it.</summary>
public sealed class CompatibilityTests
{
    private const string Update = "VITRINE_UPDATE_PAGES";

    private static readonly string s_root = FindRoot();
    private static readonly string s_page = Path.Combine(s_root, "docs/docker-compatibility.md");
    private static readonly IReadOnlyList<DockerCommand> s_commands = DockerSurface.Read(Path.Combine(s_root, "tests/unit/Cli/Compatibility/docker-28.tsv"));

    [Fact]
    public void Options_OfDocker_AreAllKnown()
    {
        var unknown = s_commands.SelectMany(static command => command.Flags.Where(static flag => flag.Fate == Fate.Unknown).Select(flag => $"{command.Form} {flag.Names}"));

        Assert.Empty(unknown);
    }

    [Fact]
    public void Surface_IsSupportedTo95Percent()
    {
        var counted = CompatibilityPage.Promised(s_commands);
        var supported = CompatibilityPage.Supported(counted);
        var all = CompatibilityPage.Count(counted, null);

        Assert.True(supported >= all * 0.95, $"{supported} of {all} are supported: {100.0 * supported / all:f1} %");
    }

    [Fact]
    public void Page_IsWhatTheCommandsSay()
    {
        var page = File.ReadAllText(s_page);
        var start = page.IndexOf(CompatibilityPage.Start, StringComparison.Ordinal);
        var expected = page[..start] + CompatibilityPage.Write(s_commands);

        if (Environment.GetEnvironmentVariable(Update) is { Length: > 0 })
            File.WriteAllText(s_page, expected);
        Assert.True(page == expected, $"docs/docker-compatibility.md is not what the commands say: run this test with {Update}=1 and look at the difference");
    }

    private static string FindRoot()
    {
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "Vitrine.slnx")))
                return directory;
        }

        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository");
    }
}
