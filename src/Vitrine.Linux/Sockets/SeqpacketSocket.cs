using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>
/// A SOCK_SEQPACKET unix socket (unix(7)): a connection on which every send is one receive, and file descriptors
/// can travel with it. Never raises SIGPIPE; descriptors that arrive are close-on-exec.
/// </summary>
public sealed unsafe partial class SeqpacketSocket : IDisposable
{
    /// <summary>The most descriptors one packet carries here (the kernel allows 253).</summary>
    public const int MaxFiles = 8;

    private const int UnixDomain = 1;
    private const int SeqPacket = 5;
    private const int SeqPacketCloseOnExec = SeqPacket | 0x80000;
    private const int TypeOption = 3; // SO_TYPE
    private const int NonBlockingCloseOnExec = 0x800 | 0x80000;
    private SeqpacketSocket(SafeFileHandle handle) => Handle = handle;

    /// <summary>The descriptor, for poll, epoll and for passing on.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Takes over a connected socket inherited at start, and makes it close-on-exec; null where the descriptor is no such socket.</summary>
    public static SeqpacketSocket? TryAdopt(SafeFileHandle handle)
    {
        int type, length = sizeof(int);
        if (GetOption(handle, SocketLevel, TypeOption, &type, &length) == -1 || type != SeqPacket)
            return null;
        Fd.SetCloseOnExec(handle);
        return new SeqpacketSocket(handle);
    }

    /// <summary>A second descriptor of a connected socket that was received, to be kept when the received one is closed.</summary>
    /// <exception cref="LinuxException">It is no such socket, or no descriptor is left.</exception>
    public static SeqpacketSocket Duplicate(SafeFileHandle handle) =>
        TryAdopt(Fd.Duplicate(handle)) ?? throw new LinuxException("adopt socket", null, Errno.ENOTSOCK);

    /// <summary>Two connected sockets.</summary>
    /// <exception cref="LinuxException">No descriptor is left.</exception>
    public static (SeqpacketSocket First, SeqpacketSocket Second) Pair()
    {
        var ends = stackalloc int[2];
        Check.Result(SocketPair(UnixDomain, SeqPacketCloseOnExec, 0, ends), "socketpair");
        return (new(new SafeFileHandle(ends[0], ownsHandle: true)), new(new SafeFileHandle(ends[1], ownsHandle: true)));
    }

    /// <summary>Listens at <paramref name="directory"/>/<paramref name="name"/>, which must not exist; only the owner may connect.</summary>
    /// <param name="directory">A directory path of any length: the 108 bytes of sun_path are spent on /proc/self/fd instead.</param>
    /// <param name="name">The socket's name in it.</param>
    /// <exception cref="LinuxException">EADDRINUSE where the name is taken.</exception>
    public static SeqpacketSocket Listen(string directory, string name)
    {
        var socket = Create();
        try
        {
            // The mode of the socket file is the socket's own at bind time, less the umask: no moment in which others could connect.
            Check.Result(Fchmod(socket.Handle, 0x180), "fchmod socket");
            socket.WithAddress(directory, name, &BindCall, "bind");
            Check.Result(ListenCall(socket.Handle, 1024), "listen", name);
            Fd.SetNonBlocking(socket.Handle);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects to the socket <paramref name="name"/> in <paramref name="directory"/>.</summary>
    /// <exception cref="LinuxException">ENOENT where there is none, ECONNREFUSED where nobody listens any more.</exception>
    public static SeqpacketSocket Connect(string directory, string name)
    {
        var socket = Create();
        try
        {
            socket.WithAddress(directory, name, &ConnectCall, "connect");
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The next waiting connection, non-blocking; null where there is none.</summary>
    /// <exception cref="LinuxException">No descriptor is left (EMFILE): the connection stays in the queue.</exception>
    public SeqpacketSocket? Accept()
    {
        while (true)
        {
            var accepted = Accept4(Handle, 0, 0, NonBlockingCloseOnExec);
            if (accepted >= 0)
                return new SeqpacketSocket(new SafeFileHandle(accepted, ownsHandle: true));
            switch (Check.LastErrno)
            {
                case Errno.EAGAIN: return null;
                case Errno.EINTR or Errno.ECONNABORTED: continue;
                default: throw new LinuxException("accept4", null, Check.LastErrno);
            }
        }
    }

    public void Dispose() => Handle.Dispose();

    private static SeqpacketSocket Create() =>
        new(new SafeFileHandle(Check.Result(SocketCall(UnixDomain, SeqPacketCloseOnExec, 0), "socket"), ownsHandle: true));

    private void WithAddress(string directory, string name, delegate*<SafeFileHandle, byte*, uint, int> call, string operation)
    {
        var path = Path.Combine(directory, name);
        using var parent = Fd.Open(directory, OpenFlags.PathOnly | OpenFlags.Directory);
        const int size = 110;
        var address = stackalloc byte[size];
        new Span<byte>(address, size).Clear();
        address[0] = UnixDomain;
        var text = $"/proc/self/fd/{Fd.Number(parent)}/{name}";
        if (!Encoding.UTF8.TryGetBytes(text, new Span<byte>(address + 2, size - 3), out var length))
            throw new LinuxException(operation, path, Errno.ENAMETOOLONG);

        while (call(Handle, address, (uint)(2 + length + 1)) == -1)
        {
            if (Check.LastErrno is not Errno.EINTR)
                throw new LinuxException(operation, path, Check.LastErrno);
        }
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int SocketCall(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static partial int SocketPair(int domain, int type, int protocol, int* ends);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int BindCall(SafeFileHandle socket, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int ConnectCall(SafeFileHandle socket, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetOption(SafeFileHandle socket, int level, int option, int* value, int* length);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    private static partial int ListenCall(SafeFileHandle socket, int backlog);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static partial int Accept4(SafeFileHandle socket, nint address, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int Fchmod(SafeFileHandle file, uint mode);
}
