using Microsoft.Win32.SafeHandles;

namespace Vitrine.ShimProtocol.Logs;

/// <summary>Lines of a growing file; what has no newline yet is not one.</summary>
internal sealed class LineReader(SafeFileHandle file, long position) : IDisposable
{
    /// <summary>More than the longest entry; a longer line is garbage and passed over.</summary>
    private const int MaxLine = 1 << 20;

    private byte[] _buffer = new byte[64 << 10];
    private long _position = position;
    private int _start;
    private int _end;
    private bool _skipping;

    public SafeFileHandle File => file;

    /// <summary>The next line, without its newline, valid until the next call; false at the end of what is written.</summary>
    public bool Next(out ReadOnlySpan<byte> line)
    {
        var scanned = _start;
        while (true)
        {
            var newline = _buffer.AsSpan(scanned, _end - scanned).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line = _buffer.AsSpan(_start, scanned + newline - _start);
                _start = scanned + newline + 1;
                if (!_skipping)
                    return true;
                _skipping = false;
                scanned = _start;
                continue;
            }
            MakeRoom();
            var count = RandomAccess.Read(file, _buffer.AsSpan(_end), _position);
            if (count == 0)
            {
                line = default;
                return false;
            }
            scanned = _end;
            _position += count;
            _end += count;
        }
    }

    public void Dispose() => file.Dispose();

    /// <summary>Moves the unfinished line to the front, so that there is room behind it.</summary>
    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_end == MaxLine)
        {
            _skipping = true;
            _end = 0;
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, Math.Min(MaxLine, _buffer.Length * 2));
    }
}
