using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Conformance.Descriptors;

/// <summary>--preserve-fds: exactly so many descriptors from 3 on.</summary>
public sealed class DescriptorsTests : IDisposable
{
    private readonly Bundle _bundle = new();

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void PreservedDescriptors_ArePassed_OthersNot()
    {
        File.WriteAllText($"{_bundle.Files}/three", "three");
        _bundle.Spec["process"]!["args"] = new System.Text.Json.Nodes.JsonArray("sh", "-c", "cat <&3; ls /proc/self/fd/4 2>/dev/null; true");
        _bundle.Runtime("--version");
        var result = Command.Run("sh", "-c", "exec \"$@\" 3<\"$0\" 4<\"$0\"", $"{_bundle.Files}/three", Bundle.RuntimePath, "--root", $"{_bundle.Path}/state",
            "run", "--preserve-fds", "1", "--bundle", _bundle.Path, _bundle.Id);
        Assert.Equal("three", result.ShouldSucceed().Text);
    }
}
