using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Conformance.Terminal;

/// <summary>process.terminal: a terminal of the container's own, in the foreground; refused where nobody could take its master.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly Bundle _bundle = new();

    public TerminalTests() => _bundle.Spec["process"]!["terminal"] = true;

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void Run_InATerminal_JoinsTheContainersOwn()
    {
        _bundle.Spec["process"]!["args"] = new System.Text.Json.Nodes.JsonArray("sh", "-c", "tty; ls -l /dev/console | cut -c1; exit 3");
        _bundle.Runtime("--version");
        var line = $"'{Bundle.RuntimePath}' --root '{_bundle.Path}/state' run --bundle '{_bundle.Path}' {_bundle.Id}";
        var result = Command.Run("script", "--quiet", "--return", "--command", line, "/dev/null");
        Assert.Contains("/dev/pts/0", result.ShouldExit(3).Stdout, StringComparison.Ordinal);
        // The end of script's own input is echoed by the container's terminal, before or after: any line may have it.
        Assert.Contains(result.Lines, line => line.TrimEnd().EndsWith('c'));
    }

    [Fact]
    public void Create_WithoutAConsoleSocket_IsRefused() =>
        Assert.Contains("console", _bundle.Create().ShouldExit(1).Stderr, StringComparison.Ordinal);
}
