using System.IO.Compression;
using System.Text;
using Vitrine.Images;
using Vitrine.Linux;
using Vitrine.Oci;
using Vitrine.Tests.Unit.Images.Tar;
using Vitrine.Tests.Unit.Linux.Files;
using Xunit;

namespace Vitrine.Tests.Unit.Images.Archives;

/// <summary>Archives in and out of a real store in a directory of the test.</summary>
public sealed class ImageArchiveTests : IDisposable
{
    private readonly ScratchFiles _files = new();
    private readonly ImageStore _store;
    private readonly byte[] _layer;
    private readonly string _diffId;
    private readonly string _config;

    public ImageArchiveTests()
    {
        _store = ImageStore.Open(_files.At("data"), () => []);
        using var directory = FileAt.OpenDirectory(_files.Root);
        var self = FileAt.Status(directory, default);
        _layer = Archive.Write(Item.File("etc/motd", "hello") with { Uid = self.Uid, Gid = self.Gid });
        _diffId = Digest.Of(_layer).ToString();
        _config = $$$"""{"architecture":"amd64","os":"linux","config":{"Cmd":["sh"]},"rootfs":{"type":"layers","diff_ids":["{{{_diffId}}}"]}}""";
    }

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Load_OfADockerArchive_GivesItsImageAndNames()
    {
        var loaded = await Load(Docker());

        Assert.Equal([Digest.Of(Encoding.UTF8.GetBytes(_config))], loaded.Select(image => image.Id));
        Assert.Equal(["one:1", "example.com/two:2"], loaded[0].Names.Select(name => name.Familiar));
        var found = _store.Get("example.com/two:2");
        Assert.Equal("hello", File.ReadAllText(Path.Combine(found.LayerDirectories[0], "etc/motd")));
        Assert.Equal(5, found.Size);
    }

    [Fact]
    public async Task Load_OfACompressedArchive_GivesItsImage()
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
            gzip.Write(Docker());

