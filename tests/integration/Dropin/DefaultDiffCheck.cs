using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Dropin;

/// <summary>explain --diff default on containers of another engine: nothing where nothing was asked, and what was asked where it was.</summary>
internal static class DefaultDiffCheck
{
    /// <param name="host">Where the engine runs.</param>
    /// <param name="engine">Its name.</param>
    /// <param name="plain">Containers made without flags.</param>
    /// <param name="flagged">One with flags.</param>
    /// <param name="differences">Names of the settings that the flags are about.</param>
    public static void Holds(PrivateHost host, string engine, IEnumerable<string> plain, string flagged, params string[] differences)
    {
        foreach (var name in plain)
            Assert.Contains($"{name} and {engine}'s default are set alike.", Explain(host, $"{engine}:{name}").ShouldExit(0).Text, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(Explain(host, $"{engine}:{flagged}", "--json").ShouldExit(1).Text);
        Assert.Equal(engine, document.RootElement.GetProperty("default").GetProperty("engine").GetString());
        Assert.Equal(differences, document.RootElement.GetProperty("differences").EnumerateArray().Select(one => one.GetProperty("name").GetString()!));
    }

    private static CommandResult Explain(PrivateHost host, string target, params string[] flags)
    {
        string[] line = [.. host.Outside, Repository.Binary("vitrine-glass"), "explain", "--diff", "default", .. flags, target];
        return Command.Run(line[0], line[1..]);
    }
}
