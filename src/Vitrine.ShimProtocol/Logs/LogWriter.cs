using Vitrine.Linux;

namespace Vitrine.ShimProtocol.Logs;

/// <summary>
/// Writes a process's output in Docker's json-file format: one JSON object a line, <c>{"log","stream","time"}</c>. A line
/// of more than 16 KiB is cut into entries of which only the last ends in a newline. Nothing is allocated for a line.
/// </summary>
/// <remarks>A full disk loses log entries, counted in <see cref="LostBytes"/>, and never stops the container.</remarks>
public sealed class LogWriter : IDisposable
{
    /// <summary>The most bytes of output in one entry.</summary>
    public const int MaxEntryBytes = 16 << 10;

    private const int BufferSize = 32 << 10;

    private readonly LogFile _file;
    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly Pending _stdout = new();
    private readonly Pending _stderr = new();
    private int _buffered;

    /// <summary>Opens the log, behind what it holds already.</summary>
    /// <param name="path">The current file; older ones get .1, .2 ... behind it.</param>
    /// <param name="maxSize">Bytes from which a new file is begun; 0 is never.</param>
    /// <param name="maxFiles">How many files are kept, the current one included; at least 1.</param>
    /// <exception cref="LinuxException">The file cannot be opened.</exception>
    public LogWriter(string path, long maxSize, int maxFiles) => _file = new LogFile(path, maxSize, maxFiles);

    /// <summary>Bytes of log that could not be written.</summary>
    public long LostBytes => _file.LostBytes;

    /// <summary>Adds output as it came from the process; whole lines of it are in the file on return.</summary>
    /// <param name="stream">Where it came from.</param>
    /// <param name="output">Any bytes, cut anywhere.</param>
    /// <param name="time">When it came (<see cref="LogTime"/>).</param>
    public void Write(LogStream stream, ReadOnlySpan<byte> output, long time)
    {
        Span<byte> tail = stackalloc byte[EntryTail.MaxLength];
        tail = tail[..EntryTail.Format(tail, stream, time)];
        var pending = Of(stream);
        while (!output.IsEmpty)
        {
            var newline = output.IndexOf((byte)'\n');
            var end = newline < 0 ? output.Length : newline + 1;
            WritePart(pending, output[..end], newline >= 0, tail);
            output = output[end..];
        }
        Flush();
    }

    /// <summary>The stream has ended: what has no newline behind it is written as it is.</summary>
    public void End(LogStream stream, long time)
    {
        var pending = Of(stream);
        if (pending.Count == 0)
            return;
        Span<byte> tail = stackalloc byte[EntryTail.MaxLength];
        WriteEntry(pending.Take(pending.Count), tail[..EntryTail.Format(tail, stream, time)]);
        pending.Clear();
        Flush();
    }

    public void Dispose() => _file.Dispose();

    private Pending Of(LogStream stream) => stream is LogStream.Stderr ? _stderr : _stdout;

    /// <summary>Output up to a newline, or without one.</summary>
    private void WritePart(Pending pending, ReadOnlySpan<byte> part, bool complete, ReadOnlySpan<byte> tail)
    {
        if (pending.Count == 0 && complete && part.Length <= MaxEntryBytes)
        {
            WriteEntry(part, tail);
            return;
        }
        while (!part.IsEmpty)
        {
            part = pending.Add(part);
            if (part.IsEmpty && complete)
                break;
            if (pending.IsFull)
            {
                var cut = pending.EntryLength;
                WriteEntry(pending.Take(cut), tail);
                pending.Drop(cut);
            }
        }
        if (!complete)
            return;
        WriteEntry(pending.Take(pending.Count), tail);
        pending.Clear();
    }

    private void WriteEntry(ReadOnlySpan<byte> text, ReadOnlySpan<byte> tail)
    {
        if (_file.IsFull(_buffered))
        {
            Flush();
            _file.Rotate();
        }
        Append("{\"log\":\""u8);
        while (!text.IsEmpty)
        {
            if (BufferSize - _buffered < LogText.MaxExpansion)
                Flush();
            _buffered += LogText.Escape(ref text, _buffer.AsSpan(_buffered));
        }
        Append(tail);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (BufferSize - _buffered < bytes.Length)
            Flush();
        bytes.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += bytes.Length;
    }

    private void Flush()
    {
        _file.Write(_buffer.AsSpan(0, _buffered));
        _buffered = 0;
    }
}
