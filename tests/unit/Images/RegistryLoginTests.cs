using Vitrine.Images.Registry;
using Xunit;

namespace Vitrine.Tests.Unit.Images;

public sealed class RegistryLoginTests : IDisposable
{
    private readonly TemporaryDirectory _config = new();

    private string File => _config["config.json"];

    public void Dispose() => _config.Dispose();

    [Fact]
    public void Login_IsKeptForTheOwnerAlone_AndTheRestOfTheFileStays()
    {
        System.IO.File.WriteAllText(File, """{"auths":{"other:5000":{"auth":"eDp5"}},"psFormat":"table {{.ID}}"}""");

        var written = RegistryLogin.Store("https://reg.example:5000/v2/", new RegistryCredentials("anna", "se:cret"), _config.Path);

        Assert.Equal(File, written);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal(new RegistryCredentials("anna", "se:cret"), RegistryLogin.Find("reg.example:5000", _config.Path));
        Assert.Equal(new RegistryCredentials("x", "y"), RegistryLogin.Find("other:5000", _config.Path));
        Assert.Contains("table {{.ID}}", System.IO.File.ReadAllText(File), StringComparison.Ordinal);

        Assert.True(RegistryLogin.Erase("reg.example:5000", _config.Path));
        Assert.False(RegistryLogin.Erase("reg.example:5000", _config.Path));
        Assert.Null(RegistryLogin.Find("reg.example:5000", _config.Path));
        Assert.NotNull(RegistryLogin.Find("other:5000", _config.Path));
    }

    [Fact]
    public void Login_ToTheDefaultRegistry_HasDockersKey()
    {
        RegistryLogin.Store("", new RegistryCredentials("anna", "secret"), _config.Path);

        Assert.Contains("https://index.docker.io/v1/", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
        Assert.NotNull(RegistryLogin.Find("docker.io", _config.Path));
    }
}
