using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Dropin;

/// <summary>What the glass box says of another engine's container, seen from outside of the engine's mount namespace.</summary>
internal static class HostViewCheck
{
    private const double Patience = 60;

    /// <summary>Requires that host ps and explain know a container with two processes, the second one by exec.</summary>
    public static void Knows(string engine, string id, string name, string supervisor, string? image)
    {
        Eventually.Equal("first joined", () => string.Join(' ', Processes(id).Select(process => process.GetProperty("role").GetString())), Patience);
        using var document = JsonDocument.Parse(HostPs(id));
        var container = Assert.Single(document.RootElement.GetProperty("containers").EnumerateArray());
        Assert.Equal((engine, id, name), (container.GetProperty("engine").GetString(), container.GetProperty("id").GetString(), container.GetProperty("name").GetString()));
        Assert.Equal(supervisor, container.GetProperty("supervisor").GetProperty("program").GetString());
        if (image is not null)
            Assert.Contains(image, container.GetProperty("image").GetString(), StringComparison.Ordinal);
        var explanation = Glass("explain", "--json", $"{engine}:{name}");
        Assert.Contains($"\"firstPid\": {container.GetProperty("pid")}", explanation, StringComparison.Ordinal);
    }

    private static List<JsonElement> Processes(string id)
    {
        using var document = JsonDocument.Parse(HostPs(id));
        return [.. document.RootElement.GetProperty("containers").EnumerateArray().SelectMany(container => container.GetProperty("processes").EnumerateArray()).Select(process => process.Clone())];
    }

    private static string HostPs(string id) => Glass("host", "ps", "--json", "--filter", $"id={id}");

    private static string Glass(params IEnumerable<string> arguments) => Command.Run(Repository.Binary("vitrine-glass"), arguments).ShouldSucceed().Text;
}
