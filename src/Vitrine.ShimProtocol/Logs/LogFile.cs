using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.ShimProtocol.Logs;

/// <summary>The file behind a <see cref="LogWriter"/>: appends, and makes room by renaming.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly string _path;
    private readonly long _maxSize;
    private readonly int _maxFiles;
    private SafeFileHandle _file;
    private long _size;
    private bool _torn;

    public LogFile(string path, long maxSize, int maxFiles)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxFiles, 1);
        _path = path;
        _maxSize = maxSize;
        _maxFiles = maxFiles;
        _file = Open();
    }

    public long LostBytes { get; private set; }

    /// <summary>Whether the next entry belongs into a new file.</summary>
    public bool IsFull(int buffered) => _maxSize > 0 && _size + buffered >= _maxSize;

    /// <summary>Appends. Where the disk does not take it, the bytes are counted as lost and the next write starts on a new line.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        try
        {
            if (_torn)
                WriteAll("\n"u8);
            _torn = false;
            WriteAll(bytes);
        }
        catch (LinuxException)
        {
            _torn = true;
            LostBytes += bytes.Length;
        }
    }

    /// <summary>Moves the files up by one, the oldest out, and begins a new one.</summary>
    public void Rotate()
    {
        try
        {
            var last = 0;
            while (last < _maxFiles - 1 && File.Exists(Name(last)))
                last++;
            for (var age = last; age > 0; age--)
                File.Move(Name(age - 1), Name(age), overwrite: true);
            if (_maxFiles == 1)
                File.Delete(_path);
            var next = Open();
            _file.Dispose();
            _file = next;
        }
        catch (Exception e) when (e is LinuxException or IOException or UnauthorizedAccessException)
        {
            // Without room for a new file the log goes on in the old one; the next entry tries again.
        }
    }

    public void Dispose() => _file.Dispose();

    private void WriteAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = Fd.Write(_file, bytes);
            _size += count;
            bytes = bytes[count..];
        }
    }

    private string Name(int age) => age == 0 ? _path : $"{_path}.{age}";

    private SafeFileHandle Open()
    {
        var file = Fd.Open(_path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Append);
        _size = RandomAccess.GetLength(file);
        _torn = _size > 0 && !EndsInNewline(file, _size);
        return file;
    }

    /// <summary>A shim that was killed can leave half an entry: the next one must not be glued to it.</summary>
    private static bool EndsInNewline(SafeFileHandle file, long size)
    {
        Span<byte> last = stackalloc byte[1];
        return RandomAccess.Read(file, last, size - 1) == 1 && last[0] == '\n';
    }
}
