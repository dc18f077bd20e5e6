namespace Vitrine.Network;

/// <summary>state.json of a sandbox: what its shim has set up, for everyone who asks and for whoever has to clean up.</summary>
public sealed record SandboxState
{
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>The shim that serves its names.</summary>
    public int ShimPid { get; init; }
    public IReadOnlyList<EndpointState> Endpoints { get; init; } = [];
    public IReadOnlyList<PortState> Ports { get; init; } = [];

    public static SandboxState? Read(string path) => JsonMap.ReadFile(path) is { } json ? From(json) : null;

    public static SandboxState From(JsonMap json) => new()
    {
        Id = json.Text("id"),
        Name = json.Text("name"),
        ShimPid = json.Int("shimPid"),
        Endpoints = json.Maps("endpoints").ConvertAll(EndpointState.From),
        Ports = json.Maps("ports").ConvertAll(PortState.From),
    };

    public JsonMap ToJson() => new()
    {
        ["id"] = Id,
        ["name"] = Name,
        ["shimPid"] = ShimPid,
        ["endpoints"] = Endpoints.ConvertAll(endpoint => (object?)endpoint.ToJson()),
        ["ports"] = Ports.ConvertAll(port => (object?)port.ToJson()),
    };
}

/// <summary>A container's place in a network, as it is.</summary>
public sealed record EndpointState
{
    public required string NetworkId { get; init; }
    public required string NetworkName { get; init; }
    public string EndpointId { get; init; } = "";

    /// <summary>The interface inside.</summary>
    public string Interface { get; init; } = "";

    /// <summary>The other end on the host; empty for a macvlan.</summary>
    public string HostInterface { get; init; } = "";

    /// <summary>The bridge, or the macvlan's parent.</summary>
    public string Bridge { get; init; } = "";
    public string Mac { get; init; } = "";
    public string Ip { get; init; } = "";
    public int Prefix { get; init; }
    public string Gateway { get; init; } = "";
    public string Ip6 { get; init; } = "";
    public int Prefix6 { get; init; }
    public string Gateway6 { get; init; } = "";

    /// <summary>Whether there is a way out of it.</summary>
    public bool Internal { get; init; }
    public bool HasNames { get; init; }
    public IReadOnlyList<string> Names { get; init; } = [];
    public IReadOnlyDictionary<string, string> Links { get; init; } = new Dictionary<string, string>();
    public int Priority { get; init; }

    public static EndpointState From(JsonMap json) => new()
    {
        NetworkId = json.Text("networkId"),
        NetworkName = json.Text("networkName"),
        EndpointId = json.Text("endpointId"),
        Interface = json.Text("interface"),
        HostInterface = json.Text("hostInterface"),
        Bridge = json.Text("bridge"),
        Mac = json.Text("mac"),
        Ip = json.Text("ip"),
        Prefix = json.Int("prefix"),
        Gateway = json.Text("gateway"),
        Ip6 = json.Text("ip6"),
        Prefix6 = json.Int("prefix6"),
        Gateway6 = json.Text("gateway6"),
        Internal = json.Flag("internal"),
        HasNames = json.Flag("hasNames"),
        Names = json.Texts("names"),
        Links = json.TextMap("links"),
        Priority = json.Int("priority"),
    };

    public JsonMap ToJson() => new()
    {
        ["networkId"] = NetworkId,
        ["networkName"] = NetworkName,
        ["endpointId"] = EndpointId,
        ["interface"] = Interface,
        ["hostInterface"] = HostInterface,
        ["bridge"] = Bridge,
        ["mac"] = Mac,
        ["ip"] = Ip,
        ["prefix"] = Prefix,
        ["gateway"] = Gateway,
        ["ip6"] = Ip6,
        ["prefix6"] = Prefix6,
        ["gateway6"] = Gateway6,
        ["internal"] = Internal,
        ["hasNames"] = HasNames,
        ["names"] = Names,
        ["links"] = JsonMap.Of(Links),
        ["priority"] = Priority,
    };
}

/// <summary>A published port.</summary>
/// <param name="Protocol">tcp, udp or sctp.</param>
/// <param name="ContainerPort">The container's port.</param>
/// <param name="HostIp">The host's address; 0.0.0.0 or :: for all of a family.</param>
/// <param name="HostPort">The host's port.</param>
/// <param name="Target">The container's address it leads to; empty while no network can publish it.</param>
public sealed record PortState(string Protocol, int ContainerPort, string HostIp, int HostPort, string Target)
{
    public static PortState From(JsonMap json) =>
        new(json.Text("protocol"), json.Int("containerPort"), json.Text("hostIp"), json.Int("hostPort"), json.Text("target"));

    public JsonMap ToJson() => new()
    {
        ["protocol"] = Protocol,
        ["containerPort"] = ContainerPort,
        ["hostIp"] = HostIp,
        ["hostPort"] = HostPort,
        ["target"] = Target,
    };
}
