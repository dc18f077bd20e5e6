using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>What <see cref="SeqpacketSocket.Receive"/> found.</summary>
public enum ReceiveStatus
{
    /// <summary>A packet.</summary>
    Packet,

    /// <summary>Nothing is there now.</summary>
    WouldBlock,

    /// <summary>The other side has closed.</summary>
    Closed,

    /// <summary>A packet longer than the buffer or with too many descriptors; it is lost.</summary>
    TooLong,
}

/// <summary>A received packet: how much of the buffer it fills, and the descriptors that came along, which the receiver must close.</summary>
public readonly record struct ReceivedPacket(ReceiveStatus Status, int Length, IReadOnlyList<SafeFileHandle> Files);

public sealed unsafe partial class SeqpacketSocket
{
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int CloseOnExecFiles = 0x40000000;
    private const int Truncated = 0x20 | 0x8;
    private const int SocketLevel = 1;
    private const int Rights = 1;
    private const int ControlHeader = 16;
    private const int ControlSize = ControlHeader + MaxFiles * sizeof(int);

    /// <summary>Sends one packet made of two parts, and descriptors with it.</summary>
    /// <param name="head">The packet's first bytes; a packet must not be empty.</param>
    /// <param name="body">Its further bytes.</param>
    /// <param name="files">Descriptors the other side gets copies of.</param>
    /// <param name="wait">Whether to wait for room; otherwise false is returned where there is none.</param>
    /// <exception cref="LinuxException">EPIPE or ECONNRESET where the other side is gone, EMSGSIZE for a packet over the socket's buffer.</exception>
    public bool Send(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, ReadOnlySpan<SafeFileHandle> files, bool wait)
    {
        fixed (byte* headStart = head, bodyStart = body)
        {
            var parts = stackalloc Part[2];
            parts[0] = new Part { Start = headStart, Length = (nuint)head.Length };
            parts[1] = new Part { Start = bodyStart, Length = (nuint)body.Length };
            var control = stackalloc byte[ControlSize];
            var message = new MessageHeader
            {
                Parts = parts,
                PartCount = 2,
                Control = files.IsEmpty ? null : control,
                ControlLength = WriteRights(control, files),
            };
            return SendRetrying(&message, wait ? NoSignal : NoSignal | DontWait);
        }
    }

    /// <inheritdoc cref="Send(ReadOnlySpan{byte}, ReadOnlySpan{byte}, ReadOnlySpan{SafeFileHandle}, bool)"/>
    public bool Send(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, bool wait) => Send(head, body, [], wait);

    /// <summary>Receives one packet.</summary>
    /// <param name="buffer">Room for the longest packet that is accepted.</param>
    /// <param name="wait">Whether to wait for one; otherwise WouldBlock is the answer where there is none.</param>
    /// <exception cref="LinuxException">The call failed; a connection reset by the other side counts as Closed.</exception>
    public ReceivedPacket Receive(Span<byte> buffer, bool wait)
    {
        fixed (byte* start = buffer)
        {
            var part = new Part { Start = start, Length = (nuint)buffer.Length };
            var control = stackalloc byte[ControlSize];
            var message = new MessageHeader { Parts = &part, PartCount = 1, Control = control, ControlLength = ControlSize };
            var length = ReceiveRetrying(&message, CloseOnExecFiles | (wait ? 0 : DontWait));
            if (length < 0)
                return new ReceivedPacket(length == -1 ? ReceiveStatus.WouldBlock : ReceiveStatus.Closed, 0, []);

            var files = ReadRights(&message);
            if ((message.Flags & Truncated) == 0)
                return new ReceivedPacket(length == 0 ? ReceiveStatus.Closed : ReceiveStatus.Packet, length, files);
            foreach (var file in files)
                file.Dispose();
            return new ReceivedPacket(ReceiveStatus.TooLong, 0, []);
        }
    }

    private bool SendRetrying(MessageHeader* message, int flags)
    {
        while (SendMessage(Handle, message, flags) == -1)
        {
            switch (Check.LastErrno)
            {
                case Errno.EINTR: continue;
                case Errno.EAGAIN when (flags & DontWait) != 0: return false;
                case Errno.EAGAIN: Poll.Wait(Handle, PollEvents.Write, -1); continue;
                default: throw new LinuxException("sendmsg", null, Check.LastErrno);
            }
        }
        return true;
    }

    /// <summary>The packet's length, -1 for nothing there, -2 for a connection that was reset.</summary>
    private int ReceiveRetrying(MessageHeader* message, int flags)
    {
        var wasReset = false;
        while (true)
        {
            var length = ReceiveMessage(Handle, message, flags);
            if (length >= 0)
                return (int)length;
            switch (Check.LastErrno)
            {
                case Errno.EINTR: continue;
                case Errno.EAGAIN when (flags & DontWait) != 0: return -1;
                case Errno.EAGAIN: Poll.Wait(Handle, PollEvents.Read, -1); continue;
                // The other side went without reading all it was sent. That is told once, and what it sent itself is still there.
                case Errno.ECONNRESET when !wasReset: wasReset = true; continue;
                case Errno.ECONNRESET: return -2;
                default: throw new LinuxException("recvmsg", null, Check.LastErrno);
            }
        }
    }

    private static nuint WriteRights(byte* control, ReadOnlySpan<SafeFileHandle> files)
    {
        if (files.IsEmpty)
            return 0;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(files.Length, MaxFiles);
        var length = (nuint)(ControlHeader + files.Length * sizeof(int));
        *(nuint*)control = length;
        ((int*)control)[2] = SocketLevel;
        ((int*)control)[3] = Rights;
        for (var i = 0; i < files.Length; i++)
            ((int*)(control + ControlHeader))[i] = Fd.Number(files[i]);
        return (length + 7) & ~(nuint)7;
    }

    private static SafeFileHandle[] ReadRights(MessageHeader* message)
    {
        // Linux gathers all descriptors of a packet in one SCM_RIGHTS block, and no other kind of block was asked for.
        if (message->ControlLength < ControlHeader || ((int*)message->Control)[3] != Rights)
            return [];
        var files = new SafeFileHandle[((int)*(nuint*)message->Control - ControlHeader) / sizeof(int)];
        for (var i = 0; i < files.Length; i++)
            files[i] = new SafeFileHandle(((int*)(message->Control + ControlHeader))[i], ownsHandle: true);
        return files;
    }

    /// <summary>struct iovec.</summary>
    private struct Part
    {
        public byte* Start;
        public nuint Length;
    }

    /// <summary>struct msghdr of 64-bit machines.</summary>
    private struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public Part* Parts;
        public nuint PartCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(SafeFileHandle socket, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(SafeFileHandle socket, MessageHeader* message, int flags);
}
