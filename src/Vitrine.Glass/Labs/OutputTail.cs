using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Glass.Labs;

/// <summary>Follows a file that a script writes, and tells its lines.</summary>
/// <param name="file">Open for reading.</param>
/// <param name="line">Told each line.</param>
internal sealed class OutputTail(SafeFileHandle file, Action<string>? line)
{
    private const int MostKept = 16 << 10;
    private const int MostTold = 400;
    private const int LongestLine = 4096;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _pending = new();
    private readonly StringBuilder _kept = new();
    private long _offset;
    private int _told;

    /// <summary>All that was said, or the end of it.</summary>
    public string Text => _kept.ToString();

    /// <summary>Reads what is new.</summary>
    public void Take()
    {
        var buffer = new byte[8192];
        var characters = new char[buffer.Length];
        while (RandomAccess.Read(file, buffer, _offset) is > 0 and var count)
        {
            _offset += count;
            Add(characters.AsSpan(0, _decoder.GetChars(buffer, 0, count, characters, 0)));
        }
    }

    /// <summary>Reads the rest; a last line needs no end.</summary>
    public void Finish()
    {
        Take();
        if (_pending.Length > 0)
            Tell();
        if (_told > MostTold)
            line?.Invoke($"... and {_told - MostTold} lines more");
    }

    private void Add(ReadOnlySpan<char> text)
    {
        _kept.Append(text);
        if (_kept.Length > MostKept)
            _kept.Remove(0, _kept.Length - MostKept);
        foreach (var character in text)
        {
            if (character != '\n')
                _pending.Append(character);
            if (character == '\n' || _pending.Length == LongestLine)
                Tell();
        }
    }

    private void Tell()
    {
        if (_told++ < MostTold)
            line?.Invoke(_pending.ToString());
        _pending.Clear();
    }
}
