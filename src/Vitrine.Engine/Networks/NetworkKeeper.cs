using Vitrine.Engine.Docker;
using Vitrine.Linux;
using Vitrine.Linux.Netlink;
using Vitrine.Network;

namespace Vitrine.Engine.Networks;

/// <summary>Makes and removes networks. Containers come to and leave them through their shims.</summary>
internal sealed class NetworkKeeper(NetworkStore store, TimeProvider time, Action<string>? note = null)
{
    public NetworkStore Store => store;

    /// <summary>Makes a network: its addresses, its bridge, its elements; last of all its file.</summary>
    public NetworkRecord Create(NetworkCreateRequest request)
    {
        var blocks = NetworkRules.Check(request);
        EnsurePredefined();
        using var mine = store.Lock();
        if (store.Find(request.Name) is { } same && same.Name == request.Name)
            throw new NetworkException(NetworkFailure.Conflict, $"network with name {request.Name} already exists");
        return Make(request, Entropy.NewId(), blocks);
    }

    /// <summary>Removes a network that nobody is in.</summary>
    public NetworkRecord Remove(string name)
    {
        using var mine = store.Lock();
        var network = store.Get(name);
        if (network.IsPredefined)
            throw new NetworkException(NetworkFailure.Forbidden, $"{network.Name} is a pre-defined network and cannot be removed");
        SandboxSweep.Run(store.Paths);
        if (Leases.Of(store.Paths, network.Id).Count > 0)
        {
            var users = SandboxSweep.Living(store.Paths).SelectMany(sandbox => sandbox.Endpoints.Where(endpoint => endpoint.NetworkId == network.Id)
                .Select(endpoint => $"name:\"{sandbox.Name}\" id:\"{endpoint.EndpointId[..Math.Min(12, endpoint.EndpointId.Length)]}\""));
            throw new NetworkException(NetworkFailure.Forbidden,
                $"error while removing network: network {network.Name} has active endpoints ({string.Join(", ", users.Order(StringComparer.Ordinal))})");
        }
        // The file goes first: a bridge without a network is swept with the next repair, a network without a bridge gets one.
        store.Remove(network);
        if (network.IsBridge)
        {
            using var routes = new RouteSocket();
            using var firewall = new Firewall(store.Paths);
            Bridges.Remove(routes, firewall, network);
        }
        return network;
    }

    /// <summary>The networks that are there without being asked for: bridge, host and none.</summary>
    public void EnsurePredefined()
    {
        if (File.Exists(store.Paths.Network("none")))
            return;
        using var mine = store.Lock();
        if (store.Find(NetworkRecord.DefaultName) is null)
            Make(new NetworkCreateRequest { Name = NetworkRecord.DefaultName }, Entropy.NewId(), []);
        foreach (var (name, driver) in new[] { ("host", "host"), ("none", "null") })
        {
            if (!File.Exists(store.Paths.Network(name)))
                store.Add(new NetworkRecord { Name = name, Id = Entropy.NewId(), Created = DockerTime.Format(time.GetUtcNow()), Driver = driver });
        }
    }

    /// <summary>As <see cref="Repair"/>, but only where there is a bridge and somebody has changed the rules or their elements.</summary>
    /// <returns>A line for each thing that was done.</returns>
    public IReadOnlyList<string> RepairFirewall()
    {
        using (var firewall = new Firewall(store.Paths))
        using (var routes = new RouteSocket())
        {
            if (firewall.IsSound() || !store.All().Exists(network => network.IsBridge && routes.FindLink(network.Interface) is not null))
                return [];
        }
        return Repair();
    }

    /// <summary>Puts back what of bridges and rules is missing, and removes what killed shims have left.</summary>
    /// <returns>A line for each thing that was done.</returns>
    public IReadOnlyList<string> Repair()
    {
        EnsurePredefined();
        using var mine = store.Lock();
        using var routes = new RouteSocket();
        using var firewall = new Firewall(store.Paths);
        var told = new List<string>();
        if (SandboxSweep.Run(store.Paths) is > 0 and var removed)
            told.Add($"removed what {removed} killed containers had left");
        var used = SandboxSweep.Living(store.Paths).SelectMany(sandbox => sandbox.Endpoints).Select(endpoint => endpoint.NetworkId).ToHashSet();
        if (firewall.Ensure() is { } mended)
            told.Add(mended);
        foreach (var network in store.All().Where(network => network.IsBridge && (network.Name != NetworkRecord.DefaultName || used.Contains(network.Id))))
        {
            if (routes.FindLink(network.Interface) is null)
                told.Add($"made the bridge {network.Interface} of network {network.Name} anew");
            Bridges.Ensure(routes, firewall, network, told);
        }
        return told;
    }

