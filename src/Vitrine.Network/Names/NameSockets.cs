using System.Net;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Linux.Netlink;

namespace Vitrine.Network;

/// <summary>
/// The sockets of the name service inside a container's namespace. They have ports of the kernel's choice, and packets to
/// 127.0.0.11:53 are led there: port 53 stays free for a name server that runs in the container.
/// </summary>
public sealed class NameSockets : IDisposable
{
    private const ushort Port = 53;
    private const int Backlog = 16;
    private const string Table = "vitrine-names";

    private static readonly IPAddress s_address = IPAddress.Parse("127.0.0.11");

    private NameSockets(SafeFileHandle datagrams, SafeFileHandle streams) => (Datagrams, Streams) = (datagrams, streams);

    public SafeFileHandle Datagrams { get; }

    public SafeFileHandle Streams { get; }

    /// <summary>Opens them in a namespace.</summary>
    /// <exception cref="LinuxException">The kernel refused something.</exception>
    public static NameSockets Open(SafeFileHandle space) => NetworkNamespace.Enter(space, static () =>
    {
        var datagrams = InetSocket.Bind(InetSocket.Datagram, 0, s_address, 0, out var udpPort);
        try
        {
            var streams = InetSocket.Bind(InetSocket.Stream, 0, s_address, 0, out var tcpPort);
            InetSocket.Listen(streams, Backlog);
            using var nft = new NftSocket();
            nft.RedirectLoopback(Table, s_address.GetAddressBytes(), Port, udpPort, tcpPort);
            return new NameSockets(datagrams, streams);
        }
        catch
        {
            datagrams.Dispose();
            throw;
        }
    });

    public void Dispose()
    {
        Datagrams.Dispose();
        Streams.Dispose();
    }
}
