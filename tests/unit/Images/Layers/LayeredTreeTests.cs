using System.Text;
using Vitrine.Images.Layers;
using Vitrine.Linux;
using Vitrine.Tests.Unit.Linux.Files;
using Xunit;

namespace Vitrine.Tests.Unit.Images.Layers;

public sealed class LayeredTreeTests : IDisposable
{
    private readonly ScratchFiles _files = new();

    public LayeredTreeTests()
    {
        foreach (var layer in new[] { "low", "mid", "up" })
            Directory.CreateDirectory(_files.At(layer));
    }

    public void Dispose() => _files.Dispose();

    [Fact]
    public void ReadFile_InSeveralLayers_GivesTheTopmost()
    {
        _files.Write("low/etc/passwd", "low");
        _files.Write("mid/etc/passwd", "mid");
        _files.Write("low/etc/group", "group");
        _files.Write("up/etc/motd", "up");
        using var tree = Open();

        Assert.Equal("mid", Read(tree, "/etc/passwd"));
        Assert.Equal("group", Read(tree, "etc/group"));
        Assert.Equal("up", Read(tree, "/etc/../etc/./motd"));
        Assert.Null(tree.ReadFile("/etc/none", 10));
        Assert.Null(tree.ReadFile("/etc", 10));
    }

    [Fact]
    public void ReadFile_UnderAWhiteout_IsGone()
    {
        _files.Write("low/etc/passwd", "low");
        _files.Write("low/opt/app/file", "low");
        Whiteout("up", "etc", "passwd");
        Whiteout("mid", "", "opt");
        _files.Write("up/opt/app/new", "new");
        using var tree = Open();

        Assert.False(tree.Exists("/etc/passwd"));
        Assert.False(tree.Exists("/opt/app/file"));
        Assert.Equal("new", Read(tree, "/opt/app/new"));
        Assert.Equal(["new"], Names(tree, "/opt/app"));
        Assert.Empty(Names(tree, "/etc"));
    }

    [Fact]
    public void ReadFile_WhereAFileReplacedADirectory_SeesTheFile()
    {
        _files.Write("low/data/inner", "low");
        _files.Write("mid/data", "file");
        using var tree = Open();

        Assert.Equal("file", Read(tree, "/data"));
        Assert.False(tree.Exists("/data/inner"));
    }

    [Fact]
    public void ReadFile_ThroughLinks_StaysInTheTree()
    {
        _files.Write("low/usr/lib/os-release", "tree");
        Directory.CreateDirectory(_files.At("mid/etc"));
        File.CreateSymbolicLink(_files.At("mid/etc/os-release"), "../usr/lib/os-release");
        File.CreateSymbolicLink(_files.At("up/lib"), "/usr/lib");
        File.CreateSymbolicLink(_files.At("up/out"), "../../../../../../../../../../etc");
        _files.Write("low/etc/hostname", "inside");
        using var tree = Open();

        Assert.Equal("tree", Read(tree, "/etc/os-release"));
        Assert.Equal("tree", Read(tree, "/lib/os-release"));
        Assert.Equal("inside", Read(tree, "/out/hostname"));
        Assert.Equal("inside", Read(tree, "/../../out/hostname"));
        Assert.Equal(FileKind.Symlink, tree.Stat("/lib", followLast: false)!.Value.Kind);
    }

    [Fact]
    public void ReadFile_ThroughALinkThatHoldsItself_IsRefused()
    {
        File.CreateSymbolicLink(_files.At("low/loop"), "loop/x");
        using var tree = Open();

        Assert.Throws<VitrineException>(() => tree.Exists("/loop"));
    }

    [Fact]
    public void ReadFile_LargerThanAllowed_IsRefused()
    {
        _files.Write("low/big", "12345");
        using var tree = Open();

        Assert.Equal("12345", Encoding.UTF8.GetString(tree.ReadFile("big", 5)!));
        Assert.Throws<VitrineException>(() => tree.ReadFile("big", 4));
    }

    [Fact]
    public void CopyTo_OfAMergedDirectory_CopiesWhatItShows()
    {
        _files.Write("low/data/a", "low");
        _files.Write("low/data/sub/b", "low");
        _files.Write("low/data/gone", "low");
        _files.Write("up/data/a", "up");
        _files.Write("up/data/sub/c", "up");
        Whiteout("mid", "data", "gone");
        File.CreateSymbolicLink(_files.At("low/where"), "data");
        File.SetUnixFileMode(_files.At("up/data"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.StickyBit);
        Directory.CreateDirectory(_files.At("volume"));
        using var tree = Open();

        Assert.True(tree.CopyTo("/where", _files.At("volume")));
        Assert.False(tree.CopyTo("/data/a", _files.At("volume")));
        Assert.False(tree.CopyTo("/none", _files.At("volume")));

        Assert.Equal(["a", "sub/b", "sub/c"], Directory.EnumerateFiles(_files.At("volume"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_files.At("volume"), path)).Order());
        Assert.Equal("up", File.ReadAllText(_files.At("volume/a")));
        Assert.Equal(File.GetUnixFileMode(_files.At("up/data")), File.GetUnixFileMode(_files.At("volume")));
    }

    private LayeredTree Open() => new([_files.At("low"), _files.At("mid")], _files.At("up"));

    private static string Read(LayeredTree tree, string path) => Encoding.UTF8.GetString(tree.ReadFile(path, 1000)!);

    private static IEnumerable<string> Names(LayeredTree tree, string path) => tree.List(path)!.Select(Encoding.UTF8.GetString);

    // The kernel lets anybody make whiteouts (Linux 5.8).
    private void Whiteout(string layer, string directory, string name)
    {
        Directory.CreateDirectory(_files.At($"{layer}/{directory}"));
        using var parent = FileAt.OpenDirectory(_files.At($"{layer}/{directory}"));
        Assert.Equal(Errno.None, FileAt.TryMakeWhiteout(parent, Encoding.UTF8.GetBytes(name)));
    }
}
