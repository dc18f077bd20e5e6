using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>An address as socket calls take it (struct sockaddr_in, sockaddr_in6): its bytes.</summary>
public struct SocketName
{
    /// <summary>Bytes of the longest.</summary>
    internal const int Size = 28;

    private SocketBytes _bytes;

    internal int Length { readonly get; set; }

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    internal Span<byte> Bytes => _bytes;

    public readonly ushort Port => BinaryPrimitives.ReadUInt16BigEndian(((ReadOnlySpan<byte>)_bytes)[2..]);

    /// <summary>Whether it is the same address and port.</summary>
    public readonly bool IsSame(SocketName other) =>
        Length == other.Length && ((ReadOnlySpan<byte>)_bytes)[..Length].SequenceEqual(((ReadOnlySpan<byte>)other._bytes)[..Length]);

    public static SocketName Of(IPAddress address, ushort port)
    {
        var name = default(SocketName);
        var isV4 = address.AddressFamily is AddressFamily.InterNetwork;
        name.Length = isV4 ? 16 : Size;
        MemoryMarshal.Write(name.Bytes, (ushort)(isV4 ? 2 : 10));
        BinaryPrimitives.WriteUInt16BigEndian(name.Bytes[2..], port);
        address.TryWriteBytes(name.Bytes[(isV4 ? 4 : 8)..], out _);
        if (!isV4)
            MemoryMarshal.Write(name.Bytes[24..], (uint)address.ScopeId);
        return name;
    }

    [System.Runtime.CompilerServices.InlineArray(Size)]
    private struct SocketBytes
    {
        private byte _first;
    }
}

/// <summary>What a socket shall be before it gets its address.</summary>
[Flags]
public enum BindOptions
{
    None = 0,

    /// <summary>SO_REUSEADDR: connections of an earlier listener that the kernel still remembers are no reason to refuse.</summary>
    ReuseAddress = 1,

    /// <summary>SO_BINDTODEVICE lo: takes only what this host sends to itself.</summary>
    LoopbackDevice = 2,
}

/// <summary>Internet sockets for one loop: close-on-exec, never waiting, errors as <see cref="LinuxException"/>.</summary>
public static unsafe partial class InetSocket
{
    /// <summary>SOCK_STREAM and SOCK_DGRAM.</summary>
    public const int Stream = 1;

    /// <inheritdoc cref="Stream"/>
    public const int Datagram = 2;

    /// <summary>IPPROTO_SCTP, the one protocol that its kind of socket does not say.</summary>
    public const int Sctp = 132;

    private const int Flags = 0x800 | 0x80000;
    private const int NoSignal = 0x4000;
    private const int Ipv6Level = 41;
    private const int Ipv6Only = 26;
    private const int SocketLevel = 1;
    private const int ReuseAddress = 2;
    private const int BindToDevice = 25;

