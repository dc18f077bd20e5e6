using System.Text.Json.Serialization;

namespace Vitrine.Engine.Docker;

/// <summary>Body of POST /networks/create.</summary>
public sealed record NetworkCreateRequest
{
    public string Name { get; set; } = "";
    public bool CheckDuplicate { get; init; }
    public string Driver { get; set; } = "";
    public string Scope { get; set; } = "";
    public bool Internal { get; init; }
    public bool Attachable { get; init; }
    public bool Ingress { get; init; }
    public bool ConfigOnly { get; init; }

    [JsonPropertyName("IPAM")]
    public Ipam? Ipam { get; init; }

    [JsonPropertyName("EnableIPv4")]
    public bool? EnableIpv4 { get; init; }

    [JsonPropertyName("EnableIPv6")]
    public bool EnableIpv6 { get; init; }
    public IReadOnlyDictionary<string, string>? Options { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

public sealed record NetworkCreateResponse
{
    public required string Id { get; init; }
    public string Warning { get; init; } = "";
}

/// <summary>Where a network's addresses come from.</summary>
public sealed record Ipam
{
    public string Driver { get; set; } = "default";
    public IReadOnlyDictionary<string, string>? Options { get; init; }
    public IReadOnlyList<IpamConfig>? Config { get; init; }
}

public sealed record IpamConfig
{
    public string Subnet { get; set; } = "";

    [JsonPropertyName("IPRange")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IpRange { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Gateway { get; init; }

    [JsonPropertyName("AuxiliaryAddresses")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? AuxiliaryAddresses { get; init; }
}

/// <summary>A network (GET /networks and GET /networks/{id}), in the order docker inspect prints.</summary>
public sealed record NetworkInspect
{
    public required string Name { get; init; }
    public required string Id { get; init; }

    /// <summary>RFC 3339 with nanoseconds.</summary>
    public required string Created { get; init; }
    public string Scope { get; init; } = "local";
    public required string Driver { get; init; }

    [JsonPropertyName("EnableIPv4")]
    public bool EnableIpv4 { get; init; } = true;

    [JsonPropertyName("EnableIPv6")]
    public bool EnableIpv6 { get; init; }

    [JsonPropertyName("IPAM")]
    public required Ipam Ipam { get; init; }
    public bool Internal { get; init; }
    public bool Attachable { get; init; }
    public bool Ingress { get; init; }
    public NetworkConfigReference ConfigFrom { get; init; } = new();
    public bool ConfigOnly { get; init; }

    /// <summary>By container id; only those that run. Empty in a list.</summary>
    public required IReadOnlyDictionary<string, NetworkContainer> Containers { get; init; }
    public required IReadOnlyDictionary<string, string> Options { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

public sealed record NetworkConfigReference
{
    public string Network { get; init; } = "";
}

/// <summary>A running container in a network.</summary>
public sealed record NetworkContainer
{
    public required string Name { get; init; }

    [JsonPropertyName("EndpointID")]
    public required string EndpointId { get; init; }
    public required string MacAddress { get; init; }

    /// <summary>With its prefix; empty for none.</summary>
    [JsonPropertyName("IPv4Address")]
    public required string Ipv4Address { get; init; }

    [JsonPropertyName("IPv6Address")]
    public required string Ipv6Address { get; init; }
}

/// <summary>Body of POST /networks/{id}/connect.</summary>
public sealed record NetworkConnectRequest
{
    public string Container { get; set; } = "";
    public EndpointSettings? EndpointConfig { get; init; }
}

/// <summary>Body of POST /networks/{id}/disconnect.</summary>
public sealed record NetworkDisconnectRequest
{
    public string Container { get; set; } = "";
    public bool Force { get; init; }
}

/// <summary>Answer of POST /networks/prune.</summary>
public sealed record NetworksPruneReport
{
    public required IReadOnlyList<string> NetworksDeleted { get; init; }
}
