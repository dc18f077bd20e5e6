using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using Vitrine.Insight.Stores;
using Vitrine.Tests.Unit.Images;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Stores;

/// <summary>
/// Docker with its images in containerd's store. docker-image-store.tar.gz is what containerd 1.6 wrote, in Docker's namespace, for an
/// image of an index with a manifest and an attestation, and the three snapshots below it that Docker has made for a container; without
/// the layers' archives. The container's record has the fields that Docker 29 writes (moby, daemon/container/container.go).
/// </summary>
public sealed class DockerImageStoreTests : IDisposable
{
    private const string Id = "c0ffee0000000000000000000000000000000000000000000000000000000001";
    private const string Index = "sha256:03796066dd74ce6babea431f0acc93fd5b815f0b73a9e1f3b8cae85a234aa433";
    private const string Manifest = "sha256:2dc17d51f799b04bd3972c09a6b5186e4a44e89d79ece3af887b0d130c82857d";
    private const string Gone = "sha256:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
    private const string Snapshots = "/c/io.containerd.snapshotter.v1.overlayfs/snapshots";

    private readonly TemporaryDirectory _directory = new();
    private readonly StoreFiles _files;
    private readonly ContainerdRecords _containerd;

    public DockerImageStoreTests()
    {
        Unpack($"{_directory.Path}/c");
        _files = new StoreFiles(_directory.Path);
        _containerd = new ContainerdRecords(_files, "/c");
    }

    public void Dispose()
    {
        _containerd.Dispose();
        _files.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData($$$"""{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{Manifest}}}","size":562,"platform":{"architecture":"amd64","os":"linux"}}""", Index)]
    [InlineData($$$"""{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{Manifest}}}","size":562,"platform":{"architecture":"amd64","os":"linux"}}""", Gone)]
    [InlineData("null", Index)]
    [InlineData("null", Manifest)]
    public void Find_ContainerOfTheImageStore_HasItsImageAndLayers(string manifest, string image)
    {
        Write(manifest, image);

        var record = DockerRecords.Find(_files, "/d", Id, () => _containerd)!;
        var found = record.ReadImage!()!;

        Assert.Equal(("docker", "web", "web:1"), (record.Engine, record.Name, record.Image));
        Assert.Equal(
            [($"{Snapshots}/1/fs", "COPY busybox /bin/", false), ($"{Snapshots}/2/fs", "RUN configure web", false), ($"{Snapshots}/3/fs", null, true)],
            found.Layers.Select(layer => (layer.Directory, layer.CreatedBy, layer.ByEngine)));
        Assert.Equal(found.Config!.RootFs!.DiffIds.Select(digest => digest.ToString()), found.Layers.Take(2).Select(layer => layer.Digest));
        Assert.Equal((new DateTime(2025, 11, 20), Snapshots), (found.Config.Created!.Value.Date, found.LayerRoot));
        Assert.Equal(["PATH=/bin", "MODE=on"], found.Config.Config!.Env!);
    }

    [Theory]
    [InlineData(Gone)]
    [InlineData("../../../../etc/passwd")]
    public void Find_ImageThatIsGoneOrNone_TellsOnlyTheContainersOwnLayer(string image)
    {
        Write("null", image);

        var found = DockerRecords.Find(_files, "/d", Id, () => _containerd)!.ReadImage!()!;

        Assert.Null(found.Config);
        Assert.Equal([($"{Snapshots}/3/fs", true)], found.Layers.Select(layer => (layer.Directory, layer.ByEngine)));
    }

    private void Write(string manifest, string image)
    {
        var directory = Directory.CreateDirectory($"{_directory.Path}/d/containers/{Id}").FullName;
        File.WriteAllText($"{directory}/config.v2.json", $$$"""
            {"State":{"Running":true,"Pid":4242},"ID":"{{{Id}}}","Created":"2025-11-21T08:00:00Z","Managed":false,"Path":"/bin/busybox","Args":["sleep","1000"],
             "Config":{"Hostname":"c0ffee000000","Env":["PATH=/bin","MODE=on"],"Image":"web:1","Labels":{}},"Image":"{{{image}}}","ImageManifest":{{{manifest}}},
             "NetworkSettings":{"SandboxID":"","Ports":{}},"Name":"/web","Driver":"overlayfs","OS":"linux","ImagePlatform":{"architecture":"amd64","os":"linux"}}
            """);
    }

    private static void Unpack(string directory, [CallerFilePath] string here = "")
    {
        using var archive = new GZipStream(File.OpenRead(Path.Join(Path.GetDirectoryName(here), "docker-image-store.tar.gz")), CompressionMode.Decompress);
        TarFile.ExtractToDirectory(archive, Directory.CreateDirectory(directory).FullName, overwriteFiles: false);
    }
}
