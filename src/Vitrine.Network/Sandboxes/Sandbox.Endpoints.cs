using System.Globalization;
using System.Net;
using Vitrine.Linux;
using Vitrine.Linux.Netlink;

namespace Vitrine.Network;

/// <content>Networks and ports.</content>
public sealed partial class Sandbox
{
    /// <summary>Makes a plan true: joins networks, leaves others, renames, and leads the ports to where they can be reached.</summary>
    /// <exception cref="NetworkException">An address or port is taken, or makes no sense; networks joined in this call were left again.</exception>
    public void Apply(NetworkPlan plan)
    {
        using var mine = new NetworkStore(_paths).Lock();
        using var outside = new RouteSocket();
        using var firewall = new Firewall(_paths);
        if (firewall.Ensure() is { } mended)
            _told.Add($"somebody had changed the firewall: {mended}");
        var before = State.Endpoints;
        try
        {
            foreach (var endpoint in Ordered(plan.Endpoints))
                Join(endpoint, plan, outside, firewall);
            if (_reservations.IsEmpty)
                Reserve(plan, firewall);
        }
        catch
        {
            foreach (var endpoint in State.Endpoints)
            {
                if (before.Find(known => known.NetworkId == endpoint.NetworkId) is null)
                    Leave(endpoint, outside);
            }
            throw;
        }
        foreach (var endpoint in State.Endpoints)
        {
            if (plan.Endpoints.Find(wanted => wanted.Network.Id == endpoint.NetworkId) is null)
                Leave(endpoint, outside);
        }
        _plan = plan;
        State = State with { Name = plan.Name };
        ChooseWayOut(firewall);
        _memory.Save();
        Save();
    }

    /// <summary>The network with the highest priority is the way out; of equal ones, one that leads out, then the first by name.</summary>
    public EndpointState? WayOut
    {
        get
        {
            EndpointState? best = null;
            foreach (var endpoint in State.Endpoints)
            {
                if (endpoint.Internal)
                    continue;
                if (best is null || endpoint.Priority > best.Priority
                    || (endpoint.Priority == best.Priority && string.CompareOrdinal(endpoint.NetworkName, best.NetworkName) < 0))
                    best = endpoint;
            }
            return best;
        }
    }

    /// <summary>Published ports of ::1.</summary>
    public IReadOnlyList<LoopbackPort> LoopbackPorts => _reservations.Loopback;

    /// <summary>The address that published ports lead to now, IPv6 if it has one; null where they lead nowhere.</summary>
    public IPAddress? PortTarget => Publisher switch
    {
        { Ip6.Length: > 0 } publisher => IPAddress.Parse(publisher.Ip6),
        { Ip.Length: > 0 } publisher => IPAddress.Parse(publisher.Ip),
        _ => null,
    };

    private EndpointState? Publisher => WayOut is { HostInterface.Length: > 0 } way ? way : null;

    private static List<EndpointPlan> Ordered(IReadOnlyList<EndpointPlan> endpoints)
    {
        var ordered = new List<EndpointPlan>(endpoints);
        ordered.Sort(static (a, b) => a.Priority != b.Priority ? b.Priority - a.Priority : string.CompareOrdinal(a.Network.Name, b.Network.Name));
        return ordered;
    }

