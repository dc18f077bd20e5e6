using System.IO.Compression;
using Vitrine.Images.Layers;
using Vitrine.Images.Tar;
using Vitrine.Linux;
using Vitrine.Oci;
using Vitrine.Tests.Unit.Images.Tar;
using Vitrine.Tests.Unit.Linux.Files;
using Xunit;

namespace Vitrine.Tests.Unit.Images.Layers;

/// <summary>Unpacking for real, as whoever runs the tests: entries belong to that user.</summary>
public sealed class LayerStoreTests : IDisposable
{
    private readonly ScratchFiles _files = new();
    private readonly LayerStore _store;
    private readonly FileStatus _self;

    public LayerStoreTests()
    {
        _store = new LayerStore(_files.Root);
        using var directory = FileAt.OpenDirectory(_files.Root);
        _self = FileAt.Status(directory, default);
    }

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Unpack_OfGzip_WritesFilesWithModesTimesAndLinks()
    {
        var archive = Own(
            Item.Directory("bin/") with { Permissions = 0b101_101_101, Modified = new(1_000_000, 5) },
            Item.File("bin/tool", "#!") with { Permissions = 0b100_111_101_101, Modified = new(-5, 250_000_000) },
            Item.HardLink("bin/same", "bin/tool"),
            Item.Symlink("bin/link", "tool"));

        var (diffId, size) = await Unpack(Gzip(archive));

        Assert.Equal(Digest.Of(archive), diffId);
        Assert.Equal(2, size);
        Assert.Equal(2, _store.Size(diffId));
        using var diff = FileAt.OpenDirectory(_store.DiffDirectory(diffId));
        var tool = FileAt.Status(diff, "bin/tool"u8);
        Assert.Equal((0x8000u | 0b100_111_101_101, 2u, new FileTime(-5, 250_000_000)), (tool.Mode, tool.LinkCount, tool.Modified));
        Assert.Equal(new FileTime(1_000_000, 5), FileAt.Status(diff, "bin"u8).Modified);
        Assert.Equal(FileKind.Symlink, FileAt.Status(diff, "bin/link"u8).Kind);
    }

    [Fact]
    public async Task Unpack_OfSeveralGzipMembers_ReadsAll()
    {
        var archive = Own(Item.File("a", "1"), Item.File("b", "2"));

        var (diffId, _) = await Unpack([.. Gzip(archive[..700]), .. Gzip(archive[700..])]);

        Assert.Equal(Digest.Of(archive), diffId);
    }

