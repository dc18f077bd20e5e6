namespace Vitrine.Insight;

/// <summary>What the process's network namespace has.</summary>
public sealed record NetworkSection : Section
{
    public IReadOnlyList<NetworkInterface> Interfaces { get; init; } = [];

    /// <summary>IPv4 addresses of the namespace itself, and IPv6 ones with their prefix length.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The IPv4 default gateway, or null where there is none.</summary>
    public string? DefaultGateway { get; init; }

    public IReadOnlyList<Listener> Listeners { get; init; } = [];

    /// <summary>TCP connections that are established.</summary>
    public int EstablishedConnections { get; init; }
}

public sealed record NetworkInterface
{
    public required string Name { get; init; }
    public required ulong ReceivedBytes { get; init; }
    public required ulong SentBytes { get; init; }
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
