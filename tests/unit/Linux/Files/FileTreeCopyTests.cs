using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Files;

public sealed class FileTreeCopyTests : IDisposable
{
    private readonly ScratchFiles _files = new();

    public FileTreeCopyTests() => Directory.CreateDirectory(_files.At("to"));

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Copy_OfFilesLinksAndDirectories_KeepsWhatIsKnownAboutThem()
    {
        _files.Write("from/dir/file", "content");
        File.SetUnixFileMode(_files.At("from/dir/file"), UnixFileMode.UserRead | UnixFileMode.SetUser | UnixFileMode.OtherExecute);
        File.SetLastWriteTimeUtc(_files.At("from/dir/file"), DateTime.UnixEpoch.AddSeconds(77.25));
        File.CreateSymbolicLink(_files.At("from/link"), "/etc/passwd");
        Directory.SetLastWriteTimeUtc(_files.At("from/dir"), DateTime.UnixEpoch.AddSeconds(99));
        using (var from = FileAt.OpenDirectory(_files.At("from")))
        {
            Assert.Equal(Errno.None, FileAt.TryLink(from, "dir/file"u8, from, "second"u8));
            Assert.Equal(Errno.None, FileAt.TryMakeNode(from, "pipe"u8, FileKind.Fifo, 0b110_000_000, default));
        }

        FileTree.Copy(_files.At("from"), _files.At("to"));

        using var to = FileAt.OpenDirectory(_files.At("to"));
        var file = FileAt.Status(to, "dir/file"u8);
        Assert.Equal("content", File.ReadAllText(_files.At("to/dir/file")));
        Assert.Equal((0b100_100_000_001u, new FileTime(77, 250_000_000), 2u), (file.Permissions, file.Modified, file.LinkCount));
        Assert.Equal(file.Inode, FileAt.Status(to, "second"u8).Inode);
        Assert.Equal(99, FileAt.Status(to, "dir"u8).Modified.Seconds);
        Assert.Equal(FileKind.Fifo, FileAt.Status(to, "pipe"u8).Kind);
        Assert.Equal("/etc/passwd", File.ResolveLinkTarget(_files.At("to/link"), returnFinalTarget: false)!.FullName);
    }

    [Fact]
    public void Copy_OfASparseFile_KeepsTheHole()
    {
        const int Megabyte = 1 << 20;
        var path = _files.Write("from/sparse");
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write))
        {
            RandomAccess.Write(file, "start"u8, 0);
            RandomAccess.Write(file, "end"u8, 64 * Megabyte);
        }

        FileTree.Copy(_files.At("from"), _files.At("to"));

        using var to = FileAt.OpenDirectory(_files.At("to"));
        var status = FileAt.Status(to, "sparse"u8);
        Assert.Equal((64UL * Megabyte) + 3, status.Size);
        Assert.InRange(status.Allocated, 1UL, (ulong)Megabyte);
        Assert.EndsWith("\0end", File.ReadAllText(_files.At("to/sparse")), StringComparison.Ordinal);
    }

    [Fact]
    public void Copy_OfNamesThatAreNotUtf8_KeepsTheirBytes()
    {
        ReadOnlySpan<byte> name = [0xff, (byte)'x', 0xe9];
        Directory.CreateDirectory(_files.At("from"));
        using (var from = FileAt.OpenDirectory(_files.At("from")))
            Assert.Equal(Errno.None, FileAt.TryMakeDirectory(from, name, 0b111_000_000));

        FileTree.Copy(_files.At("from"), _files.At("to"));

        using var to = FileAt.OpenDirectory(_files.At("to"));
        Assert.Equal(FileKind.Directory, FileAt.Status(to, name).Kind);
    }

    [Fact]
    public void Copy_OverANameThatExists_IsRefused()
    {
        _files.Write("from/file", "new");
        _files.Write("to/file", "old");

        var error = Assert.Throws<LinuxException>(() => FileTree.Copy(_files.At("from"), _files.At("to")));

        Assert.Equal(Errno.EEXIST, error.Errno);
        Assert.Equal(_files.At("to/file"), error.Path);
        Assert.Equal("old", File.ReadAllText(_files.At("to/file")));
    }
}
