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
/// Packages.db.gz has such packages as the same rpm's code for ndb writes them, and one before them that was removed; Packages.gz as Berkeley DB 5.3.
/// </summary>
public sealed class PackageFinderTests : IDisposable
{
    private static readonly string[] s_databases = ["rpmdb.sqlite", "Packages.db", "Packages"];

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
        foreach (var database in s_databases)
        {
            Write($"{directory}/{database}", Database(database));

            Assert.Equal((database, package), (database, Find(path)));

            File.Delete(Path.Join(_root, directory, database));
        }
    }

    [Fact]
    public void Rpm_DatabaseOfAnOldFormatThatWasLeft_IsNotAsked()
    {
        Write("var/lib/rpm/Packages", Database("Packages"));
        Write("usr/lib/sysimage/rpm/Packages.db", "RpmP"u8);

        Assert.Null(Find("/usr/bin/tell"));
    }

    [Fact]
    public void Lists_OfDpkgAndApk_AreReadFirst()
    {
        Write("var/lib/rpm/rpmdb.sqlite", Database("rpmdb.sqlite"));
        Write("lib/apk/db/installed", "P:busybox\nF:bin\nR:busybox\n\nP:tell-apk\nF:usr/bin\nR:tell\n"u8);
        Assert.Equal("tell-apk", Find("/usr/bin/tell"));

        Write("var/lib/dpkg/info/tell-deb.list", "/.\n/usr\n/usr/bin\n/usr/bin/tell\n"u8);
        Assert.Equal("tell-deb", Find("/usr/bin/tell"));
    }

    [Theory]
    [InlineData("rpmdb.sqlite", 3 * 4096)]
    [InlineData("Packages.db", 20 * 1024)]
    [InlineData("Packages", 20 * 1024)]
    public void Rpm_DatabaseThatTakesTooMuch_IsGivenUp(string database, int little)
    {
        Write("db", Database(database));
        using var file = File.OpenHandle(Path.Join(_root, "db"));

        Assert.Equal("teller", RpmDatabase.Find(file, ["/usr/bin/tell"], 1 << 20));
        Assert.Null(RpmDatabase.Find(file, ["/usr/bin/tell"], little));
    }

    /// <summary>A value that goes on in itself, of a length that the file cannot have, and one that it can.</summary>
    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(60000u)]
    public void Rpm_ValueThatNeverEnds_IsGivenUp(uint length)
    {
        var database = Database("Packages");
        for (var page = 4096; page < database.Length; page += 4096)
        {
            if (database[page + 25] == 7)
                BitConverter.TryWriteBytes(database.AsSpan(page + 16), page / 4096);
            else if (database[page + 25] == 13)
                Lengthen(database.AsSpan(page, 4096), length);
        }

        Write("db", database);
        using var file = File.OpenHandle(Path.Join(_root, "db"));

        Assert.Null(RpmDatabase.Find(file, ["/usr/bin/tell"], 1 << 20));
    }

    /// <summary>Each would be shown, and looked through, up to the end of the page.</summary>
    [Fact]
    public void Berkeley_ItemsOverEachOther_AreNotShown()
    {
        var database = Database("Packages");
        var page = database.AsSpan(4096, 4096);
        BitConverter.TryWriteBytes(page[20..], (ushort)1000);
        for (var item = 0; item < 1000; item++)
            BitConverter.TryWriteBytes(page[(26 + 2 * item)..], (ushort)(item % 2 == 0 ? 4095 : 3000));
        page[3000] = 1;
        Write("db", database);
        using var file = File.OpenHandle(Path.Join(_root, "db"));
        var shown = 0;

        Assert.Throws<InvalidDataException>(() => BerkeleyPackages.Walk(new RpmFile(file, 1 << 20), _ => ++shown > 0));
        Assert.Equal(1, shown);
    }

    [Theory]
    [InlineData("rpmdb.sqlite")]
    [InlineData("Packages.db")]
    [InlineData("Packages")]
    public void Rpm_DamagedDatabase_NeverThrowsNorTakesForEver(string database)
    {
        var sound = Database(database);
        Prop.ForAll<int, int>((seed, cut) =>
        {
            var random = new Random(seed);
            var damaged = cut % 4 == 0 ? sound[..random.Next(sound.Length)] : [.. sound];
            for (var i = 0; i < 40 && damaged.Length > 0; i++)
                damaged[random.Next(i < 20 ? Math.Min(damaged.Length, 300) : damaged.Length)] = (byte)random.Next(256);
            // Kinds of pages and places of cells are where it hurts most.
            for (var page = 0; page < damaged.Length; page += 4096)
                damaged[Math.Min(page + random.Next(32), damaged.Length - 1)] ^= (byte)(random.Next(6) == 0 ? random.Next(256) : 0);
            sound.AsSpan(0, Math.Min(16, damaged.Length)).CopyTo(damaged);
            // The sizes of pages and tables, so that it is not always over before it begins.
            if (random.Next(2) == 0)
                sound.AsSpan(0, Math.Min(36, damaged.Length)).CopyTo(damaged);
            Write("damaged", damaged);
            using var file = File.OpenHandle(Path.Join(_root, "damaged"));
            return RpmDatabase.Find(file, ["/usr/bin/tell"], 1 << 20) is null or "teller" or { Length: < 4096 };
        }).Check(Properties.Config(300));
    }

    private static void Lengthen(Span<byte> page, uint length)
    {
        for (var item = 1; item < BitConverter.ToUInt16(page[20..]); item += 2)
        {
            var at = BitConverter.ToUInt16(page[(26 + 2 * item)..]);
            if (page[at] == 3)
                BitConverter.TryWriteBytes(page[(at + 8)..], length);
        }
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

    private static byte[] Database(string name, [CallerFilePath] string here = "")
    {
        using var file = new GZipStream(File.OpenRead(Path.Join(Path.GetDirectoryName(here), name + ".gz")), CompressionMode.Decompress);
        using var buffer = new MemoryStream();
        file.CopyTo(buffer);
        return buffer.ToArray();
    }
}
