using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Vitrine.Linux;

/// <summary>SO_PEERCRED (unix(7)).</summary>
public static class PeerCredentials
{
    private const int SocketLevel = 1;
    private const int PeerCredentialsOption = 17;

    /// <summary>Process and user of the other end; null where the socket does not tell.</summary>
    public static (int Pid, int Uid)? Of(Socket socket)
    {
        // struct ucred: pid, uid, gid.
        Span<int> credentials = stackalloc int[3];
        try
        {
            return socket.GetRawSocketOption(SocketLevel, PeerCredentialsOption, MemoryMarshal.AsBytes(credentials)) == 12 ? (credentials[0], credentials[1]) : null;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }
}
