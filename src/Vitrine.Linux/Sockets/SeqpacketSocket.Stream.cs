using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

public sealed unsafe partial class SeqpacketSocket
{
    private const int StreamCloseOnExec = 1 | 0x80000;

    /// <summary>Connects to a listening stream socket, sends one descriptor with some text, and closes: the console sockets of OCI runtimes.</summary>
    /// <exception cref="LinuxException">Nobody listens, or the other side has gone.</exception>
    public static void SendToStream(string path, ReadOnlySpan<byte> text, SafeFileHandle file)
    {
        using var socket = new SeqpacketSocket(
            new SafeFileHandle(Check.Result(SocketCall(UnixDomain, StreamCloseOnExec, 0), "socket"), ownsHandle: true));
        var full = Path.GetFullPath(path);
        socket.WithAddress(Path.GetDirectoryName(full) ?? "/", Path.GetFileName(full), &ConnectCall, "connect");
        socket.Send(text, [], [file], wait: true);
    }
}
