using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Files;

public sealed class FileTreeDeleteTests : IDisposable
{
    private readonly ScratchFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Delete_OfATree_LeavesNothing()
    {
        for (var i = 0; i < 2000; i++)
            _files.Write($"tree/{i % 7}/{i}");

        FileTree.Delete(_files.At("tree"));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_files.Root));
    }

    [Fact]
    public void Delete_WithLinksOutside_RemovesTheLinksAlone()
    {
        var kept = _files.Write("outside/kept");
        Directory.CreateDirectory(_files.At("tree"));
        File.CreateSymbolicLink(_files.At("tree/directory"), _files.At("outside"));
        File.CreateSymbolicLink(_files.At("tree/file"), kept);
        File.CreateSymbolicLink(_files.At("tree/dangling"), "/nonexistent");

        FileTree.Delete(_files.At("tree"));

        Assert.True(File.Exists(kept));
        Assert.False(Directory.Exists(_files.At("tree")));
    }

    [Fact]
    public void Delete_OfALink_RemovesTheLinkAlone()
    {
        var kept = _files.Write("outside/kept");
        File.CreateSymbolicLink(_files.At("link"), _files.At("outside"));

        FileTree.Delete(_files.At("link") + "/");

        Assert.True(File.Exists(kept));
        Assert.False(Path.Exists(_files.At("link")));
    }

    [Fact]
    public void Delete_OfWhatIsMissing_IsNoError()
    {
        FileTree.Delete(_files.At("missing"));
        FileTree.Delete(_files.At("missing/deeper"));
    }

    [Fact]
    public void Delete_DeeperThanOpenHandlesAreKept_LeavesNothing()
    {
        var deep = string.Join('/', Enumerable.Repeat("d", 900));
        _files.Write($"tree/{deep}/leaf");
        for (var level = 50; level < 900; level += 50)
            _files.Write($"tree/{deep[..((2 * level) - 1)]}/aside/leaf");

        FileTree.Delete(_files.At("tree"));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_files.Root));
    }
}