    /// <summary>A socket with an address of its own.</summary>
    /// <param name="kind"><see cref="Stream"/> or <see cref="Datagram"/>.</param>
    /// <param name="protocol">0, or <see cref="Sctp"/>.</param>
    /// <param name="address">The address; an IPv6 one is for IPv6 alone.</param>
    /// <param name="port">The port; 0 for any.</param>
    /// <param name="bound">The port it got.</param>
    /// <param name="options">What else it shall be.</param>
    /// <exception cref="LinuxException">EADDRINUSE, EADDRNOTAVAIL, EACCES; EPROTONOSUPPORT where the kernel has no such protocol.</exception>
    public static SafeFileHandle Bind(int kind, int protocol, IPAddress address, ushort port, out ushort bound, BindOptions options = BindOptions.None)
    {
        var socket = Open(kind, protocol, address);
        try
        {
            var one = 1;
            if (address.AddressFamily is AddressFamily.InterNetworkV6)
                Check.Result(SetOption(socket, Ipv6Level, Ipv6Only, &one, sizeof(int)), "setsockopt IPV6_V6ONLY");
            if ((options & BindOptions.ReuseAddress) != 0)
                Check.Result(SetOption(socket, SocketLevel, ReuseAddress, &one, sizeof(int)), "setsockopt SO_REUSEADDR");
            fixed (byte* loopback = "lo"u8)
            {
                if ((options & BindOptions.LoopbackDevice) != 0)
                    Check.Result(SetOption(socket, SocketLevel, BindToDevice, loopback, 2), "setsockopt SO_BINDTODEVICE", "lo");
            }
            var name = SocketName.Of(address, port);
            fixed (byte* start = name.Bytes)
            {
                Check.Result(BindCall(socket, start, name.Length), "bind", $"{new IPEndPoint(address, port)}");
                var length = name.Length;
                Check.Result(GetName(socket, start, &length), "getsockname");
            }
            bound = name.Port;
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A socket that talks to one other; for a stream the connection is made meanwhile.</summary>
    /// <exception cref="LinuxException">There is no way to it.</exception>
    public static SafeFileHandle Connect(int kind, IPAddress address, ushort port)
    {
        var socket = Open(kind, 0, address);
        var name = SocketName.Of(address, port);
        fixed (byte* start = name.Bytes)
        {
            if (ConnectCall(socket, start, name.Length) == 0 || Check.LastErrno is Errno.EINPROGRESS)
                return socket;
        }
        var errno = Check.LastErrno;
        socket.Dispose();
        throw new LinuxException("connect", $"{new IPEndPoint(address, port)}", errno);
    }

    public static void Listen(SafeFileHandle socket, int backlog) => Check.Result(ListenCall(socket, backlog), "listen");

    /// <summary>The next connection; null where none waits, or none can be taken now.</summary>
    public static SafeFileHandle? Accept(SafeFileHandle listener)
    {
        var accepted = AcceptCall(listener, null, null, Flags);
        return accepted >= 0 ? new SafeFileHandle(accepted, ownsHandle: true) : null;
    }

    /// <summary>The next datagram or part of a stream.</summary>
    /// <returns>Its length; 0 also for the end of a stream; -1 where there is nothing now or the other side refuses.</returns>
    public static int Receive(SafeFileHandle socket, Span<byte> buffer, out SocketName from)
    {
        from = default;
        fixed (byte* start = buffer, name = from.Bytes)
        {
            var length = SocketName.Size;
            var count = ReceiveFrom(socket, start, (nuint)buffer.Length, 0, name, &length);
            from.Length = length;
            return (int)count;
        }
    }

    /// <summary>Sends to the one a socket is connected to.</summary>
    /// <returns>How much was taken; -1 where nothing is now, or the other side is gone.</returns>
    public static int Send(SafeFileHandle socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
            return (int)SendTo(socket, start, (nuint)bytes.Length, NoSignal, null, 0);
    }

    /// <inheritdoc cref="Send(SafeFileHandle, ReadOnlySpan{byte})"/>
    public static int Send(SafeFileHandle socket, ReadOnlySpan<byte> bytes, SocketName to)
    {
        fixed (byte* start = bytes, name = to.Bytes)
            return (int)SendTo(socket, start, (nuint)bytes.Length, NoSignal, name, to.Length);
    }

    private static SafeFileHandle Open(int kind, int protocol, IPAddress address)
    {
        var family = address.AddressFamily is AddressFamily.InterNetwork ? 2 : 10;
        return new SafeFileHandle(Check.Result(SocketCall(family, kind | Flags, protocol), "socket"), ownsHandle: true);
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int SocketCall(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(SafeFileHandle socket, int level, int option, void* value, int length);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int BindCall(SafeFileHandle socket, byte* name, int length);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    private static partial int GetName(SafeFileHandle socket, byte* name, int* length);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int ConnectCall(SafeFileHandle socket, byte* name, int length);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    private static partial int ListenCall(SafeFileHandle socket, int backlog);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static partial int AcceptCall(SafeFileHandle socket, byte* name, int* length, int flags);

    [LibraryImport("libc", EntryPoint = "recvfrom", SetLastError = true)]
    private static partial nint ReceiveFrom(SafeFileHandle socket, byte* buffer, nuint length, int flags, byte* name, int* nameLength);

    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    private static partial nint SendTo(SafeFileHandle socket, byte* buffer, nuint length, int flags, byte* name, int nameLength);
}
