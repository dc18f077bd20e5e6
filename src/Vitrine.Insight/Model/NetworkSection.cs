namespace Vitrine.Insight;

/// <summary>What the process's network namespace has.</summary>
public sealed record NetworkSection : Section
{
    public IReadOnlyList<NetworkInterface> Interfaces { get; init; } = [];

    /// <summary>IPv4 addresses of the namespace itself, and IPv6 ones with their prefix length.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The IPv4 default gateway, or null where there is none.</summary>
    public string? DefaultGateway { get; init; }

    /// <summary>Routes of both families that lead to others.</summary>
    public IReadOnlyList<NetworkRoute> Routes { get; init; } = [];

    public IReadOnlyList<Listener> Listeners { get; init; } = [];

    /// <summary>Ports of the host that lead to the container, where Vitrine's table of nftables has them.</summary>
    public IReadOnlyList<PublishedPort> PublishedPorts { get; init; } = [];

    /// <summary>What the container's resolver answers of its own knowledge; only for Vitrine's containers.</summary>
    public IReadOnlyList<NameAnswer> Names { get; init; } = [];

    /// <summary>TCP connections that are established.</summary>
    public int EstablishedConnections { get; init; }
}

public sealed record NetworkInterface
{
    public required string Name { get; init; }
    public required ulong ReceivedBytes { get; init; }
    public required ulong SentBytes { get; init; }

    /// <summary>The other end of the pair, on the host; null where there is none, or it cannot be told.</summary>
    public string? HostInterface { get; init; }

    /// <summary>The bridge that the other end is a port of.</summary>
    public string? Bridge { get; init; }

    /// <summary>The network it belongs to, by the name that Vitrine's engine has for it.</summary>
    public string? Network { get; init; }
}

public sealed record NetworkRoute
{
    /// <summary>ADDRESS/PREFIX, or default.</summary>
    public required string Destination { get; init; }

    /// <summary>Null for a network at the interface itself.</summary>
    public string? Gateway { get; init; }
    public required string Interface { get; init; }
}

/// <summary>A port of the host that packets are sent on from.</summary>
public sealed record PublishedPort
{
    /// <summary>tcp, udp or sctp.</summary>
    public required string Protocol { get; init; }

    /// <summary>The host's address; 0.0.0.0 or :: for all of a family.</summary>
    public required string HostAddress { get; init; }
    public required int HostPort { get; init; }

    /// <summary>The container's address and port.</summary>
    public required string Address { get; init; }
    public required int Port { get; init; }

    /// <summary>The element behind it: family, table, map, and the element as nft(8) prints it.</summary>
    public required string Element { get; init; }
}

/// <summary>A name that the resolver at 127.0.0.11 knows.</summary>
public sealed record NameAnswer
{
    public required string Name { get; init; }
    public required string Network { get; init; }
    public IReadOnlyList<string> Addresses { get; init; } = [];
}

/// <summary>A socket that waits for connections (TCP) or datagrams (UDP).</summary>
public sealed record Listener
{
    /// <summary>tcp, tcp6, udp or udp6.</summary>
    public required string Protocol { get; init; }
    public required string Address { get; init; }
    public required int Port { get; init; }

    /// <summary>The container's process that has it open, where it was found.</summary>
    public int? Pid { get; init; }
    public string? Command { get; init; }
}
