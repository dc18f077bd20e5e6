using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Shim.Loop;

namespace Vitrine.Shim.Streams;

/// <summary>Feeds the process's stdin, keeping what it has not read yet.</summary>
internal sealed class InputPump : IDisposable
{
    /// <summary>Above so many kept bytes the clients are made to wait.</summary>
    private const int HighWater = 256 << 10;

    private readonly EventLoop _loop;
    private readonly SafeFileHandle _file;
    private readonly Action _drained;
    private readonly Queue<ReadOnlyMemory<byte>> _kept = new();
    private Watch? _watch;
    private int _bytes;
    private bool _closing;
    private bool _closed;

    /// <param name="loop">The loop.</param>
    /// <param name="file">A pipe's writing end or a terminal's master; owned by the caller until it is closed.</param>
    /// <param name="drained">Called when clients need not wait any more.</param>
    public InputPump(EventLoop loop, SafeFileHandle file, Action drained)
    {
        Fd.SetNonBlocking(file);
        _loop = loop;
        _file = file;
        _drained = drained;
    }

    /// <summary>Whether more input had better wait.</summary>
    public bool IsFull => _bytes >= HighWater;

    /// <summary>Passes input on, or keeps it until the process reads. Input for a process that has closed its stdin is dropped.</summary>
    public void Write(ReadOnlySpan<byte> input)
    {
        if (_closed || _closing)
            return;
        if (_kept.Count == 0)
            input = WriteNow(input);
        if (input.IsEmpty)
            return;
        _kept.Enqueue(input.ToArray());
        _bytes += input.Length;
        _watch ??= _loop.Watch(_file, EpollEvents.Write, _ => Drain());
    }

    /// <summary>Ends the process's input once it has read what is kept.</summary>
    public void CloseWhenDrained()
    {
        _closing = true;
        if (_kept.Count == 0)
            Close();
    }

    public void Dispose()
    {
        _closed = true;
        _watch?.Dispose();
        _watch = null;
        _kept.Clear();
        _bytes = 0;
    }

    private void Drain()
    {
        var wasFull = IsFull;
        while (_kept.TryDequeue(out var first))
        {
            var rest = WriteNow(first.Span);
            _bytes -= first.Length - rest.Length;
            if (rest.IsEmpty)
                continue;
            Requeue(rest.ToArray());
            break;
        }
        if (_kept.Count == 0)
        {
            _watch?.Dispose();
            _watch = null;
            if (_closing)
                Close();
        }
        if (wasFull && !IsFull)
            _drained();
    }

    private void Requeue(byte[] rest)
    {
        var behind = _kept.Count;
        _kept.Enqueue(rest);
        for (; behind > 0; behind--)
            _kept.Enqueue(_kept.Dequeue());
    }

    /// <summary>Writes what is taken now and returns the rest.</summary>
    private ReadOnlySpan<byte> WriteNow(ReadOnlySpan<byte> input)
    {
        try
        {
            while (!input.IsEmpty && Fd.Write(_file, input) is var count and >= 0)
                input = input[count..];
            return input;
        }
        catch (LinuxException e) when (e.Errno is Errno.EPIPE or Errno.EIO)
        {
            // The process reads no more.
            _closed = true;
            return [];
        }
    }

    private void Close()
    {
        Dispose();
        _file.Dispose();
    }
}
