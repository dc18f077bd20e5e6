using System.Text.Json.Serialization;

namespace Vitrine.Engine.Docker;

public sealed record NetworkingConfig
{
    public IReadOnlyDictionary<string, EndpointSettings>? EndpointsConfig { get; init; }
}

/// <summary>A container's place in a network.</summary>
public sealed record EndpointSettings
{
    [JsonPropertyName("IPAMConfig")]
    public EndpointIpamConfig? IpamConfig { get; init; }
    public IReadOnlyList<string>? Links { get; init; }
    public IReadOnlyList<string>? Aliases { get; init; }
    public string MacAddress { get; set; } = "";
    public IReadOnlyDictionary<string, string>? DriverOpts { get; init; }
    public int GwPriority { get; init; }

    [JsonPropertyName("NetworkID")]
    public string NetworkId { get; set; } = "";

    [JsonPropertyName("EndpointID")]
    public string EndpointId { get; set; } = "";
    public string Gateway { get; set; } = "";

    [JsonPropertyName("IPAddress")]
    public string IpAddress { get; set; } = "";

    [JsonPropertyName("IPPrefixLen")]
    public int IpPrefixLen { get; init; }

    [JsonPropertyName("IPv6Gateway")]
    public string Ipv6Gateway { get; set; } = "";

    [JsonPropertyName("GlobalIPv6Address")]
    public string GlobalIpv6Address { get; set; } = "";

    [JsonPropertyName("GlobalIPv6PrefixLen")]
    public int GlobalIpv6PrefixLen { get; init; }

    [JsonPropertyName("DNSNames")]
    public IReadOnlyList<string>? DnsNames { get; init; }
}

public sealed record EndpointIpamConfig
{
    [JsonPropertyName("IPv4Address")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ipv4Address { get; init; }

    [JsonPropertyName("IPv6Address")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ipv6Address { get; init; }

    [JsonPropertyName("LinkLocalIPs")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? LinkLocalIps { get; init; }
}

/// <summary>The network part of docker inspect, with the fields of the default bridge that old clients read.</summary>
public sealed record NetworkSettings
{
    public string Bridge { get; set; } = "";

    [JsonPropertyName("SandboxID")]
    public string SandboxId { get; set; } = "";
    public string SandboxKey { get; set; } = "";
    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?>? Ports { get; init; }
    public bool HairpinMode { get; init; }

    [JsonPropertyName("LinkLocalIPv6Address")]
    public string LinkLocalIpv6Address { get; set; } = "";

    [JsonPropertyName("LinkLocalIPv6PrefixLen")]
    public int LinkLocalIpv6PrefixLen { get; init; }

    [JsonPropertyName("SecondaryIPAddresses")]
    public IReadOnlyList<NetworkAddress>? SecondaryIpAddresses { get; init; }

    [JsonPropertyName("SecondaryIPv6Addresses")]
    public IReadOnlyList<NetworkAddress>? SecondaryIpv6Addresses { get; init; }

    [JsonPropertyName("EndpointID")]
    public string EndpointId { get; set; } = "";
    public string Gateway { get; set; } = "";

    [JsonPropertyName("GlobalIPv6Address")]
    public string GlobalIpv6Address { get; set; } = "";

    [JsonPropertyName("GlobalIPv6PrefixLen")]
    public int GlobalIpv6PrefixLen { get; init; }

    [JsonPropertyName("IPAddress")]
    public string IpAddress { get; set; } = "";

    [JsonPropertyName("IPPrefixLen")]
    public int IpPrefixLen { get; init; }

    [JsonPropertyName("IPv6Gateway")]
    public string Ipv6Gateway { get; set; } = "";
    public string MacAddress { get; set; } = "";
    public IReadOnlyDictionary<string, EndpointSettings>? Networks { get; init; }
}

public sealed record NetworkAddress
{
    public string Addr { get; set; } = "";
    public int PrefixLen { get; init; }
}

/// <summary>A port as docker ps lists it.</summary>
public sealed record Port
{
    [JsonPropertyName("IP")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ip { get; init; }
    public ushort PrivatePort { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ushort PublicPort { get; init; }
    public required string Type { get; init; }
}
