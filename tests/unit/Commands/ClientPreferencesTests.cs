using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Tests.Unit.Images;
using Xunit;

namespace Vitrine.Tests.Unit.Commands;

public sealed class ClientPreferencesTests : IDisposable
{
    private readonly TemporaryDirectory _home = new();

    [Fact]
    public void Read_DockersConfig_TakesFormatsAndKeys()
    {
        Write("""{"auths":{"r":{"auth":"eA=="}},"psFormat":"{{.ID}}","imagesFormat":"table {{.Tag}}","detachKeys":"ctrl-x","HttpHeaders":{}}""");

        Assert.Equal(new ClientPreferences { PsFormat = "{{.ID}}", ImagesFormat = "table {{.Tag}}", DetachKeys = "ctrl-x" }, ClientPreferences.Read(_home["."]));
    }

    [Fact]
    public void Read_NoFile_PrefersNothing() => Assert.Equal(new ClientPreferences(), ClientPreferences.Read(_home["nowhere"]));

    [Fact]
    public void Read_NoJson_NamesTheFile()
    {
        Write("{psFormat");

        Assert.Contains("config.json cannot be used", Assert.Throws<VitrineException>(() => ClientPreferences.Read(_home["."])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, false, "mine")]
    [InlineData("", false, "mine")]
    [InlineData("table", false, "table")]
    [InlineData("{{.X}}", true, "{{.X}}")]
    [InlineData("table", true, "name")]
    [InlineData(null, true, "name")]
    public void Format_CommandLineBeforeQuietBeforePreference(string? given, bool isQuiet, string expected)
    {
        var globals = new GlobalOptions();
        Write("""{"psFormat":"mine"}""");
        globals.Flags.Parse(["--config", _home["."], "ps"]);

        Assert.Equal(expected, new CommandContext(globals, new Screen()).Format(given, isQuiet, "name", preferences => preferences.PsFormat));
    }

    public void Dispose() => _home.Dispose();

    private void Write(string text)
    {
        Directory.CreateDirectory(_home["."]);
        File.WriteAllText(_home["config.json"], text);
    }
}
