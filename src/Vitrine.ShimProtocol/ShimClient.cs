using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.ShimProtocol;

/// <summary>
/// A control connection to a container's shim. Blocking and made for one thread: requests that are answered wait for
/// their answer and keep what else arrives meanwhile for <see cref="Receive"/>. A caller that has more to watch polls
/// <see cref="Handle"/> and receives with a timeout of 0.
/// </summary>
public sealed partial class ShimClient : IDisposable
{
    /// <summary>The control socket's name in the container's run directory.</summary>
    public const string SocketName = "shim.sock";

    private readonly ShimChannel _channel;
    private readonly byte[] _buffer = new byte[ShimChannel.MaxPacketBytes];
    private readonly Queue<ShimMessage> _kept = new();

    internal ShimClient(ShimChannel channel, SpawnedProcess? shim)
    {
        _channel = channel;
        Shim = shim;
    }

    /// <summary>Readable when a message waits in the kernel. Look at <see cref="HasKept"/> before polling.</summary>
    public SafeFileHandle Handle => _channel.Handle;

    /// <summary>Whether <see cref="Receive"/> has a message at hand that arrived while an answer was waited for.</summary>
    public bool HasKept => _kept.Count > 0;

    /// <summary>The shim, where this client booted it: it is this process's child and must be reaped by whoever lives on.</summary>
    public SpawnedProcess? Shim { get; }

    /// <summary>Takes over a shim that is still running when this client is disposed; null in a process that does not live on.</summary>
    public Action<SpawnedProcess>? Heir { get; set; }

    /// <summary>Connects to a running shim; null where there is none (any more).</summary>
    /// <param name="runDirectory">The container's directory under the exec root.</param>
    /// <exception cref="LinuxException">Not allowed, or out of descriptors.</exception>
    public static ShimClient? TryConnect(string runDirectory)
    {
        try
        {
            return new ShimClient(new ShimChannel(SeqpacketSocket.Connect(runDirectory, SocketName)), null);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ECONNREFUSED or Errno.ENOTDIR)
        {
            return null;
        }
    }

    /// <inheritdoc cref="TryConnect"/>
    /// <exception cref="ShimLostException">There is no shim.</exception>
    public static ShimClient Connect(string runDirectory) =>
        TryConnect(runDirectory) ?? throw new ShimLostException($"no shim answers in {runDirectory}");

    /// <summary>Starts the process the shim was booted for.</summary>
    /// <exception cref="ShimFailedException">It could not be started.</exception>
    /// <exception cref="ShimLostException">The shim was killed meanwhile.</exception>
    public StartedReply Start(CancellationToken cancellation = default)
    {
        try
        {
            Send(MessageKind.Start);
        }
        catch (ShimLostException)
        {
            // It may have said why before it left.
        }
        return ShimCodec.ReadStarted(Await(MessageKind.Started, cancellation).Payload.Span);
    }

    /// <summary>Gets the process's output from now on, and with <see cref="AttachRequest.Stdin"/> the right to write its input.</summary>
    /// <exception cref="ShimLostException">The shim is gone.</exception>
    public void Attach(AttachRequest request) => Send(MessageKind.Attach, ShimCodec.Write(request));

