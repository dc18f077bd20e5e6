using System.Text;
using Vitrine.Images.Layers;
using Vitrine.Images.Tar;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Images.Layers;

public sealed class TreeArchiveTests : IDisposable
{
    private static readonly TreeExtractOptions s_mine = new() { KeepOwners = false, KeepKinds = true };

    private readonly string _directory = Directory.CreateTempSubdirectory("vitrine-tree-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Tree_WrittenAndExtracted_IsTheSame()
    {
        var source = Make("source/sub/file", "content");
        File.CreateSymbolicLink(Path.Combine(_directory, "source/link"), "/nowhere");
        var target = Directory.CreateDirectory(Path.Combine(_directory, "target")).FullName;
        using var archive = Write(Path.Combine(_directory, "source"), "renamed");

        Extract(target, "", archive);

        Assert.Equal("content", File.ReadAllText(Path.Combine(target, "renamed/sub/file")));
        Assert.Equal("/nowhere", new FileInfo(Path.Combine(target, "renamed/link")).LinkTarget);
        Assert.Equal(File.GetLastWriteTimeUtc(source), File.GetLastWriteTimeUtc(Path.Combine(target, "renamed/sub/file")));
    }

    [Fact]
    public void Whiteouts_OfALivingTree_AreFilesAsAny()
    {
        Make("source/.wh.name", "x");
        var target = Directory.CreateDirectory(Path.Combine(_directory, "target")).FullName;
        using var archive = Write(Path.Combine(_directory, "source"), ".");

        Extract(target, "", archive);

        Assert.Equal("x", File.ReadAllText(Path.Combine(target, ".wh.name")));
    }

    [Fact]
    public void Link_InTheArchive_DoesNotLeadOutOfTheRoot()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_directory, "outside")).FullName;
        var root = Directory.CreateDirectory(Path.Combine(_directory, "root/there")).Parent!.FullName;
        using var archive = Tar(tar =>
        {
            Entry(tar, TarType.Symlink, "link", outside);
            Entry(tar, TarType.Symlink, "up", "../../outside");
            Entry(tar, TarType.Regular, "up/escaped");
        });

        Assert.ThrowsAny<Exception>(() => Extract(root, "there", archive));

        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    [Fact]
    public void Name_ThatLeadsOutOfTheDestination_IsRefused()
    {
        var root = Directory.CreateDirectory(Path.Combine(_directory, "root/there")).Parent!.FullName;
        using var archive = Tar(tar => Entry(tar, TarType.Regular, "../beside"));

        var error = Assert.Throws<VitrineException>(() => Extract(root, "there", archive));

        Assert.Contains("leads out of the archive", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(root, "beside")));
    }

    [Theory]
    [InlineData(TarType.Regular, "cannot overwrite directory \"/there/name\" with non-directory \"/there\"")]
    [InlineData(TarType.Directory, "cannot overwrite non-directory \"/there/name\" with directory \"/there\"")]
    public void Kinds_AreKept(TarType type, string message)
    {
        if (type == TarType.Regular)
            Directory.CreateDirectory(Path.Combine(_directory, "root/there/name"));
        else
            Make("root/there/name", "");
        using var archive = Tar(tar => Entry(tar, type, "name"));

        Assert.Equal(message, Assert.Throws<VitrineException>(() => Extract(Path.Combine(_directory, "root"), "there", archive)).Message);
    }

    private string Make(string path, string content)
    {
        var whole = Path.Combine(_directory, path);
        Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
        File.WriteAllText(whole, content);
        return whole;
    }

    private static MemoryStream Write(string directory, string name)
    {
        var archive = new MemoryStream();
        using var handle = FileAt.OpenDirectory(directory);
        TreeArchive.Write(handle, "."u8, Encoding.UTF8.GetBytes(name), archive, TestContext.Current.CancellationToken);
        archive.Position = 0;
        return archive;
    }

    private static void Extract(string root, string destination, Stream archive)
    {
        using var handle = FileAt.OpenDirectory(root);
        TreeArchive.Extract(handle, Encoding.UTF8.GetBytes(destination), archive, s_mine, TestContext.Current.CancellationToken);
    }

    private static MemoryStream Tar(Action<TarWriter> fill)
    {
        var archive = new MemoryStream();
        var tar = new TarWriter(archive);
        fill(tar);
        tar.Finish();
        archive.Position = 0;
        return archive;
    }

    private static void Entry(TarWriter tar, TarType type, string path, string link = "") => tar.WriteEntry(new TarEntry
    {
        Type = type,
        Path = Encoding.UTF8.GetBytes(path),
        LinkPath = Encoding.UTF8.GetBytes(link),
        Permissions = 0b111_101_101,
    });
}
