using Vitrine.Images.Layers;
using Vitrine.Linux;
using Vitrine.Oci;
using Vitrine.Tests.Unit.Images.Tar;
using Vitrine.Tests.Unit.Linux.Files;
using Xunit;

namespace Vitrine.Tests.Unit.Images.Layers;

/// <summary>Hard links of a layer to files of the layers below it, unpacked for real as whoever runs the tests.</summary>
public sealed class LowerLayerLinkTests : IDisposable
{
    private static readonly FileTime FileTime = new(1_000_000, 7);
    private static readonly FileTime DirectoryTime = new(2_000_000, 9);

    private readonly ScratchFiles _files = new();
    private readonly LayerStore _store;
    private readonly FileStatus _self;
    private readonly List<Digest> _diffIds = [];

    public LowerLayerLinkTests()
    {
        _store = new LayerStore(_files.Root);
        using var directory = FileAt.OpenDirectory(_files.Root);
        _self = FileAt.Status(directory, default);
    }

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Link_ToAFileBelow_IsTheSameFileAsItsCopyWithAllThatTheFileHad()
    {
        await Add(
            Item.Directory("usr/lib/") with { Permissions = 0b111_101_000, Modified = DirectoryTime },
            Item.File("usr/lib/tool", "content") with { Permissions = 0b100_111_000_000, Modified = FileTime });
        await Add(Item.File("other", "x"));

        var diff = await Add(Item.HardLink("link", "usr/lib/tool"));

        using var root = FileAt.OpenDirectory(diff);
        var (link, copy) = (FileAt.Status(root, "link"u8), FileAt.Status(root, "usr/lib/tool"u8));
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(diff, "link"), TestContext.Current.CancellationToken));
        Assert.Equal((copy.Inode, 2u, 0x8000u | 0b100_111_000_000, FileTime), (link.Inode, link.LinkCount, link.Mode, link.Modified));
        Assert.Equal((_self.Uid, _self.Gid), (link.Uid, link.Gid));
        var directory = FileAt.Status(root, "usr/lib"u8);
        Assert.Equal((0x4000u | 0b111_101_000, DirectoryTime), (directory.Mode, directory.Modified));
    }

    [Fact]
    public async Task Links_ToOneFileBelow_AreOneFile()
    {
        await Add(Item.File("a/file", "content"));

        var diff = await Add(Item.HardLink("one", "a/file"), Item.HardLink("b/two", "one"), Item.HardLink("three", "a/file"));

        using var root = FileAt.OpenDirectory(diff);
        Assert.Equal(4u, FileAt.Status(root, "a/file"u8).LinkCount);
    }

    [Fact]
    public async Task Link_ToALinkBelow_LinksTheLinkItself()
    {
        await Add(Item.Symlink("a", "/etc/passwd"));

        var diff = await Add(Item.HardLink("b", "a"));

        Assert.Equal("/etc/passwd", new FileInfo(Path.Combine(diff, "b")).LinkTarget);
    }

    [Fact]
    public async Task Link_ThroughALinkBelow_StaysInTheTree()
    {
        var victim = _files.Write("outside/victim", "host");
        var outside = Path.GetDirectoryName(victim)!;
        await Add(Item.Symlink("way", outside), Item.Symlink("up", string.Concat(Enumerable.Repeat("../", 30)) + outside.TrimStart('/')));

        await Refused("hold", Item.HardLink("x", "way/victim"));
        await Refused("hold", Item.HardLink("x", "up/victim"));

        // Where the tree itself has that path, the links lead there.
        await Add(Item.File(victim, "image"));
        var diff = await Add(Item.HardLink("x", "way/victim"), Item.HardLink("y", "up/victim"));
        Assert.Equal("image", await File.ReadAllTextAsync(Path.Combine(diff, "x"), TestContext.Current.CancellationToken));
        Assert.Equal("image", await File.ReadAllTextAsync(Path.Combine(diff, "y"), TestContext.Current.CancellationToken));
        using var root = FileAt.OpenDirectory(_files.Root);
        Assert.Equal(1u, FileAt.Status(root, "outside/victim"u8).LinkCount);
    }

    [Fact]
    public async Task Link_ToWhatIsHiddenOrMissingOrADirectory_IsRefused()
    {
        await Add(Item.File("gone", "1"), Item.File("dir/gone", "1"), Item.File("here", "1"));
        await Add(Item.File(".wh.gone"), Item.File(".wh.dir"));

        await Refused("neither this layer nor those below it hold", Item.HardLink("x", "gone"));
        await Refused("neither this layer nor those below it hold", Item.HardLink("x", "dir/gone"));
        await Refused("neither this layer nor those below it hold", Item.HardLink("x", "never"));
        await Refused("neither this layer nor those below it hold", Item.File(".wh.here"), Item.HardLink("x", "here"));
        await Refused("leads out of the layer", Item.HardLink("x", "../here"));
        await Add(Item.Directory("dir/"));
        await Refused("is a directory", Item.HardLink("x", "dir"));
        await Add(Item.HardLink("x", "here"));
    }

    [Fact]
    public async Task Whiteout_OfWhatWasLinkedTo_HidesItAndLeavesTheLink()
    {
        await Add(Item.File("a/b/file", "content"));

        var file = await Add(Item.HardLink("x", "a/b/file"), Item.File("a/b/.wh.file"));
        _diffIds.RemoveAt(1);
        var directory = await Add(Item.HardLink("y", "a/b/file"), Item.File(".wh.a"));

        using var first = FileAt.OpenDirectory(file);
        using var second = FileAt.OpenDirectory(directory);
        Assert.True(FileAt.Status(first, "a/b/file"u8).IsWhiteout);
        Assert.Equal(1u, FileAt.Status(first, "x"u8).LinkCount);
        Assert.True(FileAt.Status(second, "a"u8).IsWhiteout);
        Assert.Equal(1u, FileAt.Status(second, "y"u8).LinkCount);
    }

    [Fact]
    public async Task FileOfTheLayerItself_InThePlaceOfACopy_Stays()
    {
        await Add(Item.File("a/file", "old"));

        var diff = await Add(Item.HardLink("x", "a/file"), Item.File("a/file", "new"), Item.Directory("a/"), Item.File(".wh.a"));

        Assert.Equal("old", await File.ReadAllTextAsync(Path.Combine(diff, "x"), TestContext.Current.CancellationToken));
        Assert.Equal("new", await File.ReadAllTextAsync(Path.Combine(diff, "a/file"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Link_BeforeTheLayersBelowAreThere_LeavesNothing()
    {
        var below = Own(Item.File("file", "1"));
        var layer = Own(Item.HardLink("x", "file"));
        var chain = ChainId.Of([Digest.Of(below), Digest.Of(layer)]);

        await Assert.ThrowsAsync<LowerLayerAbsentException>(() => _store.UnpackAsync(new MemoryStream(layer), null, chain));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_files.At("layers")));

        await _store.UnpackAsync(new MemoryStream(below), null, null);
        await _store.UnpackAsync(new MemoryStream(layer), null, chain);
    }

    [Fact]
    public async Task Copies_OfOneFileAgainAndAgain_AreRefused()
    {
        var limited = new LayerStore(_files.Root) { Limits = new LayerLimits { RatioFreeBytes = 200_000 } };
        await Add(Item.File("d/big", new string('x', 100_000)));
        Item[] again = [Item.File("d", ""), Item.Directory("d/")];
        Item[] round = [Item.HardLink("x", "d/big"), .. again];
        var layer = Own([.. round, .. round, .. round, .. round]);

        var error = await Assert.ThrowsAsync<VitrineException>(() =>
            limited.UnpackAsync(new MemoryStream(layer), null, ChainId.Of([.. _diffIds, Digest.Of(layer)])));

        Assert.Contains("bomb", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Unpacks a layer on top of those before it.</summary>
    /// <returns>Its directory.</returns>
    private async Task<string> Add(params Item[] items)
    {
        var layer = Own(items);
        _diffIds.Add(Digest.Of(layer));
        var chain = ChainId.Of(_diffIds);
        await _store.UnpackAsync(new MemoryStream(layer), null, chain);
        return _store.DiffDirectory(chain[^1]);
    }

    private async Task Refused(string reason, params Item[] items)
    {
        var layer = Own(items);
        var error = await Assert.ThrowsAsync<VitrineException>(() =>
            _store.UnpackAsync(new MemoryStream(layer), null, ChainId.Of([.. _diffIds, Digest.Of(layer)])));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(_diffIds.Count, _store.List().Count());
    }

    private byte[] Own(params Item[] items) => Archive.Write(items.Select(item => item with { Uid = _self.Uid, Gid = _self.Gid }));
}
