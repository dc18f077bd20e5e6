using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Shim.Loop;
using Vitrine.Shim.Streams;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.Shim.Control;

/// <summary>One control connection. What it does not take at once is kept for it, in order; one that is gone takes nothing.</summary>
internal sealed class Client : IOutputClient, IDisposable
{
    private const int MessagesAtOnce = 16;

    private readonly ShimChannel _channel;
    private readonly ControlServer _server;
    private readonly Watch _watch;
    private readonly Queue<Packet> _kept = new();
    private bool _deaf;

    public Client(EventLoop loop, SeqpacketSocket socket, ControlServer server)
    {
        _channel = new ShimChannel(socket);
        _server = server;
        _watch = loop.Watch(socket.Handle, EpollEvents.Read, OnReady);
    }

    /// <summary>What it is attached to; null where it is not.</summary>
    public AttachRequest? Attachment { get; set; }

    /// <summary>What it waits for; null where it does not.</summary>
    public WaitCondition? Waiting { get; set; }

    /// <summary>The exec it started that has not ended; null without one.</summary>
    public RunningExec? Exec { get; set; }

    /// <summary>Whether the connection is over.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Whether something is kept because it does not read.</summary>
    public bool IsStalled => _kept.Count > 0;

    public void Output(MessageKind kind, ReadOnlySpan<byte> bytes, ref byte[]? kept)
    {
        if (kind is MessageKind.Stderr ? Attachment?.Stderr != true : Attachment?.Stdout != true)
            return;
        if (!SendNow(kind, bytes, null))
            Keep(new Packet(kind, kept ??= bytes.ToArray(), null));
    }

    public void Send(MessageKind kind, ReadOnlySpan<byte> payload = default, SafeFileHandle? file = null)
    {
        // The other's copy of the descriptor must outlive the caller's.
        if (!SendNow(kind, payload, file))
            Keep(new Packet(kind, payload.ToArray(), file is null ? null : Fd.Duplicate(file)));
    }

    public void Fail(string message, int exitCode) =>
        Send(MessageKind.Failed, ShimCodec.Write(new FailedReply { Message = Shorten(message), ExitCode = exitCode }).Span);

    /// <summary>Its attachment and its wait are over, but for one for the container's removal.</summary>
    public void RunEnded(ReadOnlySpan<byte> reply)
    {
        if (Waiting is not WaitCondition.Removed && (Attachment is not null || Waiting is not null))
        {
            Waiting = null;
            Send(MessageKind.Exited, reply);
        }
        Attachment = null;
    }

    /// <summary>Stops listening to it, or listens again.</summary>
    public void SetDeaf(bool value)
    {
        _deaf = value;
        UpdateWatch();
    }

    public void Dispose()
    {
        IsGone = true;
        Exec?.Abandon();
        _watch.Dispose();
        _channel.Dispose();
        while (_kept.TryDequeue(out var packet))
            packet.File?.Dispose();
    }

    private void OnReady(EpollEvents events)
    {
        try
        {
            if ((events & EpollEvents.Write) != 0)
                SendKept();
            if ((events & ~EpollEvents.Write) != 0)
                Receive();
        }
        catch (LinuxException)
        {
            _server.Drop(this);
        }
    }

    /// <summary>Takes what it has sent.</summary>
    /// <exception cref="LinuxException">The connection is broken.</exception>
    public void Receive()
    {
        // Not for ever: the others want their turn.
        for (var i = 0; i < MessagesAtOnce && !IsGone && !_deaf; i++)
        {
            if (!_channel.Receive(_server.Buffer, wait: false, out var message))
                return;
            try
            {
                _server.Handle(this, message);
            }
            finally
            {
                foreach (var file in message.Files)
                    file.Dispose();
            }
        }
    }

    /// <summary>Sends, or has nobody to send to; false where it has to be kept.</summary>
    private bool SendNow(MessageKind kind, ReadOnlySpan<byte> payload, SafeFileHandle? file) =>
        IsGone || !IsStalled && TrySend(kind, payload, file);

    private void Keep(Packet packet)
    {
        _kept.Enqueue(packet);
        UpdateWatch();
        _server.UpdateBackpressure();
    }

    private void SendKept()
    {
        while (_kept.TryPeek(out var packet) && TrySend(packet.Kind, packet.Payload, packet.File))
        {
            packet.File?.Dispose();
            _kept.TryDequeue(out _);
        }
        UpdateWatch();
        if (!IsStalled)
            _server.UpdateBackpressure();
    }

    private bool TrySend(MessageKind kind, ReadOnlySpan<byte> payload, SafeFileHandle? file)
    {
        try
        {
            return _channel.Send(kind, payload, file is null ? [] : [file], wait: false);
        }
        catch (LinuxException)
        {
            // Whoever called may be in the middle of its list of clients: it is taken out of that later.
            _server.DropLater(this);
            return true;
        }
    }

    private void UpdateWatch()
    {
        if (!IsGone)
            _watch.Events = (_deaf ? EpollEvents.None : EpollEvents.Read) | (IsStalled ? EpollEvents.Write : EpollEvents.None);
    }

    private static string Shorten(string message) => message.Length <= 4096 ? message : message[..4096];

    private readonly record struct Packet(MessageKind Kind, byte[] Payload, SafeFileHandle? File);
}
