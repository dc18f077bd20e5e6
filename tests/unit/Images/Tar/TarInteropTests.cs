using System.Formats.Tar;
using Vitrine.Images.Tar;
using Xunit;
using BclEntry = System.Formats.Tar.TarEntry;
using BclReader = System.Formats.Tar.TarReader;
using BclWriter = System.Formats.Tar.TarWriter;

namespace Vitrine.Tests.Unit.Images.Tar;

/// <summary>Our tar against another implementation, in both directions.</summary>
public sealed class TarInteropTests
{
    private static readonly string LongName = string.Join('/', Enumerable.Repeat("directory-of-a-long-name", 12)) + "/file";

    [Theory]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Pax)]
    public void Reader_OfEachFormat_ReadsWhatWasWritten(TarEntryFormat format)
    {
        var archive = WriteOther(format, format == TarEntryFormat.Ustar ? LongName[..160] : LongName);

        var items = Archive.Read(archive);

        Assert.Equal([TarType.Directory, TarType.Regular, TarType.Symlink, TarType.HardLink, TarType.Fifo], items.Select(i => i.Type));
        Assert.Equal(format == TarEntryFormat.Ustar ? LongName[..160] : LongName, items[1].Path);
        Assert.Equal("content"u8.ToArray(), items[1].Content);
        Assert.Equal("dir/../x", items[2].Link);
        Assert.Equal(format == TarEntryFormat.Ustar ? "short" : items[1].Path, items[3].Link);
        Assert.Equal(1_700_000_000, items[1].Modified.Seconds);
    }

    [Fact]
    public void Writer_OfLongAndLargeFields_IsReadByAnother()
    {
        var link = new string('t', 300);
        var archive = Archive.Write(
            Item.File(LongName, "content") with { Uid = 3_000_000, Modified = new(1_700_000_000, 250_000_000) },
            Item.Symlink("link", link));
        using var reader = new BclReader(new MemoryStream(archive));

        var file = (PaxTarEntry)reader.GetNextEntry()!;
        Assert.Equal(LongName, file.Name);
        Assert.Equal(3_000_000, file.Uid);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_250), file.ModificationTime);
        Assert.Equal("content", new StreamReader(file.DataStream!).ReadToEnd());
        Assert.Equal(link, reader.GetNextEntry()!.LinkName);
        Assert.Null(reader.GetNextEntry());
    }

    [Fact]
    public void Writer_OfSimpleEntries_WritesPlainUstar()
    {
        var archive = Archive.Write(Item.Directory("dir/"), Item.File("dir/file", "x"));

        Assert.Equal(512 + 1024 + 1024, archive.Length);
    }

    private static byte[] WriteOther(TarEntryFormat format, string name)
    {
        using var output = new MemoryStream();
        using (var writer = new BclWriter(output, format, leaveOpen: true))
        {
            writer.WriteEntry(Other(format, TarEntryType.Directory, "dir/"));
            var file = Other(format, TarEntryType.RegularFile, name);
            file.DataStream = new MemoryStream("content"u8.ToArray());
            writer.WriteEntry(file);
            var link = Other(format, TarEntryType.SymbolicLink, "link");
            link.LinkName = "dir/../x";
            writer.WriteEntry(link);
            var hard = Other(format, TarEntryType.HardLink, "hard");
            hard.LinkName = format == TarEntryFormat.Ustar ? "short" : name;
            writer.WriteEntry(hard);
            writer.WriteEntry(Other(format, TarEntryType.Fifo, "fifo"));
        }

        return output.ToArray();
    }

    private static PosixTarEntry Other(TarEntryFormat format, TarEntryType type, string name)
    {
        PosixTarEntry entry = format switch
        {
            TarEntryFormat.Ustar => new UstarTarEntry(type, name),
            TarEntryFormat.Gnu => new GnuTarEntry(type, name),
            _ => new PaxTarEntry(type, name),
        };
        ((BclEntry)entry).ModificationTime = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        return entry;
    }
}
