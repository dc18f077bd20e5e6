using Vitrine.Glass.Debugging;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Glass.Debugging;

public sealed class DebugToolsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Host_WithMergedUsr_KeepsItsLinks()
    {
        foreach (var name in new[] { "usr", "etc", "home" })
            Directory.CreateDirectory(Path.Combine(_root, name));
        File.CreateSymbolicLink(Path.Combine(_root, "bin"), "usr/bin");

        var tools = DebugTools.OfHost(_root);

        Assert.Equal([Path.Combine(_root, "usr"), Path.Combine(_root, "etc")], tools.Directories);
        Assert.Equal("usr/bin", tools.Links["bin"]);
        Assert.Single(tools.Links);
    }

    [Fact]
    public void Shell_OfAnImageWithoutBash_IsSh()
    {
        Assert.Equal("/bin/sh", DebugTools.Shell(new ToolsRoot { Layers = [_root] }));

        Directory.CreateDirectory(Path.Combine(_root, "bin"));
        File.WriteAllText(Path.Combine(_root, "bin/bash"), "");

        Assert.Equal("/bin/bash", DebugTools.Shell(new ToolsRoot { Layers = ["/nowhere", _root] }));
    }

    [Fact]
    public void Environment_IsTheTools_AndWhatIsAdded()
    {
        var environment = DebugTools.Environment(["HOME=/x", "A=1=2"], "web");

        Assert.Contains("CONTAINER=web", environment);
        Assert.Contains("HOME=/x", environment);
        Assert.Contains("A=1=2", environment);
        Assert.DoesNotContain("HOME=/root", environment);
        Assert.DoesNotContain(environment, entry => entry.StartsWith("USER=", StringComparison.Ordinal));
    }

    [Fact]
    public void Environment_WithoutValue_IsRefused() =>
        Assert.Contains("NAME=value", Assert.Throws<VitrineException>(() => DebugTools.Environment(["HOME"], null)).Message, StringComparison.Ordinal);
}
