using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux.Netlink;

public sealed partial class RouteSocket
{
    private const byte PermanentAddress = 0x80; // IFA_F_PERMANENT
    private const byte GlobalScope = 0; // RT_SCOPE_UNIVERSE

    /// <summary>Moves an interface into another network namespace; what it had of addresses and routes is lost.</summary>
    /// <param name="link">Its index.</param>
    /// <param name="target">The namespace.</param>
    /// <param name="name">Its name there; <c>%d</c> in it is a number that the kernel chooses.</param>
    /// <exception cref="LinuxException">EEXIST where the name is taken there, EINVAL where it may not be moved.</exception>
    public void MoveLink(int link, SafeFileHandle target, string name)
    {
        var writer = new NetlinkWriter(stackalloc byte[128]);
        writer.Begin(NewLink, NetlinkFlags.Acknowledge, _socket.NextSequence());
        writer.Put(new LinkHeader { Index = link });
        writer.Add(LinkNamespace, Fd.Number(target));
        writer.Add(LinkName, name);
        writer.End();
        _socket.Request(writer.Written, "move interface to another namespace", name);
    }

    /// <summary>The addresses of an interface that were given to stay, and that are meant for everybody.</summary>
    public List<AddressInfo> LastingAddresses(int link) =>
        Addresses(header => header.Link == link && header.Scope == GlobalScope && (header.Flags & PermanentAddress) != 0);
}
