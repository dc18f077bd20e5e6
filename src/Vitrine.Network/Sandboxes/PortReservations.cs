using System.Globalization;
using System.Net;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Network;

/// <summary>
/// The host ports of one container: each is held by a bound socket that never listens. So the kernel itself keeps two from
/// having one port, be the other a container or any process, chooses free ones, and lets go of them if the shim is killed.
/// </summary>
internal sealed class PortReservations(NetworkPaths paths) : IDisposable
{
    private readonly List<SafeFileHandle> _sockets = [];
    private bool _taken;

    /// <summary>Whether nothing was taken yet.</summary>
    public bool IsEmpty => !_taken;

    /// <summary>Takes a port on all the addresses that are asked for.</summary>
    /// <param name="plan">What is asked for.</param>
    /// <param name="addresses">The host's addresses.</param>
    /// <param name="last">The port of the last time; 0 for none.</param>
    /// <returns>The host port.</returns>
    /// <exception cref="NetworkException">Conflict: taken, and by whom.</exception>
    public int Take(PortPlan plan, IReadOnlyList<IPAddress> addresses, int last)
    {
        if (last > 0 && (plan.First == 0 || (last >= plan.First && last <= plan.Last)) && TryTake(plan, addresses, (ushort)last, out _) is > 0 and var same)
            return same;
        LinuxException? refusal = null;
        if (plan.First == 0)
        {
            // The kernel chooses by the first address; on the others the port may be taken.
            for (var attempt = 0; attempt < 16; attempt++)
            {
                if (TryTake(plan, addresses, 0, out refusal) is > 0 and var chosen)
                    return chosen;
            }
        }
        for (var port = plan.First; port > 0 && port <= plan.Last; port++)
        {
            if (TryTake(plan, addresses, (ushort)port, out refusal) is > 0 and var taken)
                return taken;
        }
        throw Refused(plan, addresses[0], refusal!);
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
        _sockets.Clear();
    }

    private int TryTake(PortPlan plan, IReadOnlyList<IPAddress> addresses, ushort port, out LinuxException? refusal)
    {
        var taken = new List<SafeFileHandle>();
        refusal = null;
        try
        {
            foreach (var address in addresses)
            {
                var (kind, protocol) = plan.Protocol switch { "tcp" => (InetSocket.Stream, 0), "udp" => (InetSocket.Datagram, 0), _ => (InetSocket.Stream, InetSocket.Sctp) };
                taken.Add(InetSocket.Bind(kind, protocol, address, port, out port));
            }
        }
        catch (LinuxException e) when (e.Errno is Errno.EPROTONOSUPPORT && port > 0)
        {
            // A kernel without sctp of its own still translates it; the firewall's map then is all that keeps two apart.
        }
        catch (LinuxException e)
        {
            taken.ForEach(static socket => socket.Dispose());
            refusal = e;
            return 0;
        }
        _sockets.AddRange(taken);
        _taken = true;
        return port;
    }

    private NetworkException Refused(PortPlan plan, IPAddress address, LinuxException refusal)
    {
        var ports = plan.First == plan.Last ? $"{plan.First}" : string.Create(CultureInfo.InvariantCulture, $"{plan.First}-{plan.Last}");
        var reason = refusal.Errno switch
        {
            Errno.EADDRINUSE => $"port is already allocated{Owner(plan)}",
            Errno.EADDRNOTAVAIL => "cannot assign requested address: it is not an address of this host",
            _ => refusal.Message,
        };
        return new NetworkException(NetworkFailure.Conflict,
            $"failed to set up container networking: Bind for {new IPEndPoint(address, 0).ToString()[..^2]}:{ports} failed: {reason}");
    }

    /// <summary>Who has the port, where that can be found out.</summary>
    private string Owner(PortPlan plan)
    {
        foreach (var sandbox in SandboxSweep.Living(paths))
        {
            foreach (var port in sandbox.Ports)
            {
                if (port.Protocol == plan.Protocol && port.HostPort == plan.First)
                    return $" by container \"{sandbox.Name}\" ({sandbox.Id[..12]})";
            }
        }
        return PortOwner.Find(plan.Protocol, plan.First) is var (pid, command) ? $" by process {command} (pid {pid})" : "";
    }
}
