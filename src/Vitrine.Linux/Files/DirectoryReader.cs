using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>
/// Reads the names of a directory with getdents64(2): bytes, no allocation per name, "." and ".." left out.
/// The name is valid until the next <see cref="MoveNext"/>.
/// </summary>
public ref partial struct DirectoryReader
{
    private const int BufferSize = 32 * 1024;

    // struct linux_dirent64: d_ino (8), d_off (8), d_reclen (2), d_type (1), d_name.
    private const int LengthOffset = 16;
    private const int TypeOffset = 18;
    private const int NameOffset = 19;

    private readonly SafeFileHandle _directory;
    private readonly byte[] _buffer;
    private int _position;
    private int _end;
    private int _record;
    private int _nameLength;

    /// <summary>Starts at the directory's current position, which a newly opened handle has at the beginning.</summary>
    public DirectoryReader(SafeFileHandle directory)
    {
        _directory = directory;
        _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    }

    /// <summary>The entry's name, without its NUL.</summary>
    public readonly ReadOnlySpan<byte> Name => _buffer.AsSpan(_record + NameOffset, _nameLength);

    /// <summary>The entry's type; <see cref="FileKind.Unknown"/> on file systems that do not store it.</summary>
    public readonly FileKind Kind => (FileKind)(_buffer[_record + TypeOffset] << 12);

    /// <summary>Advances to the next name; false at the end.</summary>
    /// <exception cref="LinuxException">The directory cannot be read.</exception>
    public bool MoveNext()
    {
        while (_position < _end || Fill())
        {
            _record = _position;
            _position += BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(_record + LengthOffset));
            var name = _buffer.AsSpan(_record + NameOffset, _position - _record - NameOffset);
            _nameLength = name.IndexOf((byte)0);
            if (!Name.SequenceEqual("."u8) && !Name.SequenceEqual(".."u8))
                return true;
        }

        return false;
    }

    /// <summary>Gives the buffer back; the directory stays open.</summary>
    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private unsafe bool Fill()
    {
        fixed (byte* start = _buffer)
        {
            var read = GetDents(_directory, start, _buffer.Length);
            // Deleted since it was opened: it has no names any more.
            _end = read == -1 && Check.LastErrno is Errno.ENOENT ? 0 : (int)Check.Result(read, "read directory");
        }

        _position = 0;
        return _end > 0;
    }

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static unsafe partial nint GetDents(SafeFileHandle directory, byte* buffer, nint length);
}
