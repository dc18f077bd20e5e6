using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Shim.Loop;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Logs;

namespace Vitrine.Shim.Streams;

/// <summary>Takes what the process writes to one of its outputs, until the last writer has closed it.</summary>
internal sealed class OutputPump : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly LogStream _stream;
    private readonly OutputHub _hub;
    private readonly Watch _watch;
    private readonly byte[] _buffer;

    /// <param name="loop">The loop.</param>
    /// <param name="file">A pipe's reading end or a terminal's master; owned by the caller.</param>
    /// <param name="stream">What it is.</param>
    /// <param name="hub">Where the bytes go.</param>
    /// <param name="buffer">Room for a packet's worth, shared by the pumps: nothing stays in it between two reads.</param>
    public OutputPump(EventLoop loop, SafeFileHandle file, LogStream stream, OutputHub hub, byte[] buffer)
    {
        Fd.SetNonBlocking(file);
        _file = file;
        _stream = stream;
        _hub = hub;
        _buffer = buffer;
        _watch = loop.Watch(file, EpollEvents.Read, _ => Pump());
    }

    /// <summary>Whether there will be no more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Stops reading, so that the process has to wait, or goes on.</summary>
    public void SetPaused(bool value)
    {
        if (!HasEnded)
            _watch.Events = value ? EpollEvents.None : EpollEvents.Read;
    }

    /// <summary>Takes what is there now and no more: for a pipe that somebody outside the container holds open.</summary>
    public void Finish()
    {
        while (!HasEnded && ReadOnce() > 0)
        {
        }
        End();
    }

    public void Dispose() => _watch.Dispose();

    private void Pump()
    {
        if (ReadOnce() == 0)
            End();
    }

    private void End()
    {
        if (HasEnded)
            return;
        HasEnded = true;
        _watch.Dispose();
        _hub.Ended(_stream);
    }

    /// <summary>Passes on one read's worth; -1 where nothing is there now, 0 at the end.</summary>
    private int ReadOnce()
    {
        try
        {
            var count = Fd.Read(_file, _buffer.AsSpan(0, ShimChannel.MaxStreamBytes));
            if (count > 0)
                _hub.Output(_stream, _buffer.AsSpan(0, count));
            return count;
        }
        catch (LinuxException)
        {
            // EIO is how a terminal says that nobody has its other side open any more; nothing else would yield more output either.
            return 0;
        }
    }
}
