using System.Text.Json.Nodes;
using Vitrine.Images;
using Vitrine.Oci;
using Vitrine.Tests.Unit.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Images;

public sealed class ImageStoreTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly List<ImageUse> _uses = [];
    private readonly ImageStore _store;

    public ImageStoreTests() => _store = Open();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Open_NewRoot_IsAnOciLayout()
    {
        Assert.Equal("1.0.0", Read("images/oci-layout")["imageLayoutVersion"]!.GetValue<string>());
        Assert.Equal(2, Read("images/index.json")["schemaVersion"]!.GetValue<int>());
        Assert.True(Directory.Exists(_root["images/blobs/sha256"]));
        Assert.Empty(_store.List());
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("nginx:latest")]
    [InlineData("docker.io/library/nginx:latest")]
    public void Find_ByName_FindsIt(string name)
    {
        var image = Add(1, "nginx");

        Assert.Equal(image.Id, _store.Get(name).Id);
    }

    [Fact]
    public void Find_ByIdPrefixAndDigest_FindsIt()
    {
        var image = Add(1, "nginx", withDigest: true);

        foreach (var text in new[]
        {
            image.Id.ToString(), image.Id.Hex, image.Id.Short, image.Id.ToString()[..12],
            $"nginx@{image.ManifestDigest}", $"nginx:other@{image.ManifestDigest}",
        })
        {
            Assert.Equal(image.Id, _store.Get(text).Id);
        }
    }

    [Fact]
    public void Find_NameThatIsAnIdPrefixToo_PrefersTheName()
    {
        var other = Add(1, "other");
        var named = Add(2, other.Id.Short);

        Assert.Equal(named.Id, _store.Get(other.Id.Short).Id);
    }

    [Theory]
    [InlineData("nginx", "No such image: nginx:latest")]
    [InlineData("localhost:5000/a/b:c", "No such image: localhost:5000/a/b:c")]
    [InlineData("sha256:00", "No such image: sha256:00")]
    public void Get_Unknown_SaysSo(string name, string message)
    {
        var error = Assert.Throws<VitrineException>(() => _store.Get(name));

        Assert.Equal(ErrorKind.NotFound, error.Kind);
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Get_ImpossibleName_IsInvalid() =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<VitrineException>(() => _store.Get("Not/Lower")).Kind);

    [Fact]
    public void Find_AmbiguousPrefix_IsRefused()
    {
        var digits = new HashSet<char>();
        var seed = 0;
        while (digits.Add(Add(seed++, null).Id.Hex[0]))
        {
        }

        var prefix = _store.List().GroupBy(image => image.Id.Hex[0]).First(group => group.Count() > 1).Key.ToString();
        var error = Assert.Throws<VitrineException>(() => _store.Find(prefix));

        Assert.Equal($"multiple images found with provided prefix: {prefix}", error.Message);
    }

    [Fact]
    public void List_SeveralNames_GroupsThemByImageNewestFirst()
    {
        var old = Add(1, "old");
        var recent = Add(2, "b", withDigest: true);
        _store.Tag("b", ImageReference.Parse("registry.test/c:1"));

        var images = _store.List();

        Assert.Equal([recent.Id, old.Id], images.Select(image => image.Id));
        Assert.Equal(["b:latest", "registry.test/c:1"], images[0].RepoTags.Order());
        Assert.Equal([$"b@{recent.ManifestDigest}"], images[0].RepoDigests);
        Assert.Equal(100, images[0].Size);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddDays(2), images[0].Created);
        Assert.Equal([_root[$"layers/{recent.ChainIds[0].Hex}/diff"]], images[0].LayerDirectories);
    }

    [Fact]
    public void Register_NameThatLedElsewhere_LeavesTheOldImageDangling()
    {
        var old = Add(1, "app");
        var recent = Add(2, "app");

        Assert.Equal(recent.Id, _store.Get("app").Id);
        Assert.True(_store.Get(old.Id.ToString()).IsDangling);
    }

    [Fact]
    public void Tag_DanglingImage_IsNoLongerDangling()
    {
        var old = Add(1, "app");
        Add(2, "app");

        _store.Tag(old.Id.Short, ImageReference.Parse("kept"));

        Assert.Equal(["kept:latest"], _store.Get(old.Id.Short).RepoTags);
        Assert.Equal(2, Read("images/index.json")["manifests"]!.AsArray().Count);
    }

    [Fact]
    public void Tag_WithDigestOrAlgorithmName_IsRefused()
    {
        var image = Add(1, "app");

        Assert.Equal("refusing to create a tag with a digest reference",
            Assert.Throws<VitrineException>(() => _store.Tag("app", ImageReference.Parse($"x@{image.Id}"))).Message);
        Assert.Equal("refusing to create an ambiguous tag using digest algorithm as name",
            Assert.Throws<VitrineException>(() => _store.Tag("app", ImageReference.Parse("sha256:abc"))).Message);
        Assert.Equal("No such image: gone:latest",
            Assert.Throws<VitrineException>(() => _store.Tag("gone", ImageReference.Parse("x"))).Message);
    }

    [Fact]
    public void Index_Entry_CarriesTheNamesOtherToolsLookFor()
    {
        Add(1, "localhost:5000/team/app:v1");

        var annotations = Read("images/index.json")["manifests"]![0]!["annotations"]!;

        Assert.Equal("localhost:5000/team/app:v1", annotations["io.containerd.image.name"]!.GetValue<string>());
        Assert.Equal("localhost:5000/team/app:v1", annotations["org.opencontainers.image.ref.name"]!.GetValue<string>());
    }

    [Fact]
    public void Index_EntryOfAnotherTool_IsAnImage()
    {
        var image = Add(1, "mine");
        var index = Read("images/index.json");
        index["manifests"]![0]!["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = "theirs:v2" };
        File.WriteAllText(_root["images/index.json"], index.ToJsonString());

        Assert.Equal(["theirs:v2"], _store.Get(image.Id.Short).RepoTags);
    }

    [Fact]
    public void Index_EntryThatIsNoImage_IsKeptWithItsBlob()
    {
        Add(1, "mine");
        var sbom = _store.Blobs.Add("sbom"u8, "application/spdx+json");
        var index = Read("images/index.json");
        index["manifests"]!.AsArray().Add(JsonNode.Parse(
            $$"""{"mediaType":"application/spdx+json","digest":"{{sbom.Digest}}","size":4}"""));
        File.WriteAllText(_root["images/index.json"], index.ToJsonString());

        _store.Remove("mine");

        Assert.Empty(_store.List());
        Assert.True(_store.Blobs.Contains(sbom.Digest));
        Assert.Single(Read("images/index.json")["manifests"]!.AsArray());
    }

    [Fact]
    public void Remove_LastName_DeletesImageBlobsAndLayers()
    {
        var image = Add(1, "app", withDigest: true);

        var removals = _store.Remove("app");

        Assert.Equal(
            [
                new ImageRemoval("app:latest", null), new ImageRemoval($"app@{image.ManifestDigest}", null),
                new ImageRemoval(null, image.Id.ToString()), new ImageRemoval(null, image.ChainIds[0].ToString()),
            ],
            removals);
        Assert.Empty(Directory.EnumerateFiles(_root["images/blobs"], "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateDirectories(_root["layers"]));
    }

    [Fact]
    public void Remove_SharedLayer_StaysForTheOtherImage()
    {
        var one = new TestImage(1, "base", "one").AddTo(_store, _root.Path, "one");
        var two = new TestImage(2, "base", "two").AddTo(_store, _root.Path, "two");

        var removals = _store.Remove("one");

        Assert.Equal([one.ChainIds[1].ToString()], removals.Skip(2).Select(removal => removal.Deleted!));
        Assert.All(two.ChainIds, chainId => Assert.True(Directory.Exists(_root[$"layers/{chainId.Hex}/diff"])));
        Assert.True(_store.Blobs.Contains(two.DiffIds[0]));
        Assert.False(_store.Blobs.Contains(one.DiffIds[1]));
    }

    [Fact]
    public void Remove_ForcedUnderStoppedContainer_KeepsTheLayersItStandsOn()
    {
        var image = Add(1, "app");
        _uses.Add(new ImageUse(image.Id, new string('c', 64), IsRunning: false, image.ChainIds));

        _store.Remove("app", force: true);

        Assert.Null(_store.Find("app"));
        Assert.True(Directory.Exists(_root[$"layers/{image.ChainIds[0].Hex}/diff"]));
    }

    [Fact]
    public void Remove_Conflict_ChangesNothing()
    {
        var image = Add(1, "app");
        _uses.Add(new ImageUse(image.Id, new string('c', 64), IsRunning: true, image.ChainIds));
        var before = File.ReadAllText(_root["images/index.json"]);

        Assert.Equal(ErrorKind.Conflict, Assert.Throws<VitrineException>(() => _store.Remove("app", force: true)).Kind);

        Assert.Equal(before, File.ReadAllText(_root["images/index.json"]));
    }

    [Fact]
    public void Remove_WhileContentComesIn_LeavesCollectingToTheLast()
    {
        Add(1, "app");
        using (_store.BeginIngest())
        {
            _store.Remove("app");
            Assert.NotEmpty(_store.Blobs.List());
        }

        Assert.Empty(_store.Blobs.List());
        Assert.False(File.Exists(_root["images/garbage"]));
    }

    [Fact]
    public void BeginIngest_Abandoned_LeavesNothing()
    {
        using (_store.BeginIngest())
            _store.Blobs.Add("orphan"u8, "application/x");

        Assert.Empty(_store.Blobs.List());
    }

    [Fact]
    public void Register_PartMissing_IsRefused()
    {
        using var ingest = _store.BeginIngest();

        var error = Assert.Throws<VitrineException>(
            () => ingest.Register(new TestImage(1, "x").Manifest, MediaTypes.OciManifest, 0, ImageReference.Parse("app:1")));

        Assert.Contains("did not arrive", error.Message, StringComparison.Ordinal);
        Assert.Empty(_store.List());
    }

    [Fact]
    public void Open_AfterACrash_DeletesWhatNoLivingProcessHolds()
    {
        using var living = _store.Blobs.Create();
        living.Append("living"u8);
        File.WriteAllText(_root["images/ingest/0123456789abcdef"], "dead");
        File.WriteAllText(_root["images/garbage"], "");
        _store.Blobs.Add("orphan"u8, "application/x");

        Open();

        Assert.Single(Directory.EnumerateFiles(_root["images/ingest"]));
        Assert.Empty(_store.Blobs.List());
        Assert.Equal(Digest.Of("living"u8), living.Commit());
    }

    [Fact]
    public void Open_DamagedIndex_SaysWhichFile()
    {
        File.WriteAllText(_root["images/index.json"], "{");

        Assert.Contains("images/index.json is damaged", Assert.Throws<VitrineException>(() => _store.List()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HoldImages_WhileHeld_RemovalWaits()
    {
        Add(1, "app");
        var held = _store.HoldImages();

        var removal = Task.Run(() => _store.Remove("app"), TestContext.Current.CancellationToken);

        await LockWatch.BlockedAsync(_root["images/index.lock"]);
        Assert.NotNull(_store.Find("app"));
        held.Dispose();
        await removal.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void BlobWriter_WrongContent_StoresNothing()
    {
        var expected = Digest.Of("right"u8);
        using (var writer = _store.Blobs.Create(expected, 5))
        {
            writer.Append("wrong"u8);
            Assert.Contains($"verification failed for digest {expected}",
                Assert.Throws<VitrineException>(writer.Commit).Message, StringComparison.Ordinal);
        }

        using (var writer = _store.Blobs.Create(expected, 5))
            Assert.Contains("more than the 5 bytes", Assert.Throws<VitrineException>(() => writer.Append("right!"u8)).Message, StringComparison.Ordinal);
        using (var writer = _store.Blobs.Create(expected, 5))
        {
            writer.Append("rig"u8);
            Assert.Contains("ended after 3 of 5", Assert.Throws<VitrineException>(writer.Commit).Message, StringComparison.Ordinal);
        }

        Assert.False(_store.Blobs.Contains(expected));
        Assert.Empty(Directory.EnumerateFiles(_root["images/ingest"]));
    }

    private ImageStore Open() => ImageStore.Open(_root.Path, () => _uses);

    private TestImage Add(int seed, string? name, bool withDigest = false) =>
        new TestImage(seed, $"layer {seed}").AddTo(_store, _root.Path, name, withDigest);

    private JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(_root[file]))!;
}
