namespace Vitrine.Network;

/// <summary>
/// network.json in a container's directory: the networks it shall be in. Written by the engine before a start and at each
/// connect and disconnect; the shim makes it true.
/// </summary>
public sealed record NetworkPlan
{
    /// <summary>The container.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, for messages and for the name service.</summary>
    public required string Name { get; init; }
    public string Hostname { get; init; } = "";
    public string Domainname { get; init; } = "";

    /// <summary>The container's /etc/hosts, to which its own addresses are added; empty for none.</summary>
    public string HostsPath { get; init; } = "";
    public required string DataRoot { get; init; }
    public required string ExecRoot { get; init; }

    /// <summary>The container whose network this one lives in, or null.</summary>
    public string? Join { get; init; }

    /// <summary>That one's namespace.</summary>
    public string JoinPath { get; init; } = "";
    public IReadOnlyList<EndpointPlan> Endpoints { get; init; } = [];
    public IReadOnlyList<PortPlan> Ports { get; init; } = [];

    /// <summary>Containers whose addresses are lines of <see cref="HostsPath"/>, as long as the container runs.</summary>
    public IReadOnlyList<HostLink> HostLinks { get; init; } = [];

    /// <summary>Name servers to ask instead of the host's.</summary>
    public IReadOnlyList<string> Dns { get; init; } = [];

    /// <summary>The plan of a file; null where there is none.</summary>
    public static NetworkPlan? Read(string path) => JsonMap.ReadFile(path) is { } json ? From(json) : null;

    public static NetworkPlan From(JsonMap json) => new()
    {
        Id = json.Text("id"),
        Name = json.Text("name"),
        Hostname = json.Text("hostname"),
        Domainname = json.Text("domainname"),
        HostsPath = json.Text("hostsPath"),
        DataRoot = json.Text("dataRoot"),
        ExecRoot = json.Text("execRoot"),
        Join = json.TextOrNull("join"),
        JoinPath = json.Text("joinPath"),
        Endpoints = json.Maps("endpoints").ConvertAll(EndpointPlan.From),
        Ports = json.Maps("ports").ConvertAll(PortPlan.From),
        HostLinks = json.Maps("hostLinks").ConvertAll(HostLink.From),
        Dns = json.Texts("dns"),
    };

    public JsonMap ToJson() => new()
    {
        ["id"] = Id,
        ["name"] = Name,
        ["hostname"] = Hostname,
        ["domainname"] = Domainname,
        ["hostsPath"] = HostsPath,
        ["dataRoot"] = DataRoot,
        ["execRoot"] = ExecRoot,
        ["join"] = Join,
        ["joinPath"] = JoinPath,
        ["endpoints"] = Endpoints.ConvertAll(endpoint => (object?)endpoint.ToJson()),
        ["ports"] = Ports.ConvertAll(port => (object?)port.ToJson()),
        ["hostLinks"] = HostLinks.ConvertAll(link => (object?)link.ToJson()),
        ["dns"] = Dns,
    };
}

/// <summary>Another container and what it is called in /etc/hosts: docker's links of the default network.</summary>
/// <param name="Network">The id of the network that both are in.</param>
/// <param name="Container">The other's id.</param>
/// <param name="Names">The first is the alias.</param>
public sealed record HostLink(string Network, string Container, IReadOnlyList<string> Names)
{
    public static HostLink From(JsonMap json) => new(json.Text("network"), json.Text("container"), json.Texts("names"));

    public JsonMap ToJson() => new() { ["network"] = Network, ["container"] = Container, ["names"] = Names };
}

/// <summary>A place in a network that is wanted; empty texts are left to choice.</summary>
public sealed record EndpointPlan
{
    public required NetworkRecord Network { get; init; }
    public string EndpointId { get; init; } = "";
    public string Ip { get; init; } = "";
    public string Ip6 { get; init; } = "";
    public string Mac { get; init; } = "";

    /// <summary>Names beside the container's own.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Names that only this container knows others by: name to container id.</summary>
    public IReadOnlyDictionary<string, string> Links { get; init; } = new Dictionary<string, string>();

    /// <summary>Which network is the way out: the highest.</summary>
    public int Priority { get; init; }

    public static EndpointPlan From(JsonMap json) => new()
    {
        Network = NetworkRecord.From(json.Map("network") ?? []),
        EndpointId = json.Text("endpointId"),
        Ip = json.Text("ip"),
        Ip6 = json.Text("ip6"),
        Mac = json.Text("mac"),
        Aliases = json.Texts("aliases"),
        Links = json.TextMap("links"),
        Priority = json.Int("priority"),
    };

    public JsonMap ToJson() => new()
    {
        ["network"] = Network.ToJson(),
        ["endpointId"] = EndpointId,
        ["ip"] = Ip,
        ["ip6"] = Ip6,
        ["mac"] = Mac,
        ["aliases"] = Aliases,
        ["links"] = JsonMap.Of(Links),
        ["priority"] = Priority,
    };
}

/// <summary>A port to publish.</summary>
/// <param name="Protocol">tcp, udp or sctp.</param>
/// <param name="ContainerPort">The container's port.</param>
/// <param name="HostIp">The host's address; empty for all.</param>
/// <param name="First">The lowest host port it may be; 0 for any.</param>
/// <param name="Last">The highest.</param>
public sealed record PortPlan(string Protocol, int ContainerPort, string HostIp, int First, int Last)
{
    public static PortPlan From(JsonMap json) =>
        new(json.Text("protocol"), json.Int("containerPort"), json.Text("hostIp"), json.Int("first"), json.Int("last"));

    public JsonMap ToJson() => new()
    {
        ["protocol"] = Protocol,
        ["containerPort"] = ContainerPort,
        ["hostIp"] = HostIp,
        ["first"] = First,
        ["last"] = Last,
    };
}
