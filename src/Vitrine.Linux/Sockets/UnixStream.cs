using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>Stream sockets of the unix domain (unix(7)), without .NET's sockets and their threads.</summary>
public static unsafe partial class UnixStream
{
    private const int UnixDomain = 1;
    private const int StreamCloseOnExec = 1 | 0x80000;
    private const int AddressSize = 110;

    /// <summary>Connects to a listening socket.</summary>
    /// <param name="name">Its path; a name in the abstract space begins with <c>@</c>.</param>
    /// <exception cref="LinuxException">ENOENT where there is none, ECONNREFUSED where nobody listens, ENAMETOOLONG for over 107 bytes.</exception>
    public static SafeFileHandle Connect(string name)
    {
        var address = stackalloc byte[AddressSize];
        new Span<byte>(address, AddressSize).Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(new Span<byte>(address, 2), UnixDomain);
        var bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.Length > AddressSize - 3)
            throw new LinuxException("connect", name, Errno.ENAMETOOLONG);
        bytes.CopyTo(new Span<byte>(address + 2, AddressSize - 2));
        var length = 2 + bytes.Length + 1;
        if (name.StartsWith('@'))
        {
            address[2] = 0;
            length--;
        }

        var socket = new SafeFileHandle(Check.Result(SocketCall(UnixDomain, StreamCloseOnExec, 0), "socket"), ownsHandle: true);
        if (ConnectCall(socket, address, (uint)length) == 0)
            return socket;
        var error = Check.LastErrno;
        socket.Dispose();
        throw new LinuxException("connect", name, error);
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int SocketCall(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int ConnectCall(SafeFileHandle socket, byte* address, uint length);
}
