using System.IO.Compression;
using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Insight.Packages;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Packages;

/// <summary>
/// Which package a file is of. rpmdb.sqlite.gz was written by rpm 4.18: two packages of 150 files each, so that names take several pages
/// and headers are longer than a page; each has a program called tell, in /usr/bin (teller) and in /usr/lib/other (other).
/// </summary>
public sealed class PackageFinderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-packages-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("usr/lib/sysimage/rpm", "/usr/bin/tell", "teller")]
    [InlineData("var/lib/rpm", "/usr/bin/tell", "teller")]
    [InlineData("var/lib/rpm", "/bin/tell", "teller")]
    [InlineData("var/lib/rpm", "/usr/lib/other/tell", "other")]
    [InlineData("var/lib/rpm", "/usr/share/other/file77", "other")]
    [InlineData("var/lib/rpm", "/usr/share/teller/file150", "teller")]
    [InlineData("var/lib/rpm", "/opt/tell", null)]
    [InlineData("var/lib/rpm", "/usr/bin/nothing", null)]
    public void Rpm_OwnerOfAFile_IsFound(string directory, string path, string? package)
    {
        Write($"{directory}/rpmdb.sqlite", Database());

        Assert.Equal(package, Find(path));
    }

    [Fact]
    public void Lists_OfDpkgAndApk_AreReadFirst()
    {
        Write("var/lib/rpm/rpmdb.sqlite", Database());
        Write("lib/apk/db/installed", "P:busybox\nF:bin\nR:busybox\n\nP:tell-apk\nF:usr/bin\nR:tell\n"u8);
        Assert.Equal("tell-apk", Find("/usr/bin/tell"));

        Write("var/lib/dpkg/info/tell-deb.list", "/.\n/usr\n/usr/bin\n/usr/bin/tell\n"u8);
        Assert.Equal("tell-deb", Find("/usr/bin/tell"));
    }

    [Fact]
    public void Rpm_DatabaseThatTakesTooMuch_IsGivenUp()
    {
        Write("db", Database());
        using var file = File.OpenHandle(Path.Join(_root, "db"));

        Assert.Equal("teller", RpmDatabase.Find(file, ["/usr/bin/tell"], 1 << 20));
        Assert.Null(RpmDatabase.Find(file, ["/usr/bin/tell"], 3 * 4096));
    }

    [Fact]
    public void Rpm_DamagedDatabase_NeverThrowsNorTakesForEver()
    {
        var sound = Database();
        Prop.ForAll<int, int>((seed, cut) =>
        {
            var random = new Random(seed);
            var damaged = cut % 4 == 0 ? sound[..random.Next(sound.Length)] : [.. sound];
            for (var i = 0; i < 40 && damaged.Length > 0; i++)
                damaged[random.Next(i < 20 ? Math.Min(damaged.Length, 300) : damaged.Length)] = (byte)random.Next(256);
            // Kinds of pages and places of cells are where it hurts most.
            for (var page = 0; page < damaged.Length; page += 4096)
                damaged[Math.Min(page + random.Next(16), damaged.Length - 1)] ^= (byte)(random.Next(6) == 0 ? random.Next(256) : 0);
            "SQLite format 3\0"u8[..Math.Min(16, damaged.Length)].CopyTo(damaged);
            Write("damaged", damaged);
            using var file = File.OpenHandle(Path.Join(_root, "damaged"));
            return RpmDatabase.Find(file, ["/usr/bin/tell"], 1 << 20) is null or "teller" or { Length: < 4096 };
        }).Check(Properties.Config(300));
    }

    private string? Find(string path)
    {
        using var root = FileAt.OpenDirectory(_root);
        return PackageFinder.Find(root, path);
    }

    private void Write(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Join(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    private static byte[] Database([CallerFilePath] string here = "")
    {
        using var file = new GZipStream(File.OpenRead(Path.Join(Path.GetDirectoryName(here), "rpmdb.sqlite.gz")), CompressionMode.Decompress);
        using var buffer = new MemoryStream();
        file.CopyTo(buffer);
        return buffer.ToArray();
    }
}
