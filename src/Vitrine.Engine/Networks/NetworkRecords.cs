using System.Globalization;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Storage;
using Vitrine.Network;

namespace Vitrine.Engine.Networks;

/// <summary>Networks and containers' places in them, in Docker's records.</summary>
internal sealed class NetworkRecords(NetworkStore store)
{
    /// <summary>The ids of networks by name, where they are asked for again and again.</summary>
    private readonly Dictionary<string, string>? _ids;

    private NetworkRecords(NetworkStore store, Dictionary<string, string> ids)
        : this(store) => _ids = ids;

    /// <summary>The same for one list of many containers, which are mostly in few networks: each network is read once. For one thread.</summary>
    public NetworkRecords ForList() => new(store, new Dictionary<string, string>(StringComparer.Ordinal));

    public NetworkInspect Inspect(NetworkRecord network, bool withContainers)
    {
        var containers = new SortedDictionary<string, NetworkContainer>(StringComparer.Ordinal);
        foreach (var sandbox in withContainers ? SandboxSweep.Living(store.Paths) : [])
        {
            foreach (var endpoint in sandbox.Endpoints.Where(endpoint => endpoint.NetworkId == network.Id))
            {
                containers[sandbox.Id] = new NetworkContainer
                {
                    Name = sandbox.Name,
                    EndpointId = endpoint.EndpointId,
                    MacAddress = endpoint.Mac,
                    Ipv4Address = Cidr(endpoint.Ip, endpoint.Prefix),
                    Ipv6Address = Cidr(endpoint.Ip6, endpoint.Prefix6),
                };
            }
        }
        return new NetworkInspect
        {
            Name = network.Name,
            Id = network.Id,
            Created = network.Created,
            Driver = network.Driver,
            EnableIpv4 = network.V4 is not null || network.Blocks.Count == 0,
            EnableIpv6 = network.Ipv6,
            Ipam = new Ipam
            {
                Options = network.IsPredefined ? null : new Dictionary<string, string>(),
                Config = [.. network.Blocks.Select(block => new IpamConfig
                {
                    Subnet = block.Subnet.ToString(),
                    IpRange = block.Range?.ToString(),
                    Gateway = block.Gateway?.ToString(),
                    AuxiliaryAddresses = block.Auxiliary.Count > 0 ? block.Auxiliary.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()) : null,
                })],
            },
            Internal = network.Internal,
            Attachable = network.Attachable,
            Containers = containers,
            Options = network.Name == NetworkRecord.DefaultName ? DefaultOptions(network) : network.Options,
            Labels = network.Labels,
        };
    }

    /// <summary>What docker says of its default bridge, by which clients find the bridge's name.</summary>
    private static SortedDictionary<string, string> DefaultOptions(NetworkRecord network) => new(StringComparer.Ordinal)
    {
        ["com.docker.network.bridge.default_bridge"] = "true",
        [NetworkRecord.IccOption] = "true",
        [NetworkRecord.MasqueradeOption] = "true",
        ["com.docker.network.bridge.host_binding_ipv4"] = "0.0.0.0",
        ["com.docker.network.bridge.name"] = network.Interface,
        [NetworkRecord.MtuOption] = "1500",
    };

    /// <summary>What is set up for a container that runs; null without a network of its own.</summary>
    public SandboxState? Sandbox(string containerId)
    {
        try
        {
            return SandboxState.Read(store.Paths.SandboxState(containerId));
        }
        catch (NetworkException)
        {
            return null;
        }
    }

    /// <summary>The Networks object of docker inspect: what is, of a container that runs; else what will be.</summary>
    public Dictionary<string, EndpointSettings> Endpoints(ContainerRecord record, SandboxState? sandbox)
    {
        var endpoints = new Dictionary<string, EndpointSettings>(StringComparer.Ordinal);
        if (record.HostConfig.NetworkMode is "none" or "host")
            endpoints[record.HostConfig.NetworkMode] = new EndpointSettings { NetworkId = Id(record.HostConfig.NetworkMode) };
        foreach (var (name, asked) in record.Networking?.EndpointsConfig ?? new Dictionary<string, EndpointSettings>())
            endpoints[name] = Endpoint(asked, sandbox?.Endpoints.FirstOrDefault(endpoint => endpoint.NetworkName == name)) with { NetworkId = Id(name) };
        return endpoints;
    }

    public NetworkSettings Settings(ContainerRecord record, SandboxState? sandbox)
    {
        var endpoints = Endpoints(record, sandbox);
        var old = endpoints.GetValueOrDefault(NetworkRecord.DefaultName);
        return new NetworkSettings
        {
            SandboxId = sandbox is null ? "" : record.Id,
            SandboxKey = sandbox is null ? "" : $"/proc/{sandbox.ShimPid}/ns/net",
            Ports = sandbox is null ? new Dictionary<string, IReadOnlyList<PortBinding>?>() : Ports(record, sandbox),
            EndpointId = old?.EndpointId ?? "",
            Gateway = old?.Gateway ?? "",
            GlobalIpv6Address = old?.GlobalIpv6Address ?? "",
            GlobalIpv6PrefixLen = old?.GlobalIpv6PrefixLen ?? 0,
            IpAddress = old?.IpAddress ?? "",
            IpPrefixLen = old?.IpPrefixLen ?? 0,
            Ipv6Gateway = old?.Ipv6Gateway ?? "",
            MacAddress = old?.MacAddress ?? "",
            Networks = endpoints,
        };
    }

    /// <summary>Published and exposed ports by docker's names; null for one that is only exposed.</summary>
    public static Dictionary<string, IReadOnlyList<PortBinding>?> Ports(ContainerRecord record, SandboxState sandbox)
    {
        var ports = new SortedDictionary<string, IReadOnlyList<PortBinding>?>(StringComparer.Ordinal);
        foreach (var exposed in record.Config.ExposedPorts?.Keys ?? [])
            ports[exposed] = null;
        foreach (var group in sandbox.Ports.Where(port => port.Target.Length > 0).GroupBy(port => $"{port.ContainerPort}/{port.Protocol}"))
            ports[group.Key] = [.. group.Select(port => new PortBinding { HostIp = port.HostIp, HostPort = port.HostPort.ToString(CultureInfo.InvariantCulture) })];
        return new Dictionary<string, IReadOnlyList<PortBinding>?>(ports);
    }

    /// <summary>The ports of docker ps.</summary>
    public static IReadOnlyList<Port> List(ContainerRecord record, SandboxState? sandbox) => sandbox is null ? [] :
    [
        .. Ports(record, sandbox).SelectMany(pair =>
        {
            _ = PortPlans.TryParse(pair.Key, out var inside, out var protocol);
            return (pair.Value ?? [new PortBinding()]).Select(binding => new Port
            {
                Ip = binding.HostIp.Length > 0 ? binding.HostIp : null,
                PrivatePort = (ushort)inside,
                PublicPort = ushort.TryParse(binding.HostPort, out var number) ? number : (ushort)0,
                Type = protocol,
            });
        }).OrderBy(port => port.PrivatePort).ThenBy(port => port.Type, StringComparer.Ordinal),
    ];

    private string Id(string name)
    {
        if (_ids is not null && _ids.TryGetValue(name, out var known))
            return known;
        var id = JsonMap.ReadFile(store.Paths.Network(name))?.Text("id") ?? "";
        _ids?.Add(name, id);
        return id;
    }

    private static EndpointSettings Endpoint(EndpointSettings asked, EndpointState? state) => state is null ? asked : asked with
    {
        MacAddress = state.Mac,
        EndpointId = state.EndpointId,
        Gateway = state.Gateway,
        IpAddress = state.Ip,
        IpPrefixLen = state.Prefix,
        Ipv6Gateway = state.Gateway6,
        GlobalIpv6Address = state.Ip6,
        GlobalIpv6PrefixLen = state.Prefix6,
        DnsNames = state.HasNames ? state.Names : null,
    };

    private static string Cidr(string address, int prefix) => address.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{address}/{prefix}");
}
