using Vitrine.Images.Tar;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Images.Tar;

/// <summary>An entry with its content, comparable and independent of the reader that it came from.</summary>
internal sealed record Item(TarType Type, string Path, string Link = "", byte[]? Content = null)
{
    public uint Permissions { get; init; } = 0b110_100_100;

    public uint Uid { get; init; }

    public uint Gid { get; init; }

    public FileTime Modified { get; init; } = new(1_700_000_000, 0);

    public DeviceNumber Device { get; init; }

    public (string Name, byte[] Value)[] Xattrs { get; init; } = [];

    public static Item File(string path, string content = "") => new(TarType.Regular, path, Content: Bytes(content));

    public static Item Directory(string path) => new(TarType.Directory, path) { Permissions = 0b111_101_101 };

    public static Item Symlink(string path, string target) => new(TarType.Symlink, path, target);

    public static Item HardLink(string path, string target) => new(TarType.HardLink, path, target);

    /// <summary>Latin-1: each character is one byte, so that names can be any bytes.</summary>
    public static byte[] Bytes(string text) => System.Text.Encoding.Latin1.GetBytes(text);

    /// <summary>All of the item in one line of text.</summary>
    public string Describe() => string.Join(' ', Type, Quote(Path), Quote(Link), Convert.ToString(Permissions, 8), Uid, Gid,
        Modified.Seconds, Modified.Nanoseconds, Device, Convert.ToHexString(Content ?? []),
        string.Join(',', Xattrs.OrderBy(x => x.Name, StringComparer.Ordinal).Select(x => $"{Quote(x.Name)}={Convert.ToHexString(x.Value)}")));

    private static string Quote(string text) => Convert.ToHexString(Bytes(text));
}

/// <summary>Archives in memory, written and read by the code under test.</summary>
internal static class Archive
{
    public static byte[] Write(params IEnumerable<Item> items)
    {
        using var output = new MemoryStream();
        var writer = new TarWriter(output);
        var entry = new TarEntry();
        foreach (var item in items)
        {
            entry.Clear();
            Fill(entry, item);
            writer.WriteEntry(entry);
            if (item.Type == TarType.Regular)
                writer.WriteData(item.Content ?? []);
        }

        writer.Finish();
        return output.ToArray();
    }

    public static List<Item> Read(byte[] archive, int chunk = int.MaxValue)
    {
        var reader = new TarReader(new ChunkedInput(archive, chunk));
        var items = new List<Item>();
        while (reader.MoveNext())
            items.Add(Take(reader));
        return items;
    }

    private static void Fill(TarEntry entry, Item item)
    {
        entry.Type = item.Type;
        entry.Path = Item.Bytes(item.Path);
        entry.LinkPath = Item.Bytes(item.Link);
        entry.Permissions = item.Permissions;
        entry.Uid = item.Uid;
        entry.Gid = item.Gid;
        entry.Modified = item.Modified;
        entry.Device = item.Device;
        entry.Size = item.Content?.Length ?? 0;
        foreach (var (name, value) in item.Xattrs)
            entry.SetXattr(Item.Bytes(name), value);
    }

    private static Item Take(TarReader reader)
    {
        var entry = reader.Entry;
        var item = new Item(entry.Type, Text(entry.Path), Text(entry.LinkPath))
        {
            Permissions = entry.Permissions,
            Uid = entry.Uid,
            Gid = entry.Gid,
            Modified = entry.Modified,
            Device = entry.Device,
            Xattrs = [.. Enumerable.Range(0, entry.XattrCount).Select(i => (Text(entry.XattrName(i)), entry.XattrValue(i).ToArray()))],
        };
        if (entry.Type != TarType.Regular)
            return item;

        // Arbitrary archives may claim holes of any size: only what is stored is kept.
        var content = new byte[Math.Min(entry.Size, 1 << 20)];
        while (reader.ReadData(out var data, out var offset))
        {
            Assert.InRange(offset + data.Length, 0, entry.Size);
            if (offset + data.Length <= content.Length)
                data.CopyTo(content.AsSpan((int)offset));
        }

        return item with { Content = content };
    }

    private static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes);

    /// <summary>Gives an archive in pieces of one length, as a slow stream does.</summary>
    private sealed class ChunkedInput(byte[] archive, int chunk) : TarInput
    {
        private int _position;

        public override ReadOnlySpan<byte> Peek() =>
            archive.AsSpan(_position, Math.Min(archive.Length - _position, chunk - (_position % chunk)));

        public override void Advance(int count) => _position += count;
    }
}
