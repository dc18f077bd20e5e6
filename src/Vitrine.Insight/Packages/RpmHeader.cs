using System.Buffers.Binary;
using System.Text;

namespace Vitrine.Insight.Packages;

/// <summary>
/// A package's header, as in the package itself (https://rpm-software-management.github.io/rpm/manual/hdr_format.html): entries of tag,
/// type, offset and count come first, then the values. It is foreign: what is not as it should be is not there.
/// </summary>
/// <param name="bytes">From the numbers of entries and of values' bytes on.</param>
internal readonly ref struct RpmHeader(ReadOnlySpan<byte> bytes)
{
    private const int NameTag = 1000, DirectoryIndexesTag = 1116, BaseNamesTag = 1117, DirectoryNamesTag = 1118;
    private const int Counts = 8;
    private const int EntryLength = 16;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The package's name; null where there is none.</summary>
    public string? Name => Data(NameTag, out _) is var data && data.IndexOf((byte)0) is > 0 and var end ? Encoding.UTF8.GetString(data[..end]) : null;

    /// <summary>Whether the package has one of these files.</summary>
    /// <param name="paths">Absolute, all of the same name.</param>
    public bool Owns(IReadOnlyList<string> paths)
    {
        var name = Encoding.UTF8.GetBytes(Path.GetFileName(paths[0]));
        var names = Data(BaseNamesTag, out var count);
        // Hardly any header has the name anywhere, and looking for bytes is quick.
        if (names.IndexOf(name) < 0)
            return false;
        var numbers = new List<int>();
        foreach (var path in paths)
            numbers.Add(Number(DirectoryNamesTag, Encoding.UTF8.GetBytes(path[..(path.LastIndexOf('/') + 1)])));
        var indexes = Data(DirectoryIndexesTag, out var known);
        count = Math.Min(count, Math.Min(known, indexes.Length / 4));
        for (var file = 0; file < count && names.IndexOf((byte)0) is >= 0 and var end; file++, names = names[(end + 1)..])
        {
            if (names[..end].SequenceEqual(name) && BinaryPrimitives.ReadInt32BigEndian(indexes[(4 * file)..]) is >= 0 and var directory && numbers.Contains(directory))
                return true;
        }

        return false;
    }

    /// <summary>Which of a tag's texts this is; -1 for none.</summary>
    private int Number(int tag, ReadOnlySpan<byte> text)
    {
        var data = Data(tag, out var count);
        for (var number = 0; number < count && data.IndexOf((byte)0) is >= 0 and var end; number++, data = data[(end + 1)..])
        {
            if (data[..end].SequenceEqual(text))
                return number;
        }

        return -1;
    }

    /// <summary>From a tag's value to the end of all values.</summary>
    private ReadOnlySpan<byte> Data(int tag, out int count)
    {
        count = 0;
        if (_bytes.Length < Counts)
            return default;
        var entries = BinaryPrimitives.ReadInt32BigEndian(_bytes);
        if (entries < 0 || entries > (_bytes.Length - Counts) / EntryLength)
            return default;
        var values = Counts + entries * EntryLength;
        for (var at = Counts; at < values; at += EntryLength)
        {
            var offset = BinaryPrimitives.ReadInt32BigEndian(_bytes[(at + 8)..]);
            if (BinaryPrimitives.ReadInt32BigEndian(_bytes[at..]) != tag || offset < 0 || offset > _bytes.Length - values)
                continue;
            count = BinaryPrimitives.ReadInt32BigEndian(_bytes[(at + 12)..]);
            return _bytes[(values + offset)..];
        }

        return default;
    }
}
