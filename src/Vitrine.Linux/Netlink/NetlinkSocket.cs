using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux.Netlink;

/// <summary>
/// A netlink socket (netlink(7)). It belongs to the network namespace it was opened in for good, wherever its owner goes:
/// one opened inside a container's namespace configures that namespace from outside.
/// </summary>
public sealed unsafe partial class NetlinkSocket : IDisposable
{
    private const int Domain = 16;
    private const int RawCloseOnExec = 3 | 0x80000;
    private const int DontWait = 0x40;
    private const int Error = 2;
    private const int Done = 3;
    private const int DumpBuffer = 32 << 10;

    private readonly SafeFileHandle _handle;
    private uint _sequence;

    /// <param name="protocol">NETLINK_ROUTE 0, NETLINK_NETFILTER 12.</param>
    /// <exception cref="LinuxException">It cannot be opened.</exception>
    public NetlinkSocket(int protocol)
    {
        _handle = new SafeFileHandle(Check.Result(Socket(Domain, RawCloseOnExec, protocol), "socket AF_NETLINK"), ownsHandle: true);
    }

    /// <summary>Opens a socket that hears what the kernel tells everyone.</summary>
    /// <param name="protocol">As above.</param>
    /// <param name="groups">The multicast groups, a bit for each: group 1 is the lowest.</param>
    /// <exception cref="LinuxException">It cannot be opened; EPERM: the groups are not for everyone.</exception>
    public NetlinkSocket(int protocol, uint groups)
        : this(protocol)
    {
        var name = new SocketAddress { Family = Domain, Groups = groups };
        if (BindCall(_handle, &name, sizeof(SocketAddress)) == -1)
        {
            var errno = Check.LastErrno;
            _handle.Dispose();
            throw new LinuxException("bind AF_NETLINK", null, errno);
        }
    }

    /// <summary>The descriptor, to wait for.</summary>
    public SafeFileHandle Handle => _handle;

    /// <summary>Sees one message of an answer: its payload.</summary>
    public delegate void Visitor(ushort type, ReadOnlySpan<byte> payload);

    /// <summary>A sequence number for the next message.</summary>
    public uint NextSequence() => ++_sequence;

    /// <summary>Sends messages of which each asks for an acknowledgement, and waits for those.</summary>
    /// <param name="messages">One message, or one batch.</param>
    /// <param name="operation">For the error: what it does.</param>
    /// <param name="subject">For the error: to what.</param>
    /// <param name="visit">Sees what is answered beside the acknowledgements, or null.</param>
    /// <exception cref="LinuxException">The kernel refused one; the first refusal.</exception>
    public void Request(ReadOnlySpan<byte> messages, string operation, string? subject, Visitor? visit = null)
    {
        if (TryRequest(messages, operation, subject, visit) is var errno and not 0)
            throw new LinuxException(operation, subject, errno);
    }

    /// <summary>As <see cref="Request"/>, but returns the first refusal; 0 for none.</summary>
    public Errno TryRequest(ReadOnlySpan<byte> messages, string operation, string? subject, Visitor? visit = null)
    {
        Send(messages, operation, subject);
        Errno refusal = 0;
        // The kernel works while it is being sent to: every answer is there now.
        var buffer = new byte[DumpBuffer];
        while (Receive(buffer, DontWait) is > 0 and var length)
        {
            var reader = new NetlinkReader(buffer.AsSpan(0, length));
            while (reader.Next())
            {
                if (reader.Type != Error)
                    visit?.Invoke(reader.Type, reader.Payload);
                else if (refusal == 0 && reader.Payload.Length >= 4)
                    refusal = (Errno)(-MemoryMarshal.Read<int>(reader.Payload));
            }
        }
        return refusal;
    }

    /// <summary>Asks for a list.</summary>
    /// <param name="message">The request, with <see cref="NetlinkFlags.Dump"/>.</param>
    /// <param name="operation">For the error.</param>
    /// <param name="visit">Sees each entry.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Dump(ReadOnlySpan<byte> message, string operation, Visitor visit)
    {
        Send(message, operation, null);
        var buffer = new byte[DumpBuffer];
        while (Receive(buffer, 0) is > 0 and var length)
        {
            var reader = new NetlinkReader(buffer.AsSpan(0, length));
            while (reader.Next())
            {
                if (reader.Type == Done)
                    return;
                if (reader.Type == Error && reader.Payload.Length >= 4 && MemoryMarshal.Read<int>(reader.Payload) is var error and not 0)
                    throw new LinuxException(operation, null, (Errno)(-error));
                if (reader.Type != Error)
                    visit(reader.Type, reader.Payload);
            }
        }
    }

    /// <summary>Reads the messages that are there, without waiting for any.</summary>
    /// <exception cref="LinuxException">ENOBUFS: some were lost.</exception>
    public void Drain(Visitor visit)
    {
        var buffer = new byte[DumpBuffer];
        while (Receive(buffer, DontWait) is > 0 and var length)
        {
            var reader = new NetlinkReader(buffer.AsSpan(0, length));
            while (reader.Next())
                visit(reader.Type, reader.Payload);
        }
    }

    public void Dispose() => _handle.Dispose();

    private void Send(ReadOnlySpan<byte> messages, string operation, string? subject)
    {
        fixed (byte* start = messages)
        {
            while (SendCall(_handle, start, (nuint)messages.Length, 0) == -1)
            {
                if (Check.LastErrno is not Errno.EINTR)
                    throw new LinuxException(operation, subject, Check.LastErrno);
            }
        }
    }

    /// <summary>The length of the next datagram; 0 where there is none.</summary>
    private int Receive(byte[] buffer, int flags)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var length = ReceiveCall(_handle, start, (nuint)buffer.Length, flags);
                if (length >= 0)
                    return (int)length;
                if (Check.LastErrno is Errno.EAGAIN)
                    return 0;
                if (Check.LastErrno is not Errno.EINTR)
                    throw new LinuxException("recv netlink", null, Check.LastErrno);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int BindCall(SafeFileHandle socket, SocketAddress* name, int length);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint SendCall(SafeFileHandle socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint ReceiveCall(SafeFileHandle socket, byte* buffer, nuint length, int flags);

    /// <summary>struct sockaddr_nl.</summary>
    private struct SocketAddress
    {
        public ushort Family;
        public ushort Padding;
        public uint Port;
        public uint Groups;
    }
}
