using System.Runtime.InteropServices;

namespace Vitrine.Linux.Netlink;

/// <content>Other network namespaces, seen from this one without entering them.</content>
public sealed partial class RouteSocket
{
    private const int TargetNamespace = 46;

    /// <summary>
    /// The number that the socket's namespace has for a process's namespace (NETNSA_NSID, ip-netns(8)); null where it has none,
    /// because no interface has ever joined the two.
    /// </summary>
    /// <exception cref="LinuxException">ESRCH: no such process.</exception>
    public int? NamespaceNumber(int pid)
    {
        int? number = null;
        var writer = new NetlinkWriter(stackalloc byte[64]);
        writer.Begin(90, NetlinkFlags.Acknowledge, _socket.NextSequence());
        writer.Put(0u);
        writer.Add(2, pid);
        writer.End();
        _socket.Request(writer.Written, "ask for the network namespace of", $"{pid}", (_, payload) =>
        {
            var found = payload.Length > 4 ? AttributeReader.Find(payload[4..], 1) : [];
            if (found.Length >= 4 && MemoryMarshal.Read<int>(found) is >= 0 and var given)
                number = given;
        });
        return number;
    }

    /// <summary>The interfaces of another namespace.</summary>
    /// <param name="namespaceNumber">As <see cref="NamespaceNumber"/> gives it.</param>
    /// <exception cref="LinuxException">EACCES or EPERM: needs CAP_NET_ADMIN over that namespace.</exception>
    public List<LinkInfo> LinksOf(int namespaceNumber)
    {
        var writer = new NetlinkWriter(stackalloc byte[64]);
        writer.Begin(18, NetlinkFlags.Dump, _socket.NextSequence());
        writer.Put(default(LinkHeader));
        writer.Add(TargetNamespace, namespaceNumber);
        writer.End();
        return ReadLinks(writer.Written, "list interfaces of another namespace");
    }

    private List<LinkInfo> ReadLinks(ReadOnlySpan<byte> request, string operation)
    {
        var links = new List<LinkInfo>();
        _socket.Dump(request, operation, (_, payload) =>
        {
            if (ReadLink(payload) is { } link)
                links.Add(link);
        });
        return links;
    }
}