    /// <summary>Writes to the process's stdin, waiting where it does not read.</summary>
    /// <exception cref="ShimLostException">The shim is gone.</exception>
    public void SendStdin(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(bytes.Length, ShimChannel.MaxStreamBytes)];
            Guard(MessageKind.Stdin, part, wait: true);
            bytes = bytes[part.Length..];
        }
    }

    /// <summary>Writes at most <see cref="ShimChannel.MaxStreamBytes"/> to the process's stdin; false where it would have to wait.</summary>
    /// <exception cref="ShimLostException">The shim is gone.</exception>
    public bool TrySendStdin(ReadOnlySpan<byte> bytes) => Guard(MessageKind.Stdin, bytes, wait: false);

    /// <summary>Ends the process's stdin.</summary>
    /// <exception cref="ShimLostException">The shim is gone.</exception>
    public void CloseStdin() => Send(MessageKind.StdinClose);

    /// <summary>Sends a signal to the container's first process.</summary>
    /// <exception cref="ShimFailedException">It is not running, or there is no such signal.</exception>
    /// <exception cref="ShimLostException">The shim is gone.</exception>
    public void Signal(int signal, CancellationToken cancellation = default)
    {
        Send(MessageKind.Signal, ShimCodec.Write(new SignalRequest { Signal = signal }));
        Await(MessageKind.Done, cancellation);
    }

    /// <summary>Sets the size of the process's terminal.</summary>
    /// <exception cref="ShimFailedException">It has none, or is not running.</exception>
    /// <exception cref="ShimLostException">The shim is gone.</exception>
    public void Resize(TerminalSize size, CancellationToken cancellation = default)
    {
        Send(MessageKind.Resize, ShimCodec.Write(size));
        Await(MessageKind.Done, cancellation);
    }

    /// <summary>Has the shim read its plan again.</summary>
    /// <param name="limits">Also set the limits that config.json has now.</param>
    /// <param name="cancellation">Ends the wait for the answer.</param>
    /// <exception cref="ShimFailedException">They are no good, or the kernel refuses a limit; what was before goes on.</exception>
    /// <exception cref="ShimLostException">The shim is gone.</exception>
    public void Reload(bool limits, CancellationToken cancellation = default)
    {
        Send(MessageKind.Reload, ShimCodec.Write(new ReloadRequest { Limits = limits }));
        Await(MessageKind.Done, cancellation);
    }

    /// <summary>Stops every process of the container from running.</summary>
    /// <exception cref="ShimFailedException">It is not running, or paused already.</exception>
    /// <exception cref="ShimLostException">The shim is gone.</exception>
    public void Pause(CancellationToken cancellation = default)
    {
        Send(MessageKind.Pause);
        Await(MessageKind.Done, cancellation);
    }

    /// <summary>Lets the processes of a paused container run again.</summary>
    /// <exception cref="ShimFailedException">It is not paused.</exception>
    /// <exception cref="ShimLostException">The shim is gone.</exception>
    public void Unpause(CancellationToken cancellation = default)
    {
        Send(MessageKind.Unpause);
        Await(MessageKind.Done, cancellation);
    }

    /// <summary>Says that the user leaves, on purpose, what goes on without him; closing the connection alone says nothing.</summary>
    public void Detach()
    {
        try
        {
            Send(MessageKind.Detach);
        }
        catch (ShimLostException)
        {
            // It has ended: there is nothing to leave.
        }
    }

    /// <summary>Asks for an Exited message, to be received later.</summary>
    /// <exception cref="ShimLostException">The shim is gone.</exception>
    public void RequestWait(WaitCondition condition) =>
        Send(MessageKind.Wait, ShimCodec.Write(new WaitRequest { Condition = condition }));

    /// <summary>Waits for the process to end, or for the container's removal.</summary>
    /// <exception cref="ShimLostException">The shim was killed meanwhile.</exception>
    public ExitedReply Wait(WaitCondition condition, CancellationToken cancellation = default)
    {
        RequestWait(condition);
        return AwaitExit(cancellation);
    }

    /// <summary>Asks to stop the container: signal, time to obey, SIGKILL. The answer is an Exited message when all is cleaned up.</summary>
    /// <exception cref="ShimLostException">The shim is gone.</exception>
    public void RequestStop(StopRequest request) => Send(MessageKind.Stop, ShimCodec.Write(request));

    /// <summary>The next Exited message, requested before.</summary>
    /// <exception cref="ShimLostException">The shim was killed meanwhile.</exception>
    public ExitedReply AwaitExit(CancellationToken cancellation = default) =>
        ShimCodec.ReadExited(Await(MessageKind.Exited, cancellation).Payload.Span);

    /// <summary>Closes the connection, which detaches and changes nothing else; before <see cref="Start"/> it makes a booted shim leave.</summary>
    public void Dispose()
    {
        _channel.Dispose();
        if (Heir is { } heir && Shim is { } shim)
            heir(shim);
        else
            Shim?.Dispose();
        Heir = null;
        foreach (var message in _kept)
            CloseFiles(message);
    }

    private void Send(MessageKind kind) => Guard(kind, default, wait: true);

    private void Send(MessageKind kind, ReadOnlyMemory<byte> payload) => Guard(kind, payload.Span, wait: true);

    private bool Guard(MessageKind kind, ReadOnlySpan<byte> payload, bool wait, params ReadOnlySpan<SafeFileHandle> files)
    {
        try
        {
            return _channel.Send(kind, payload, files, wait);
        }
        catch (LinuxException e) when (e.Errno is Errno.EPIPE or Errno.ECONNRESET)
        {
            throw new ShimLostException("the container's shim is gone", e);
        }
    }
}
