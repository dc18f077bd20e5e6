using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Vitrine.Tests.Conformance;

/// <summary>A socket to which a runtime sends a descriptor (SCM_RIGHTS), as --console-socket and --pidfd-socket have it.</summary>
internal sealed unsafe partial class DescriptorSocket : IDisposable
{
    private const int CloseOnExec = 0x40000000;
    private readonly Socket _server = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public DescriptorSocket(string path)
    {
        Path = path;
        _server.Bind(new UnixDomainSocketEndPoint(path));
        _server.Listen();
    }

    public string Path { get; }

    /// <summary>What has been sent; the sender need not have waited for it.</summary>
    public SafeFileHandle Receive()
    {
        Assert.True(_server.Poll(TimeSpan.FromSeconds(30), SelectMode.SelectRead), "nobody has sent a descriptor");
        using var connection = _server.Accept();
        Assert.True(connection.Poll(TimeSpan.FromSeconds(30), SelectMode.SelectRead), "nothing was sent");
        var text = stackalloc byte[4096];
        var control = stackalloc nint[3];
        var part = stackalloc nint[2] { (nint)text, 4096 };
        var header = stackalloc nint[7] { 0, 0, (nint)part, 1, (nint)control, 24, 0 };
        Assert.True(ReceiveMessage((int)connection.Handle, header, CloseOnExec) >= 0, "recvmsg failed");
        // A control message with one descriptor has a length of 16 and 4 bytes.
        Assert.Equal(20, control[0]);
        return new SafeFileHandle(*(int*)(control + 2), ownsHandle: true);
    }

    public void Dispose() => _server.Dispose();

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(int socket, nint* message, int flags);
}
