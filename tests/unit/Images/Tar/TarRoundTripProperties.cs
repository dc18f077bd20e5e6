using FsCheck;
using FsCheck.Fluent;
using Vitrine.Images.Tar;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Images.Tar;

public sealed class TarRoundTripProperties
{
    /// <summary>Names of one to 700 bytes: any byte but NUL and slash, in parts that a ustar header can and cannot split.</summary>
    private static readonly Gen<string> Path = Gen.Choose(1, 255).Select(c => (char)c).Where(c => c != '/')
        .ArrayOf().Where(part => part.Length > 0).Select(part => new string(part))
        .ListOf().Where(parts => parts.Count > 0).Select(parts => string.Join('/', parts))
        .Or(Gen.Choose(90, 700).SelectMany(length => Gen.Choose(1, 120).Select(slash => Long(length, slash))));

    private static readonly Gen<uint> Id = Gen.OneOf(Gen.Choose(0, 70_000), Gen.Choose(2_097_150, int.MaxValue)).Select(n => (uint)n);

    private static readonly Gen<FileTime> Time = Gen.OneOf(Gen.Choose(0, int.MaxValue), Gen.Choose(int.MinValue, -1))
        .SelectMany(s => Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 999_999_999)).Select(n => new FileTime(s * 3L, (uint)n)));

    private static readonly Gen<(string, byte[])[]> Xattrs = Gen.Choose(0, 2).SelectMany(count =>
        ArbMap.Default.GeneratorFor<byte>().ArrayOf().Select(value =>
            Enumerable.Range(0, count).Select(i => ($"user.name{i}", value)).ToArray()));

    private static readonly Gen<Item> AnyItem = Gen.Elements(Enum.GetValues<TarType>())
        .SelectMany(type => Path.SelectMany(path => Path.SelectMany(link =>
            ArbMap.Default.GeneratorFor<byte>().ArrayOf().Select(content => Shape(type, path, link, content)))))
        .SelectMany(item => Id.SelectMany(uid => Id.SelectMany(gid => Time.SelectMany(time => Xattrs.Select(xattrs =>
            item with { Uid = uid, Gid = gid, Modified = time, Xattrs = xattrs, Permissions = uid & 0xFFF })))));

    [Fact]
    public void RandomEntries_WrittenAndRead_AreTheSame() => Prop.ForAll(AnyItem.ListOf().ToArbitrary(), items =>
    {
        var read = Archive.Read(Archive.Write(items));
        return read.Select(item => item.Describe()).SequenceEqual(items.Select(item => item.Describe()));
    }).Check(Properties.Config(300));

    [Fact]
    public void RandomEntries_ReadInPieces_AreTheSame() => Prop.ForAll(AnyItem.ListOf().ToArbitrary(), Gen.Choose(1, 1500).ToArbitrary(),
        (items, chunk) =>
        {
            var archive = Archive.Write(items);
            return Archive.Read(archive, chunk).Select(item => item.Describe())
                .SequenceEqual(Archive.Read(archive).Select(item => item.Describe()));
        }).Check(Properties.Config(100));

    [Fact]
    public void CutArchive_Read_GivesABeginningOrATarError() => Prop.ForAll(AnyItem.ListOf().ToArbitrary(), Gen.Choose(0, 5000).ToArbitrary(),
        (items, cut) =>
        {
            var archive = Archive.Write(items);
            ReadOrRefuse(archive[..Math.Min(cut, archive.Length)]);
        }).Check(Properties.Config(300));

    [Fact]
    public void DamagedArchive_Read_GivesEntriesOrATarError() => Prop.ForAll(
        AnyItem.ListOf().ToArbitrary(), Gen.Choose(0, int.MaxValue).ArrayOf().ToArbitrary(),
        (items, damages) =>
        {
            var archive = Archive.Write(items);
            foreach (var damage in damages)
                archive[damage % archive.Length] ^= (byte)(damage >> 20);
            Reseal(archive);
            ReadOrRefuse(archive);
        }).Check(Properties.Config(1000));

    [Fact]
    public void ArbitraryHeaders_Read_GiveEntriesOrATarError() => Prop.ForAll(
        Gen.OneOf(ArbMap.Default.GeneratorFor<byte>(), Gen.Elements("01234567 \0/xgLKS"u8.ToArray())).ArrayOf(2048).ToArbitrary(),
        Gen.Elements("0125xgLKS7\0"u8.ToArray()).ToArbitrary(),
        (bytes, type) =>
        {
            bytes[156] = type;
            Reseal(bytes);
            ReadOrRefuse(bytes);
        }).Check(Properties.Config(2000));

    [Fact]
    public void ArbitraryPaxRecords_Read_GiveAnEntryOrATarError() => Prop.ForAll(
        Gen.Elements("path", "linkpath", "size", "uid", "mtime", "SCHILY.xattr.a", "LIBARCHIVE.xattr.%41", "GNU.sparse.map",
            "GNU.sparse.size", "GNU.sparse.major", "GNU.sparse.realsize", "GNU.sparse.offset", "GNU.sparse.numbytes", "GNU.sparse.name")
            .SelectMany(key => Gen.Elements("", "0", "1", "5", "512", "-1", "1.5", "-0.5", "99999999999999999999", "0,1,3,2", "a\0b", "QQ", "é")
                .Select(value => (key, value))).ListOf().ToArbitrary(),
        records => ReadOrRefuse([.. Pax(records), .. Archive.Write(Item.File("placeholder", "12345"))]))
        .Check(Properties.Config(2000));

    private static string Long(int length, int slash) => new([.. Enumerable.Range(1, length).Select(i => i % slash == 0 && i < length ? '/' : 'x')]);

    private static Item Shape(TarType type, string path, string link, byte[] content) => new(
        type,
        type == TarType.Regular ? path.TrimEnd('/') + "f" : path,
        type is TarType.HardLink or TarType.Symlink ? link : "",
        type == TarType.Regular ? content : null)
    {
        Device = type is TarType.CharacterDevice or TarType.BlockDevice ? new((uint)content.Length, 77) : default,
    };

    private static byte[] Pax(IEnumerable<(string Key, string Value)> records)
    {
        var text = string.Concat(records.Select(record =>
        {
            var rest = $" {record.Key}={record.Value}\n";
            var length = rest.Length + 2;
            return $"{(length < 100 ? length : length + 1)}{rest}";
        }));
        var archive = Archive.Write(Item.File("PaxHeader", text))[..^1024];
        archive[156] = (byte)'x';
        Reseal(archive);
        return archive;
    }

    /// <summary>Gives every block the checksum that a header in its place would have, so that damage goes deeper than the checksum.</summary>
    private static void Reseal(byte[] archive)
    {
        for (var start = 0; start + 512 <= archive.Length; start += 512)
        {
            var block = archive.AsSpan(start, 512);
            if (block.ContainsAnyExcept((byte)0) && block[257] == 'u' || start == 0)
                new TarHeaderWriter(block).SetChecksum();
        }
    }

    private static void ReadOrRefuse(byte[] archive)
    {
        try
        {
            Archive.Read(archive);
        }
        catch (TarException)
        {
        }
    }
}
