using System.Formats.Tar;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Images;

/// <summary>load, save, import, tag, rmi, and hostile archives.</summary>
public sealed class ArchiveTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    [Theory]
    [InlineData("docker-archive", "")]
    [InlineData("oci-archive", "")]
    [InlineData("docker-archive", "gzip")]
    [InlineData("oci-archive", "zstd")]
    public void Load_OfAnArchive_RunsIt(string format, string compressor)
    {
        using var fresh = new Sandbox();
        var archive = Path.Combine(fresh.Files, "image.tar");
        Command.Run("skopeo", "copy", "--quiet", "--insecure-policy", $"oci:{Repository.ImageLayout}:busybox", $"{format}:{archive}:busybox:latest").ShouldSucceed();
        if (compressor.Length > 0)
        {
            Command.Run(compressor, archive).ShouldSucceed();
            archive = Directory.GetFiles(fresh.Files, "image.tar.*")[0];
        }

        Assert.Contains("Loaded image: busybox:latest", fresh.Ok("load", "-i", archive), StringComparison.Ordinal);
        Assert.Equal("x", fresh.Ok("run", "--rm", "busybox", "echo", "x"));
    }

    [Fact]
    public void SaveThenLoad_KeepsTheImageId()
    {
        using var fresh = new Sandbox();
        var archive = Path.Combine(fresh.Files, "saved.tar");

        box.Ok("save", "-o", archive, "busybox");
        fresh.Ok("load", "-i", archive);

        Assert.Equal(box.Ok("images", "-q", "--no-trunc", "busybox"), fresh.Ok("images", "-q", "--no-trunc", "busybox"));
        Command.Run("skopeo", "inspect", $"docker-archive:{archive}").ShouldSucceed();
        Command.Run("skopeo", "inspect", $"oci-archive:{archive}").ShouldSucceed();
    }

    [Fact]
    public void Load_FromAPipe_Works()
    {
        using var fresh = new Sandbox();

        Command.Run("sh", ["-c", $"{Repository.Binary("vitrine")} save busybox | gzip | VITRINE_DATA_ROOT={fresh.DataRoot} {Repository.Binary("vitrine")} load"],
            null, box.Environment, null).ShouldSucceed();

        fresh.Ok("run", "--rm", "busybox", "true");
    }

    [Fact]
    public void Import_WithChanges_MakesAnImage()
    {
        var rootfs = Directory.CreateDirectory(Path.Combine(box.Files, "root", "bin")).Parent!.FullName;
        File.Copy("/bin/busybox", Path.Combine(rootfs, "bin", "busybox"));
        var archive = Path.Combine(box.Files, "rootfs.tar");
        Command.Run("tar", "-C", rootfs, "-cf", archive, ".").ShouldSucceed();

        Assert.Matches("^sha256:[0-9a-f]{64}$", box.Ok("import", "--change", "ENTRYPOINT [\"/bin/busybox\"]", "--change", "CMD [\"echo\", \"imported\"]",
            "--change", "ENV A=b", "-m", "by hand", archive, "made/here:1"));

        Assert.Equal("imported", box.Ok("run", "--rm", "made/here:1"));
        Assert.Equal("A=b", box.Ok("image", "inspect", "--format", "{{index .Config.Env 0}}", "made/here:1"));
    }

    [Fact]
    public void TagAndRemove_FollowDockersRules()
    {
        box.Ok("tag", "busybox", "second/name:v2");
        Assert.Equal("second/name v2", box.Ok("images", "--format", "{{.Repository}} {{.Tag}}", "second/name"));
        Assert.Equal("Untagged: second/name:v2", box.Ok("rmi", "second/name:v2"));

        using var fresh = new Sandbox("busybox");
        fresh.Ok("create", "--name", "user", "busybox");
        fresh.Vitrine("rmi", "busybox").ShouldFail(1, "is using its referenced image");
        fresh.Ok("rm", "user");
        Assert.Contains("Deleted: sha256:", fresh.Ok("rmi", "busybox"), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(fresh.DataRoot, "layers")));
        Assert.Empty(Directory.GetFiles(Path.Combine(fresh.DataRoot, "images", "blobs", "sha256")));
    }

    public static TheoryData<string, TarEntryType, string?> Escapes => new()
    {
        { "../escaped", TarEntryType.RegularFile, null },
        { "a/../../escaped", TarEntryType.RegularFile, null },
        { "/../escaped", TarEntryType.RegularFile, null },
        { "hard", TarEntryType.HardLink, "../../../../../../etc/shadow" },
        { "hard", TarEntryType.HardLink, "/etc/shadow" },
    };

    [Theory]
    [MemberData(nameof(Escapes))]
    public void Import_HostileNames_NeverLeaveTheLayer(string name, TarEntryType type, string? link)
    {
        var archive = Path.Combine(box.Files, "hostile.tar");
        using (var writer = new TarWriter(File.Create(archive)))
            writer.WriteEntry(link is null ? new PaxTarEntry(type, name) : new PaxTarEntry(type, name) { LinkName = link });

        var result = box.Vitrine("import", archive, "hostile");

        // Refused, or kept inside the layer: never outside it.
        Assert.Contains(result.ExitCode, new[] { 0, 1 });
        Assert.DoesNotContain(Directory.GetFileSystemEntries(box.DataRoot, "escaped", SearchOption.AllDirectories), path => !path.Contains("/diff/", StringComparison.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(box.DataRoot, "*tmp-*", SearchOption.AllDirectories));
        Assert.False(File.Exists("/tmp/escaped") || File.Exists("/escaped"));
    }

    [Fact]
    public void Import_WriteThroughASymlink_StaysInside()
    {
        var outside = Directory.CreateDirectory(Path.Combine(box.Files, "outside")).FullName;
        var archive = Path.Combine(box.Files, "link.tar");
        using (var writer = new TarWriter(File.Create(archive)))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "way-out") { LinkName = outside });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "way-out/written") { DataStream = new MemoryStream("x"u8.ToArray()) });
        }

        box.Vitrine("import", archive, "hostile-link");

        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    [Theory]
    [InlineData("not a tar at all")]
    [InlineData("")]
    public void LoadAndImport_OfGarbage_AreRefused(string content)
    {
        var file = Path.Combine(box.Files, "garbage");
        File.WriteAllText(file, content.PadRight(content.Length * 100, 'x'));

        var load = box.Vitrine("load", "-i", file).ShouldExit(1);

        Assert.NotEmpty(load.Stderr);
        Assert.DoesNotContain("   at ", load.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_TruncatedTar_LeavesNothing()
    {
        var archive = Path.Combine(box.Files, "whole.tar");
        Command.Run("tar", "-C", "/bin", "-cf", archive, "busybox").ShouldSucceed();
        using (var file = File.OpenWrite(archive))
            file.SetLength(file.Length / 2);

        box.Vitrine("import", archive, "cut").ShouldExit(1);

        Assert.Empty(Directory.GetFileSystemEntries(box.DataRoot, "*tmp-*", SearchOption.AllDirectories));
        box.Vitrine("image", "inspect", "cut").ShouldExit(1);
    }
}
