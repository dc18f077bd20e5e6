using System.Globalization;
using System.Net;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Network;

/// <summary>
/// The host ports of one container: each is held by a bound socket. So the kernel itself keeps two from having one port, be the
/// other a container or any process, chooses free ones, and lets go of them if the shim is killed. They never listen, but for
/// those of ::1, from where no rule of the firewall leads to a container: what comes there is passed on (<see cref="LoopbackPort"/>).
/// </summary>
internal sealed class PortReservations(NetworkPaths paths) : IDisposable
{
    private const int Backlog = 128;

    private readonly List<SafeFileHandle> _sockets = [];
    private readonly List<LoopbackPort> _loopback = [];
    private bool _taken;

    /// <summary>Whether nothing was taken yet.</summary>
    public bool IsEmpty => !_taken;

    /// <summary>The sockets whose traffic is to be passed on.</summary>
    public IReadOnlyList<LoopbackPort> Loopback => _loopback;

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
        (IPAddress Address, LinuxException Reason)? refusal = null;
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
        throw Refused(plan, refusal!.Value);
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
        _sockets.Clear();
        _loopback.Clear();
    }

    private int TryTake(PortPlan plan, IReadOnlyList<IPAddress> addresses, ushort port, out (IPAddress Address, LinuxException Reason)? refusal)
    {
        var (taken, relayed) = (new List<SafeFileHandle>(), new List<LoopbackPort>());
        refusal = null;
        foreach (var address in WithLoopback(plan, addresses))
        {
            try
            {
                Hold(plan, address, ref port, taken, relayed);
            }
            catch (LinuxException e) when (e.Errno is Errno.EPROTONOSUPPORT && port > 0)
            {
                // A kernel without sctp of its own still translates it; the firewall's map then is all that keeps two apart.
            }
            catch (LinuxException e) when (e.Errno is Errno.EAFNOSUPPORT or Errno.EADDRNOTAVAIL && !addresses.Contains(address))
            {
                // A host without IPv6 has no ::1 from where anybody could come.
            }
            catch (LinuxException e)
            {
                taken.ForEach(static socket => socket.Dispose());
                refusal = (address, e);
                return 0;
            }
        }
        _sockets.AddRange(taken);
        _loopback.AddRange(relayed);
        _taken = true;
        return port;
    }

    /// <summary>A port of all addresses is one of ::1 too, whatever the network has: the container's IPv4 address does as well for what is passed on.</summary>
    private static IEnumerable<IPAddress> WithLoopback(PortPlan plan, IReadOnlyList<IPAddress> addresses) =>
        plan.HostIp.Length == 0 && IsRelayed(plan.Protocol) && !addresses.Contains(IPAddress.IPv6Any) ? [.. addresses, IPAddress.IPv6Loopback] : addresses;

    private static bool IsRelayed(string protocol) => protocol is "tcp" or "udp";

    private static void Hold(PortPlan plan, IPAddress address, ref ushort port, List<SafeFileHandle> taken, List<LoopbackPort> relayed)
    {
        var (kind, protocol) = plan.Protocol switch { "tcp" => (InetSocket.Stream, 0), "udp" => (InetSocket.Datagram, 0), _ => (InetSocket.Stream, InetSocket.Sctp) };
        var isRelayed = IsRelayed(plan.Protocol) && (address.Equals(IPAddress.IPv6Loopback) || address.Equals(IPAddress.IPv6Any));
        var options = BindOptions.None;
        if (isRelayed && address.Equals(IPAddress.IPv6Any))
            options |= BindOptions.LoopbackDevice;
        if (isRelayed && kind == InetSocket.Stream)
            options |= BindOptions.ReuseAddress;
        var socket = InetSocket.Bind(kind, protocol, address, port, out port, options);
        taken.Add(socket);
        if (!isRelayed)
            return;
        // At once: only a socket that listens keeps others away although it may use the address again.
        if (kind == InetSocket.Stream)
            InetSocket.Listen(socket, Backlog);
        relayed.Add(new LoopbackPort(kind == InetSocket.Stream, (ushort)plan.ContainerPort, socket));
    }

    private NetworkException Refused(PortPlan plan, (IPAddress Address, LinuxException Reason) refusal)
    {
        var ports = plan.First == plan.Last ? $"{plan.First}" : string.Create(CultureInfo.InvariantCulture, $"{plan.First}-{plan.Last}");
        var reason = refusal.Reason.Errno switch
        {
            Errno.EADDRINUSE => $"port is already allocated{Owner(plan)}",
            Errno.EADDRNOTAVAIL => "cannot assign requested address: it is not an address of this host",
            _ => refusal.Reason.Message,
        };
        return new NetworkException(NetworkFailure.Conflict,
            $"failed to set up container networking: Bind for {new IPEndPoint(refusal.Address, 0).ToString()[..^2]}:{ports} failed: {reason}");
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

/// <summary>A port of ::1 that is published: who owns the sandbox passes on what comes, to wherever its ports lead at that moment.</summary>
/// <param name="IsStream">Whether it is of tcp, and listens; else of udp.</param>
/// <param name="ContainerPort">The container's port.</param>
/// <param name="Socket">The socket, which the sandbox closes.</param>
public sealed record LoopbackPort(bool IsStream, ushort ContainerPort, SafeFileHandle Socket);