    private void Join(EndpointPlan endpoint, NetworkPlan plan, RouteSocket outside, Firewall firewall)
    {
        var network = endpoint.Network;
        var names = NamesOf(endpoint, plan);
        if (State.Endpoints.Find(known => known.NetworkId == network.Id) is { } known)
        {
            Rename(known, names, endpoint);
            return;
        }
        var bridge = network.IsBridge ? Bridges.Ensure(outside, firewall, network, _told) : Parent(network, outside);
        var leases = new Leases(_paths, network);
        var lease = leases.Take(endpoint, _memory.Addresses(network.Id), State.Id, names);
        _memory.Remember(network.Id, lease);
        var mac = Mac.TryParse(endpoint.Mac, out var asked) ? asked : Mac.Of(IPAddress.Parse(lease.Ip.Length > 0 ? lease.Ip : lease.Ip6));
        var number = FreeNumber();
        var state = Describe(endpoint, lease, Mac.Text(mac), number, names);
        State = State with { Endpoints = [.. State.Endpoints, state] };
        Save();

        if (network.IsBridge)
        {
            CreateVeth(outside, state, bridge, network.Mtu, mac);
            outside.SetPort(state.HostInterface, isolated: !network.ConnectsContainers);
        }
        else
            outside.CreateMacvlan(state.Interface, bridge, MacvlanMode(network), mac, Namespace);
        var link = _inside!.FindLink(state.Interface)!.Index;
        if (lease.Ip.Length > 0)
            _inside.AddAddress(link, IPAddress.Parse(lease.Ip), state.Prefix);
        if (lease.Ip6.Length > 0)
            _inside.AddAddress(link, IPAddress.Parse(lease.Ip6), state.Prefix6);
        else
            _inside.WithoutLinkLocal(link);
        _inside.SetUp(link);
    }

    private void CreateVeth(RouteSocket outside, EndpointState state, int bridge, int mtu, byte[] mac)
    {
        try
        {
            outside.CreateVeth(state.HostInterface, bridge, mtu, state.Interface, mac, Namespace);
        }
        catch (LinuxException e) when (e.Errno is Errno.EEXIST)
        {
            // Of this container's last run, whose namespace the kernel is still taking down.
            outside.DeleteLink(state.HostInterface);
            outside.CreateVeth(state.HostInterface, bridge, mtu, state.Interface, mac, Namespace);
        }
    }

    private void Leave(EndpointState endpoint, RouteSocket outside)
    {
        if (endpoint.HostInterface.Length > 0)
            outside.DeleteLink(endpoint.HostInterface);
        else
            _inside!.DeleteLink(endpoint.Interface);
        Leases.Release(_paths, endpoint.NetworkId, endpoint.Ip, endpoint.Ip6);
        State = State with { Endpoints = State.Endpoints.ConvertAll(static other => other).FindAll(other => other.NetworkId != endpoint.NetworkId) };
    }

    private void Rename(EndpointState known, List<string> names, EndpointPlan endpoint)
    {
        var renamed = known with { Names = names, Links = endpoint.Links, Priority = endpoint.Priority };
        State = State with { Endpoints = State.Endpoints.ConvertAll(other => other.NetworkId == known.NetworkId ? renamed : other) };
        new Leases(_paths, endpoint.Network).Write(new Lease(State.Id, known.Ip, known.Ip6, names));
    }

    private static List<string> NamesOf(EndpointPlan endpoint, NetworkPlan plan)
    {
        var names = new List<string> { plan.Name };
        foreach (var name in (string[])[.. endpoint.Aliases, plan.Id[..12], plan.Hostname])
        {
            if (name.Length > 0 && !names.Contains(name))
                names.Add(name);
        }
        return names;
    }

    private EndpointState Describe(EndpointPlan endpoint, Lease lease, string mac, int number, List<string> names)
    {
        var network = endpoint.Network;
        return new EndpointState
        {
            NetworkId = network.Id,
            NetworkName = network.Name,
            EndpointId = endpoint.EndpointId,
            Interface = string.Create(CultureInfo.InvariantCulture, $"eth{number}"),
            HostInterface = network.IsBridge ? string.Create(CultureInfo.InvariantCulture, $"vt{State.Id[..10]}-{number}") : "",
            Bridge = network.Interface,
            Mac = mac,
            Ip = lease.Ip,
            Prefix = lease.Ip.Length > 0 ? network.V4!.Subnet.Prefix : 0,
            Gateway = Gateway(network, network.V4),
            Ip6 = lease.Ip6,
            Prefix6 = lease.Ip6.Length > 0 ? network.V6!.Subnet.Prefix : 0,
            Gateway6 = Gateway(network, network.V6),
            Internal = network.Internal,
            HasNames = network.HasNames,
            Names = names,
            Links = endpoint.Links,
            Priority = endpoint.Priority,
        };
    }

    private static string Gateway(NetworkRecord network, AddressBlock? block) => network.Internal ? "" : block?.Gateway?.ToString() ?? "";

