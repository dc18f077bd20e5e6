using System.Net;
using Vitrine.Linux.Netlink;

namespace Vitrine.Network;

/// <summary>Forgets the flows of udp ports whose way has changed: the kernel would send them the old way as long as packets come.</summary>
internal static class TrackedPorts
{
    private const int Udp = 17;

    public static void Forget(IReadOnlyList<PortState> ports)
    {
        var numbers = new HashSet<int>();
        var targets = new HashSet<IPAddress>();
        foreach (var port in ports)
        {
            if (port.Protocol != "udp")
                continue;
            numbers.Add(port.HostPort);
            if (port.Target.Length > 0)
                targets.Add(IPAddress.Parse(port.Target));
        }
        if (numbers.Count == 0)
            return;
        using var conntrack = new ConntrackSocket();
        conntrack.Delete(flow => flow.Protocol == Udp && (numbers.Contains(flow.DestinationPort) || targets.Contains(flow.Answerer)));
    }
}
