using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Commands.Output;

/// <summary>Text to a file descriptor as UTF-8. System.Console is left out: its set-up of the terminal costs more than most verbs.</summary>
/// <param name="file">Where to write; stays the caller's.</param>
/// <param name="flushEachLine">For people who watch; otherwise text is gathered until <see cref="Flush"/>.</param>
public sealed class DescriptorWriter(SafeFileHandle file, bool flushEachLine) : TextWriter
{
    private const int FlushAt = 16 << 10;

    private readonly StringBuilder _pending = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        _pending.Append(value);
        FlushWhereDue(value == '\n');
    }

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        _pending.Append(buffer);
        FlushWhereDue(buffer.Contains('\n'));
    }

    public override void Write(string? value) => Write(value.AsSpan());

    public override void WriteLine(string? value)
    {
        _pending.Append(value).Append('\n');
        FlushWhereDue(true);
    }

    /// <exception cref="LinuxException">EPIPE: nobody reads any more.</exception>
    public override void Flush()
    {
        if (_pending.Length == 0)
            return;
        var bytes = Encoding.UTF8.GetBytes(_pending.ToString());
        _pending.Clear();
        Fd.WriteAll(file, bytes);
    }

    /// <summary>Writes bytes as they are, after the text before them.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        Flush();
        Fd.WriteAll(file, bytes);
    }

    private void FlushWhereDue(bool lineEnded)
    {
        if ((lineEnded && flushEachLine) || _pending.Length >= FlushAt)
            Flush();
    }
}