    [Fact]
    public async Task Unpack_OfAnotherLayer_NamesBothDigestsAndLeavesNothing()
    {
        var archive = Own(Item.File("a", "1"));
        var expected = Digest.Of("another"u8);

        var error = await Assert.ThrowsAsync<VitrineException>(() => _store.UnpackAsync(new MemoryStream(archive), expected, [expected]));

        Assert.Contains(expected.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains(Digest.Of(archive).ToString(), error.Message, StringComparison.Ordinal);
        AssertEmpty();
    }

    [Fact]
    public async Task Unpack_OfNamesThroughLinks_StaysInside()
    {
        var outside = _files.At("outside");
        Directory.CreateDirectory(outside);
        var up = string.Concat(Enumerable.Repeat("../", 30)) + outside.TrimStart('/');

        // The link leads, inside the layer, to a directory of the same path: there the file must land.
        var (diffId, _) = await Unpack(Own(
            Item.Directory(outside + "/"),
            Item.Symlink("absolute", outside), Item.File("absolute/1", "x"),
            Item.Symlink("relative", up), Item.File("relative/2", "x")));

        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
        Assert.Equal(["1", "2"], Directory.EnumerateFiles(_store.DiffDirectory(diffId) + outside).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Unpack_ThroughALinkToNowhere_FailsAndLeavesNothing()
    {
        var outside = _files.At("outside");
        Directory.CreateDirectory(outside);

        await Assert.ThrowsAsync<VitrineException>(() => Unpack(Own(Item.Symlink("link", outside), Item.File("link/x", "x"))));

        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
        AssertEmpty();
    }

    [Fact]
    public async Task Unpack_OfAFileOverALink_ReplacesTheLink()
    {
        var victim = _files.Write("victim", "safe");

        var (diffId, _) = await Unpack(Own(Item.Symlink("a", victim), Item.File("a", "evil")));

        Assert.Equal("safe", File.ReadAllText(victim));
        Assert.Equal("evil", File.ReadAllText(Path.Combine(_store.DiffDirectory(diffId), "a")));
    }

    [Fact]
    public async Task Unpack_OfAHardLinkThroughALink_DoesNotReachTheHost()
    {
        var victim = _files.Write("secret/victim", "safe");

        await Assert.ThrowsAsync<VitrineException>(() => Unpack(Own(
            Item.Symlink("d", Path.GetDirectoryName(victim)!), Item.HardLink("x", "d/victim"))));

        AssertEmpty();
    }

    [Fact]
    public async Task Unpack_OfRepeatedNames_TheLastWins()
    {
        var (diffId, _) = await Unpack(Own(
            Item.Directory("d/"), Item.File("d/old", "1"), Item.File("d", "file"), Item.Directory("d/"), Item.File("d/new", "2"),
            Item.Directory("d/") with { Permissions = 0b111_000_000 }));

        var directory = Path.Combine(_store.DiffDirectory(diffId), "d");
        Assert.Equal(["new"], Directory.EnumerateFileSystemEntries(directory).Select(Path.GetFileName));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
    }

    [Fact]
    public async Task Unpack_OfWhiteouts_MakesWhatOverlayfsReads()
    {
        var (diffId, _) = await Unpack(Own(Item.File("a/.wh.gone"), Item.File("kept", "x"), Item.File(".wh.kept")));

        using var diff = FileAt.OpenDirectory(_store.DiffDirectory(diffId));
        Assert.True(FileAt.Status(diff, "a/gone"u8).IsWhiteout);
        Assert.Equal(FileKind.Regular, FileAt.Status(diff, "kept"u8).Kind);
    }

    [Fact]
    public async Task Unpack_OfANameThatIsNotUtf8_KeepsItsBytes()
    {
        var (diffId, _) = await Unpack(Own(Item.File("caf\u00e9", "x")));

        using var diff = FileAt.OpenDirectory(_store.DiffDirectory(diffId));
        Assert.Equal(FileKind.Regular, FileAt.Status(diff, [(byte)'c', (byte)'a', (byte)'f', 0xe9]).Kind);
    }

    [Fact]
    public async Task Unpack_OfATruncatedStream_FailsAndLeavesNothing()
    {
        var gzip = Gzip(Own(Item.File("a", new string('x', 5000))));

        await Assert.ThrowsAnyAsync<VitrineException>(() => Unpack(gzip[..^20]));
        await Assert.ThrowsAsync<TarException>(() => Unpack(Own(Item.File("a", new string('x', 5000)))[..2000]));

        AssertEmpty();
    }

    [Fact]
    public async Task Unpack_OfABomb_IsRefused()
    {
        var limited = new LayerStore(_files.Root) { Limits = new LayerLimits { MaxRatio = 10, RatioFreeBytes = 100_000 } };

        var error = await Assert.ThrowsAsync<VitrineException>(() => limited.UnpackAsync(
            new MemoryStream(Gzip(Own(Item.File("zeros", new string('\0', 3_000_000))))), null, null));

        Assert.Contains("bomb", error.Message, StringComparison.Ordinal);
        AssertEmpty();
    }

    [Fact]
    public async Task Unpack_WhenCancelled_LeavesNothing()
    {
        using var cancellation = new CancellationTokenSource();
        using var stream = new EndlessStream(cancellation);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.UnpackAsync(stream, null, null, cancellation.Token));

        AssertEmpty();
    }

    [Fact]
    public async Task Unpack_WhenCancelledInARead_DoesNotWaitForIt()
    {
        using var cancellation = new CancellationTokenSource();
        using var stream = new SilentStream(cancellation);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.UnpackAsync(stream, null, null, cancellation.Token));

        AssertEmpty();
    }

    [Fact]
    public async Task Delete_OfALayer_RemovesIt()
    {
        var (diffId, _) = await Unpack(Own(Item.File("a", "1")));
        Assert.Equal([diffId], _store.List());

        _store.Delete(diffId);
        _store.Delete(diffId);

        Assert.False(_store.Contains(diffId));
        AssertEmpty();
    }

    private Task<(Digest DiffId, long Size)> Unpack(byte[] layer) => _store.UnpackAsync(new MemoryStream(layer), null, null);

    private byte[] Own(params Item[] items) => Archive.Write(items.Select(item => item with { Uid = _self.Uid, Gid = _self.Gid }));

    private void AssertEmpty() => Assert.Empty(Directory.EnumerateFileSystemEntries(_files.At("layers")));

    private static byte[] Gzip(byte[] data)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
            gzip.Write(data);
        return output.ToArray();
    }

    /// <summary>A pipe in which nothing comes, and the user loses patience.</summary>
    private sealed class SilentStream(CancellationTokenSource cancellation) : MemoryStream
    {
        private readonly TaskCompletionSource _closed = new();

        public override int Read(Span<byte> buffer)
        {
            cancellation.Cancel();
            _closed.Task.Wait(CancellationToken.None);
            return 0;
        }

        protected override void Dispose(bool disposing)
        {
            _closed.TrySetResult();
            base.Dispose(disposing);
        }
    }

    /// <summary>A layer that never ends: one file of ever more bytes, cancelled in the middle.</summary>
    private sealed class EndlessStream(CancellationTokenSource cancellation) : MemoryStream
    {
        private readonly byte[] _start = Archive.Write(Item.File("a", new string('x', 90_000_000)))[..512];
        private int _reads;
        private int _position;

        public override int Read(Span<byte> buffer)
        {
            if (++_reads == 200)
                cancellation.Cancel();
            buffer.Fill((byte)'x');
            var rest = _start.AsSpan(Math.Min(_position, _start.Length));
            rest[..Math.Min(rest.Length, buffer.Length)].CopyTo(buffer);
            _position += buffer.Length;
            return buffer.Length;
        }
    }
}