    private int FreeNumber()
    {
        var number = 0;
        while (State.Endpoints.Find(other => other.Interface == string.Create(CultureInfo.InvariantCulture, $"eth{number}")) is not null)
            number++;
        return number;
    }

    private static int Parent(NetworkRecord network, RouteSocket outside) => outside.FindLink(network.Interface)?.Index
        ?? throw new NetworkException(NetworkFailure.Invalid, $"network {network.Name}: there is no interface {network.Interface} to stand on (parent)");

    private static int MacvlanMode(NetworkRecord network) => network.Options.GetValueOrDefault("macvlan_mode") switch
    {
        "private" => 1,
        "vepa" => 2,
        "passthru" => 8,
        _ => 4,
    };

    private void Reserve(NetworkPlan plan, Firewall firewall)
    {
        var ports = new List<PortState>();
        foreach (var port in plan.Ports)
        {
            IPAddress[] addresses = port.HostIp.Length > 0 ? [IPAddress.Parse(port.HostIp)]
                : WayOut is { Ip6.Length: > 0 } ? [IPAddress.Any, IPAddress.IPv6Any] : [IPAddress.Any];
            var hostPort = _reservations.Take(port, addresses, _memory.Port(port));
            if (port.First == 0 || port.First != port.Last)
                _memory.Remember(port, hostPort);
            foreach (var address in addresses)
                ports.Add(new PortState(port.Protocol, port.ContainerPort, address.ToString(), hostPort, ""));
        }
        State = State with { Ports = ports };
        if (ports.Find(static port => port.HostIp is not ("127.0.0.1" or "::1")) is not null)
            TellOfFirewalls(firewall);
    }

    /// <summary>What a user who has a firewall of his own would not expect.</summary>
    private void TellOfFirewalls(Firewall firewall)
    {
        var (passedBy, inTheWay) = firewall.OtherFirewalls();
        if (inTheWay is [var blocking, ..])
            _told.Add($"the host's firewall (nftables table {blocking}) drops what is forwarded: published ports may be out of reach of other machines");
        else if (passedBy is [var passed, ..])
            _told.Add($"published ports are open to other machines although the host's firewall (nftables table {passed}) lets nothing else in: publish on 127.0.0.1 to keep them here");
    }

    /// <summary>Leads the default route and the ports through the network that is the way out now.</summary>
    private void ChooseWayOut(Firewall firewall)
    {
        var way = WayOut;
        if (way is { Gateway.Length: > 0 } or { Gateway6.Length: > 0 })
        {
            var link = _inside!.FindLink(way.Interface)!.Index;
            if (way.Gateway.Length > 0)
                _inside.SetDefaultGateway(link, IPAddress.Parse(way.Gateway));
            if (way.Gateway6.Length > 0)
                _inside.SetDefaultGateway(link, IPAddress.Parse(way.Gateway6));
        }
        var publisher = Publisher;
        var moved = State.Ports.ConvertAll(port => port with { Target = (port.HostIp.Contains(':') ? publisher?.Ip6 : publisher?.Ip) ?? "" });
        if (SameTargets(moved, State.Ports))
            return;
        firewall.Remove(State.Ports);
        State = State with { Ports = moved };
        Save();
        Publish(firewall);
    }

    private void Publish(Firewall firewall)
    {
        try
        {
            firewall.Add(State.Ports);
        }
        catch (LinuxException e) when (e.Errno is Errno.EEXIST)
        {
            // Of a container whose shim was killed: the sockets say that nobody living has these ports.
            SandboxSweep.Run(_paths);
            try
            {
                firewall.Add(State.Ports);
            }
            catch (LinuxException again) when (again.Errno is Errno.EEXIST)
            {
                throw new NetworkException(NetworkFailure.Conflict, "failed to set up container networking: port is already allocated");
            }
        }
        TrackedPorts.Forget(State.Ports);
    }

    private static bool SameTargets(List<PortState> a, IReadOnlyList<PortState> b)
    {
        for (var i = 0; i < a.Count; i++)
        {
            if (a[i].Target != b[i].Target)
                return false;
        }
        return true;
    }
}
