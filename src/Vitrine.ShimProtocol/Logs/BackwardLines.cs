using Microsoft.Win32.SafeHandles;

namespace Vitrine.ShimProtocol.Logs;

/// <summary>The whole lines of a file, last one first.</summary>
internal sealed class BackwardLines
{
    private const int Block = 64 << 10;

    private readonly SafeFileHandle _file;
    private byte[] _window = [];
    private long _windowStart;
    private int _end;

    public BackwardLines(SafeFileHandle file)
    {
        _file = file;
        _windowStart = RandomAccess.GetLength(file);
        while (LastNewline(_end) < 0)
        {
            if (!ReadBlock())
                return;
        }
        // Behind the last newline is an entry that is being written; it is read when it is complete.
        _end = LastNewline(_end) + 1;
    }

    /// <summary>The line before the one last returned.</summary>
    /// <param name="line">Without its newline; valid until the next call.</param>
    /// <param name="end">The file offset behind its newline.</param>
    public bool Previous(out ReadOnlySpan<byte> line, out long end)
    {
        line = default;
        end = _windowStart + _end;
        if (_end == 0 && !ReadBlock())
            return false;
        int before;
        while ((before = LastNewline(_end - 1)) < 0 && ReadBlock())
        {
        }
        line = _window.AsSpan(before + 1, _end - 1 - (before + 1));
        _end = before + 1;
        return true;
    }

    private int LastNewline(int end) => _window.AsSpan(0, end).LastIndexOf((byte)'\n');

    /// <summary>Puts the block before the window in front of it; false at the start of the file.</summary>
    private bool ReadBlock()
    {
        var count = (int)Math.Min(Block, _windowStart);
        if (count == 0)
            return false;
        var window = new byte[count + _end];
        var read = 0;
        while (read < count)
        {
            var part = RandomAccess.Read(_file, window.AsSpan(read, count - read), _windowStart - count + read);
            if (part == 0)
                return false;
            read += part;
        }
        _window.AsSpan(0, _end).CopyTo(window.AsSpan(count));
        _window = window;
        _windowStart -= count;
        _end += count;
        return true;
    }
}