        Assert.Single(await Load(output.ToArray()));
    }

    [Fact]
    public async Task Load_OfLayersThatAreLinks_FollowsThem()
    {
        var items = DockerItems();
        items[1] = items[1] with { Path = "other/layer.tar" };
        items.Add(Item.Symlink("a/layer.tar", "../other/layer.tar"));

        Assert.Single(await Load(Archive.Write(items)));
    }

    [Fact]
    public async Task Load_OfAnUnnamedImage_GivesItsIdAlone()
    {
        var items = DockerItems();
        items[2] = Item.File("manifest.json", """[{"Config":"c.json","RepoTags":null,"Layers":["a/layer.tar"]}]""");

        var loaded = await Load(Archive.Write(items));

        Assert.Empty(loaded[0].Names);
        Assert.True(_store.Get(loaded[0].Id.ToString()).IsDangling);
    }

    [Fact]
    public async Task SaveAndLoad_OfAnImage_KeepsManifestIdAndNames()
    {
        await Load(Docker());
        var before = _store.Get("one:1");
        using var archive = new MemoryStream();

        await _store.SaveAsync(["one:1", "example.com/two"], archive);
        var other = ImageStore.Open(_files.At("other"), () => []);
        archive.Position = 0;
        var loaded = await other.LoadAsync(archive);

        Assert.Equal(["one:1", "example.com/two:2"], loaded.Single().Names.Select(name => name.Familiar));
        var after = other.Get("one:1");
        Assert.Equal((before.Id, before.Manifest.Digest, before.Size), (after.Id, after.Manifest.Digest, after.Size));
    }

    [Fact]
    public async Task Save_ById_KeepsNoName()
    {
        var id = (await Load(Docker()))[0].Id;
        using var archive = new MemoryStream();

        await _store.SaveAsync([id.Hex[..12]], archive);

        var manifest = Archive.Read(archive.ToArray()).Single(item => item.Path == "manifest.json");
        Assert.Contains("\"RepoTags\":null", Encoding.UTF8.GetString(manifest.Content!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_OfAnUnknownImage_SaysSo()
    {
        var error = await Assert.ThrowsAsync<VitrineException>(() => _store.SaveAsync(["nothing"], Stream.Null));

        Assert.Equal((ErrorKind.NotFound, "No such image: nothing:latest"), (error.Kind, error.Message));
    }

    [Theory]
    [InlineData(0, "c.json")]
    [InlineData(1, "a/layer.tar")]
    [InlineData(2, "not an image archive")]
    public async Task Load_WithoutAPart_SaysWhatIsMissing(int part, string reason)
    {
        var items = DockerItems();
        items.RemoveAt(part);

        var error = await Assert.ThrowsAsync<VitrineException>(() => Load(Archive.Write(items)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        AssertEmpty();
    }

    [Fact]
    public async Task Load_OfAnotherLayerThanTheConfigurationSays_IsRefused()
    {
        var items = DockerItems();
        items[1] = items[1] with { Content = Archive.Write(Item.File("other")) };

        await Assert.ThrowsAsync<VitrineException>(() => Load(Archive.Write(items)));

        AssertEmpty();
    }

    [Fact]
    public async Task Load_OfMoreLayersThanTheConfigurationHas_IsRefused()
    {
        var items = DockerItems();
        items[2] = Item.File("manifest.json", """[{"Config":"c.json","Layers":["a/layer.tar","a/layer.tar"]}]""");

        var error = await Assert.ThrowsAsync<VitrineException>(() => Load(Archive.Write(items)));

        Assert.Equal("invalid manifest, layers length mismatch: expected 1, got 2", error.Message);
    }

    [Fact]
    public async Task Load_OfALayoutWithAWrongBlob_IsRefused()
    {
        var digest = Digest.Of("right"u8);
        var index = $$$"""{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{digest}}}","size":5}]}""";

        var error = await Assert.ThrowsAsync<VitrineException>(() =>
            Load(Archive.Write(Item.File("index.json", index), Item.File($"blobs/sha256/{digest.Hex}", "wrong"))));

        Assert.Contains(digest.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no archive, but long enough to be taken for the beginning of one")]
    public async Task Load_OfNoArchive_IsRefused(string content) =>
        await Assert.ThrowsAnyAsync<VitrineException>(() => Load(Encoding.UTF8.GetBytes(content)));

    [Fact]
    public async Task Import_OfACompressedRootFs_MakesAnImageOfOneLayer()
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
            gzip.Write(_layer);
        var options = new ImageImportOptions { Name = ImageReference.Parse("demo/app"), Changes = ["CMD [\"sh\"]"], Message = "by hand" };

        var id = await _store.ImportAsync(new MemoryStream(output.ToArray()), options);

        var image = _store.Get("demo/app");
        Assert.Equal((id, _diffId), (image.Id, image.Config.RootFs.DiffIds.Single().ToString()));
        Assert.Equal(["sh"], image.Config.Config!.Cmd);
        Assert.Equal("by hand", image.Config.History!.Single().Comment);
        Assert.Equal("hello", File.ReadAllText(Path.Combine(image.LayerDirectories[0], "etc/motd")));
    }

    private List<Item> DockerItems() =>
    [
        Item.File("c.json", _config),
        new Item(Vitrine.Images.Tar.TarType.Regular, "a/layer.tar", Content: _layer),
        Item.File("manifest.json", """[{"Config":"c.json","RepoTags":["one:1","example.com/two:2"],"Layers":["a/layer.tar"]}]"""),
    ];

    private byte[] Docker() => Archive.Write(DockerItems());

    private Task<IReadOnlyList<LoadedImage>> Load(byte[] archive) => _store.LoadAsync(new MemoryStream(archive));

    private void AssertEmpty()
    {
        Assert.Empty(_store.List());
        Assert.Empty(_store.Layers.List());
    }
}
