using Vitrine.Insight.Stores;
using Vitrine.Tests.Unit.Images;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Stores;

/// <summary>Files that a container may have made, so that a look at the host must go on whatever they are.</summary>
public sealed class StoreFilesTests : IDisposable
{
    /// <summary>A plain file with a size of its own, of which the kernel refuses every read (EINVAL): loopback has no speed.</summary>
    private const string Refusing = "/class/net/lo/speed";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void FileThatRefusesToBeRead_IsNotThere()
    {
        using var files = new StoreFiles("/sys");
        using var file = files.Open(Refusing);

        Assert.NotNull(file);
        Assert.Null(files.Read(Refusing));
        Assert.Null(new BoltFile(file).Find("v1"));
    }

    [Fact]
    public void Ports_InAFileOutsideOfTheRoot_AreNotRead()
    {
        const string ports = """{"ports":[{"protocol":"tcp","containerPort":80,"hostIp":"0.0.0.0","hostPort":8080}]}""";
        var sandbox = Directory.CreateDirectory($"{_directory.Path}/root/run/vitrine/sandboxes/c").FullName;
        File.WriteAllText($"{_directory.Path}/outside", ports);
        using var files = new StoreFiles($"{_directory.Path}/root");

        File.CreateSymbolicLink($"{sandbox}/state.json", $"{_directory.Path}/outside");
        Assert.Empty(StoredNetwork.Ports(files, "/run/vitrine", "c"));

        File.Delete($"{sandbox}/state.json");
        File.WriteAllText($"{sandbox}/state.json", ports);
        var port = Assert.Single(StoredNetwork.Ports(files, "/run/vitrine", "c"));
        Assert.Equal((8080, 80, $"{sandbox}/state.json"), (port.HostPort, port.Port, port.Element));
    }
}
