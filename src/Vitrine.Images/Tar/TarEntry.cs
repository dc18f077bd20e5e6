using System.Buffers;
using Vitrine.Linux;

namespace Vitrine.Images.Tar;

/// <summary>What an entry of a tar archive is: the ustar type flag.</summary>
public enum TarType : byte
{
    Regular = (byte)'0',
    HardLink = (byte)'1',
    Symlink = (byte)'2',
    CharacterDevice = (byte)'3',
    BlockDevice = (byte)'4',
    Directory = (byte)'5',
    Fifo = (byte)'6',
}

/// <summary>
/// One entry of a tar archive. Names are bytes exactly as archived. A reader fills the same object for each entry, so what its
/// spans show is valid until the next one.
/// </summary>
public sealed class TarEntry
{
    private readonly ArrayBufferWriter<byte> _path = new(256);
    private readonly ArrayBufferWriter<byte> _linkPath = new(256);
    private readonly ArrayBufferWriter<byte> _xattrBytes = new(256);
    private readonly List<(Range Name, Range Value)> _xattrs = [];

    public TarType Type { get; set; }

    /// <summary>The name as archived: may be absolute, hold "..", or any byte but NUL.</summary>
    public ReadOnlySpan<byte> Path
    {
        get => _path.WrittenSpan;
        set => Replace(_path, value);
    }

    /// <summary>The target of a hard or symbolic link.</summary>
    public ReadOnlySpan<byte> LinkPath
    {
        get => _linkPath.WrittenSpan;
        set => Replace(_linkPath, value);
    }

    /// <summary>Permission bits with setuid, setgid and sticky.</summary>
    public uint Permissions { get; set; }

    public uint Uid { get; set; }

    public uint Gid { get; set; }

    /// <summary>Length of the file in bytes, holes included; 0 for what is no regular file.</summary>
    public long Size { get; set; }

    public FileTime Modified { get; set; }

    public DeviceNumber Device { get; set; }

    public int XattrCount => _xattrs.Count;

    public ReadOnlySpan<byte> XattrName(int index) => _xattrBytes.WrittenSpan[_xattrs[index].Name];

    public ReadOnlySpan<byte> XattrValue(int index) => _xattrBytes.WrittenSpan[_xattrs[index].Value];

    /// <summary>Adds an extended attribute, or gives the one of that name a new value.</summary>
    public void SetXattr(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var start = _xattrBytes.WrittenCount;
        _xattrBytes.Write(name);
        _xattrBytes.Write(value);
        var added = (start..(start + name.Length), (start + name.Length)..(start + name.Length + value.Length));
        var index = 0;
        while (index < _xattrs.Count && !XattrName(index).SequenceEqual(name))
            index++;
        if (index < _xattrs.Count)
            _xattrs[index] = added;
        else
            _xattrs.Add(added);
    }

    /// <summary>Whether an attribute of that name is there.</summary>
    public bool HasXattr(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _xattrs.Count; i++)
        {
            if (XattrName(i).SequenceEqual(name))
                return true;
        }

        return false;
    }

    /// <summary>Makes this an entry that says nothing.</summary>
    public void Clear()
    {
        Type = TarType.Regular;
        _path.ResetWrittenCount();
        _linkPath.ResetWrittenCount();
        _xattrBytes.ResetWrittenCount();
        _xattrs.Clear();
        Permissions = Uid = Gid = 0;
        Size = 0;
        Modified = default;
        Device = default;
    }

    private static void Replace(ArrayBufferWriter<byte> field, ReadOnlySpan<byte> value)
    {
        field.ResetWrittenCount();
        field.Write(value);
    }
}
