using System.Buffers.Text;

namespace Vitrine.Images.Tar;

/// <summary>What the records of a pax extended header change in the entry that follows.</summary>
internal readonly struct PaxApplier(TarEntry entry, SparseMap sparse)
{
    /// <summary>Applies all records; <paramref name="stored"/> is the length of the content in the archive.</summary>
    public void Apply(ReadOnlySpan<byte> data, ref long stored, TarReader reader)
    {
        var records = new PaxRecords(data);
        while (records.MoveNext())
        {
            if (!TryApply(records.Key, records.Value, ref stored))
                throw reader.Malformed($"a pax record '{Vitrine.Linux.CString.Display(records.Key)}' with a value it cannot have");
        }

        if (records.IsMalformed)
            throw reader.Malformed("a pax header that is not made of records");
    }

    private bool TryApply(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ref long stored)
    {
        // An empty value takes the record back: what the header said stands.
        if (key.SequenceEqual("path"u8))
            return value.IsEmpty || TrySetPath(value);
        if (key.SequenceEqual("linkpath"u8))
            return value.IsEmpty || TrySetLinkPath(value);
        if (key.SequenceEqual("mtime"u8))
            return value.IsEmpty || TrySetModified(value);
        if (key.SequenceEqual("uid"u8) || key.SequenceEqual("gid"u8))
            return value.IsEmpty || TrySetId(value, isUser: key[0] == 'u');
        if (key.SequenceEqual("size"u8))
            return value.IsEmpty || (PaxRecords.TryNumber(value, out stored) && stored is >= 0 and <= long.MaxValue - 512);
        if (key.StartsWith("SCHILY.xattr."u8))
            return TrySetXattr(key["SCHILY.xattr.".Length..], value);
        if (key.StartsWith("LIBARCHIVE.xattr."u8))
            return TrySetLibarchiveXattr(key["LIBARCHIVE.xattr.".Length..], value);
        return !key.StartsWith("GNU.sparse."u8) || TryApplySparse(key["GNU.sparse.".Length..], value);
    }

    private bool TryApplySparse(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        key.SequenceEqual("name"u8) ? TrySetSparseName(value) : sparse.TryApply(key, value);

    private bool TrySetSparseName(ReadOnlySpan<byte> value)
    {
        sparse.HasName = false;
        return TrySetPath(value) && (sparse.HasName = !value.IsEmpty);
    }

    private bool TrySetPath(ReadOnlySpan<byte> value)
    {
        if (!sparse.HasName)
            entry.Path = value;
        return !value.Contains((byte)0);
    }

    private bool TrySetLinkPath(ReadOnlySpan<byte> value)
    {
        entry.LinkPath = value;
        return !value.Contains((byte)0);
    }

    private bool TrySetModified(ReadOnlySpan<byte> value)
    {
        var valid = PaxRecords.TryTime(value, out var time);
        entry.Modified = time;
        return valid;
    }

    private bool TrySetId(ReadOnlySpan<byte> value, bool isUser)
    {
        if (!PaxRecords.TryNumber(value, out var id) || !TarReader.IsId(id))
            return false;
        if (isUser)
            entry.Uid = (uint)id;
        else
            entry.Gid = (uint)id;
        return true;
    }

    private bool TrySetXattr(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        entry.SetXattr(name, value);
        return !name.IsEmpty;
    }

    /// <summary>libarchive writes the name percent-encoded and the value in base64; it writes the other form too, which wins.</summary>
    private bool TrySetLibarchiveXattr(ReadOnlySpan<byte> encodedName, ReadOnlySpan<byte> encodedValue)
    {
        Span<byte> name = new byte[encodedName.Length];
        var length = 0;
        for (var i = 0; i < encodedName.Length; i++, length++)
        {
            name[length] = encodedName[i];
            if (encodedName[i] != '%' || i + 2 >= encodedName.Length)
                continue;
            if (!Utf8Parser.TryParse(encodedName.Slice(i + 1, 2), out byte octet, out var used, 'x') || used != 2)
                return false;
            name[length] = octet;
            i += 2;
        }

        // libarchive leaves the padding out.
        var padded = new byte[(encodedValue.Length + 3) & ~3];
        padded.AsSpan().Fill((byte)'=');
        encodedValue.CopyTo(padded);
        if (Base64.DecodeFromUtf8InPlace(padded, out var decoded) != System.Buffers.OperationStatus.Done)
            return false;
        if (!entry.HasXattr(name[..length]))
            entry.SetXattr(name[..length], padded.AsSpan(0, decoded));
        return length > 0;
    }
}
