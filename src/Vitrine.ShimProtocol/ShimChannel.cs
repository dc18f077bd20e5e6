using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.ShimProtocol;

/// <summary>One end of a control connection: packets of a kind byte and a payload, as <see cref="MessageKind"/> describes them.</summary>
public sealed class ShimChannel(SeqpacketSocket socket) : IDisposable
{
    /// <summary>The most bytes of a stream that one packet carries.</summary>
    public const int MaxStreamBytes = 32 << 10;

    /// <summary>The longest packet: anything longer is a broken peer.</summary>
    public const int MaxPacketBytes = MaxStreamBytes + 1;

    /// <summary>The descriptor, for poll and epoll.</summary>
    public SafeFileHandle Handle => socket.Handle;

    /// <summary>Sends a message of raw bytes, or of none.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="payload">At most <see cref="MaxStreamBytes"/>.</param>
    /// <param name="files">Descriptors the other side gets copies of.</param>
    /// <param name="wait">Whether to wait for room; otherwise false is returned where there is none.</param>
    /// <exception cref="LinuxException">EPIPE or ECONNRESET where the other side is gone.</exception>
    public bool Send(MessageKind kind, ReadOnlySpan<byte> payload = default, ReadOnlySpan<SafeFileHandle> files = default, bool wait = true)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MaxStreamBytes);
        var head = (byte)kind;
        return socket.Send(new ReadOnlySpan<byte>(ref head), payload, files, wait);
    }

    /// <summary>Sends a message whose payload is JSON.</summary>
    /// <inheritdoc cref="Send(MessageKind, ReadOnlySpan{byte}, ReadOnlySpan{SafeFileHandle}, bool)"/>
    public bool Send<T>(MessageKind kind, T payload, JsonTypeInfo<T> type, ReadOnlySpan<SafeFileHandle> files = default, bool wait = true) =>
        Send(kind, JsonSerializer.SerializeToUtf8Bytes(payload, type), files, wait);

    /// <summary>Receives a message into <paramref name="buffer"/> (<see cref="MaxPacketBytes"/> long).</summary>
    /// <returns>False where nothing is there and the caller does not wait. The end of the connection is a message of kind Closed.</returns>
    /// <exception cref="LinuxException">The receive failed; EMSGSIZE where the peer sent a packet nobody should.</exception>
    public bool Receive(byte[] buffer, bool wait, out ShimMessage message)
    {
        var packet = socket.Receive(buffer, wait);
        message = packet.Status switch
        {
            ReceiveStatus.Packet => new ShimMessage((MessageKind)buffer[0], buffer.AsMemory(1, packet.Length - 1), packet.Files),
            ReceiveStatus.Closed => new ShimMessage(MessageKind.Closed, default, []),
            ReceiveStatus.TooLong => throw new LinuxException("recvmsg", "control socket", Errno.EMSGSIZE),
            _ => default,
        };
        return packet.Status is not ReceiveStatus.WouldBlock;
    }

    public void Dispose() => socket.Dispose();
}

/// <summary>A received message. The payload is valid until the next receive into the same buffer; the receiver closes the files.</summary>
public readonly record struct ShimMessage(MessageKind Kind, ReadOnlyMemory<byte> Payload, IReadOnlyList<SafeFileHandle> Files)
{
    /// <summary>The payload read as JSON.</summary>
    /// <exception cref="JsonException">It is not what the kind says.</exception>
    public T Read<T>(JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(Payload.Span, type) ?? throw new JsonException($"message {(byte)Kind}: null");
}