    private NetworkRecord Make(NetworkCreateRequest request, string id, List<AddressBlock> asked)
    {
        // Whoever else chooses addresses for bridges of this host, with another data root, waits here.
        using var alone = FileLock.AcquireOf("/proc/thread-self/ns/net");
        using var routes = new RouteSocket();
        var isDefault = request.Name == NetworkRecord.DefaultName;
        var driver = request.Driver.Length > 0 ? request.Driver : NetworkRecord.BridgeDriver;
        var options = request.Options ?? new Dictionary<string, string>();
        var network = new NetworkRecord
        {
            Name = request.Name,
            Id = id,
            Created = DockerTime.Format(time.GetUtcNow()),
            Driver = driver,
            Internal = request.Internal,
            Ipv6 = request.EnableIpv6,
            Attachable = request.Attachable,
            Labels = request.Labels ?? new Dictionary<string, string>(),
            Options = options,
            Blocks = Blocks(request, id, driver, asked, routes),
            Interface = driver == NetworkRecord.MacvlanDriver
                ? Parent(options, routes)
                : options.GetValueOrDefault("com.docker.network.bridge.name") ?? (isDefault ? store.Paths.DefaultBridge(id) : $"br-{id[..12]}"),
        };
        if (network.Interface.Length is 0 or > 15 || network.Interface.AsSpan().ContainsAny('/', ' ', '%'))
            throw new NetworkException(NetworkFailure.Invalid, $"invalid interface name \"{network.Interface}\": 1 to 15 characters");
        // That of the default network is made by its first container: whoever only looks changes nothing on the host, and needs no nf_tables.
        if (network.IsBridge && !isDefault)
        {
            using var firewall = new Firewall(store.Paths);
            firewall.Ensure();
            var told = new List<string>();
            Bridges.Ensure(routes, firewall, network, told);
            told.ForEach(line => note?.Invoke(line));
        }
        store.Add(network);
        return network;
    }

    private List<AddressBlock> Blocks(NetworkCreateRequest request, string id, string driver, List<AddressBlock> asked, RouteSocket routes)
    {
        var others = store.All();
        var taken = others.SelectMany(network => network.Blocks).Select(block => block.Subnet).ToList();
        var ofHost = AddressPools.OfHost(routes);
        foreach (var block in asked)
        {
            if (others.Find(network => network.Blocks.Any(other => other.Subnet.Overlaps(block.Subnet))) is { } other)
                throw new NetworkException(NetworkFailure.Conflict, $"invalid pool request: Pool overlaps with other one on this address space: {block.Subnet} is in network {other.Name}");
            // A macvlan's addresses are those of its parent's wire.
            if (driver == NetworkRecord.BridgeDriver && AddressPools.OverlapsAny(block.Subnet, ofHost))
                throw new NetworkException(NetworkFailure.Conflict, $"invalid pool request: {block.Subnet} overlaps with an address or a route of this host");
        }
        var blocks = new List<AddressBlock>(asked);
        if (request.EnableIpv4 != false && !blocks.Exists(block => !block.Subnet.IsIpv6))
            blocks.Insert(0, Whole(AddressPools.ChooseV4([.. taken, .. ofHost])));
        if (request.EnableIpv6 && !blocks.Exists(block => block.Subnet.IsIpv6))
            blocks.Add(Whole(AddressPools.ChooseV6(id)));
        return blocks;
    }

    private static AddressBlock Whole(Subnet subnet) => new(subnet, null, subnet.Address(subnet.Base + 1), new Dictionary<string, System.Net.IPAddress>());

    private static string Parent(IReadOnlyDictionary<string, string> options, RouteSocket routes)
    {
        if (options.GetValueOrDefault("parent") is not { Length: > 0 } parent)
            throw new NetworkException(NetworkFailure.Invalid, "a macvlan network needs the interface it stands on: --opt parent=INTERFACE");
        return routes.FindLink(parent) is not null
            ? parent
            : throw new NetworkException(NetworkFailure.Invalid, $"parent interface {parent} was not found on this host");
    }
}
