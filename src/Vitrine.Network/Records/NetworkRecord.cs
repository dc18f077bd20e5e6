using System.Net;

namespace Vitrine.Network;

/// <summary>A block of addresses of a network.</summary>
/// <param name="Subnet">The block.</param>
/// <param name="Range">The part of it that containers get addresses from, or null for all.</param>
/// <param name="Gateway">The host's own address in it; null in a network that has none.</param>
/// <param name="Auxiliary">Addresses that are others', by their names.</param>
public sealed record AddressBlock(Subnet Subnet, Subnet? Range, IPAddress? Gateway, IReadOnlyDictionary<string, IPAddress> Auxiliary);

/// <summary>networks/NAME.json: a network, as it was made. It does not change.</summary>
public sealed record NetworkRecord
{
    public const string BridgeDriver = "bridge";
    public const string MacvlanDriver = "macvlan";

    public const string MtuOption = "com.docker.network.driver.mtu";
    public const string MasqueradeOption = "com.docker.network.bridge.enable_ip_masquerade";
    public const string IccOption = "com.docker.network.bridge.enable_icc";

    /// <summary>The network of containers that name none.</summary>
    public const string DefaultName = "bridge";

    public required string Name { get; init; }

    /// <summary>64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>RFC 3339 with nanoseconds.</summary>
    public required string Created { get; init; }

    /// <summary>bridge, macvlan, host or null (docker's name for none).</summary>
    public required string Driver { get; init; }

    /// <summary>No way out of it.</summary>
    public bool Internal { get; init; }
    public bool Ipv6 { get; init; }
    public bool Attachable { get; init; }
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<AddressBlock> Blocks { get; init; } = [];

    /// <summary>The bridge's interface, or a macvlan's parent; empty for others.</summary>
    public string Interface { get; init; } = "";

    public bool IsBridge => Driver == BridgeDriver;

    /// <summary>Host and none: nothing is ever attached to them.</summary>
    public bool IsPredefined => Driver is "host" or "null" || Name == DefaultName;

    /// <summary>Whether containers find each other by name in it: docker does that on networks that a user made.</summary>
    public bool HasNames => Name != DefaultName;

    public AddressBlock? V4 => Block(isIpv6: false);

    public AddressBlock? V6 => Block(isIpv6: true);

    /// <summary>Bytes; 0 for the kernel's default.</summary>
    public int Mtu => int.TryParse(Options.GetValueOrDefault(MtuOption), out var mtu) && mtu is >= 68 and <= 65535 ? mtu : 0;

    /// <summary>Whether its containers speak to the world by the host's address.</summary>
    public bool Masquerades => !Internal && Options.GetValueOrDefault(MasqueradeOption) is null or not ['0' or 'f' or 'F', ..];

    /// <summary>Whether its containers may speak with each other.</summary>
    public bool ConnectsContainers => Options.GetValueOrDefault(IccOption) is null or not ['0' or 'f' or 'F', ..];

    /// <exception cref="NetworkException">A field is missing or makes no sense.</exception>
    public static NetworkRecord From(JsonMap json)
    {
        var blocks = new List<AddressBlock>();
        foreach (var block in json.Maps("blocks"))
            blocks.Add(ReadBlock(block));
        return new NetworkRecord
        {
            Name = json.Text("name"),
            Id = json.Text("id"),
            Created = json.Text("created"),
            Driver = json.Text("driver"),
            Internal = json.Flag("internal"),
            Ipv6 = json.Flag("ipv6"),
            Attachable = json.Flag("attachable"),
            Labels = json.TextMap("labels"),
            Options = json.TextMap("options"),
            Blocks = blocks,
            Interface = json.Text("interface"),
        };
    }

    public JsonMap ToJson() => new()
    {
        ["name"] = Name,
        ["id"] = Id,
        ["created"] = Created,
        ["driver"] = Driver,
        ["internal"] = Internal,
        ["ipv6"] = Ipv6,
        ["attachable"] = Attachable,
        ["labels"] = JsonMap.Of(Labels),
        ["options"] = JsonMap.Of(Options),
        ["blocks"] = Blocks.ConvertAll(WriteBlock),
        ["interface"] = Interface,
    };

    private AddressBlock? Block(bool isIpv6)
    {
        foreach (var block in Blocks)
        {
            if (block.Subnet.IsIpv6 == isIpv6)
                return block;
        }
        return null;
    }

    private static AddressBlock ReadBlock(JsonMap json)
    {
        if (!Subnet.TryParse(json.Text("subnet"), out var subnet, out _))
            throw new NetworkException(NetworkFailure.Damaged, $"a network's file has no subnet, but '{json.Text("subnet")}'");
        var auxiliary = new Dictionary<string, IPAddress>();
        foreach (var (name, text) in json.TextMap("auxiliary"))
        {
            if (IPAddress.TryParse(text, out var address))
                auxiliary[name] = address;
        }
        return new AddressBlock(
            subnet,
            Subnet.TryParse(json.Text("range"), out var range, out _) ? range : null,
            IPAddress.TryParse(json.Text("gateway"), out var gateway) ? gateway : null,
            auxiliary);
    }

    private static object? WriteBlock(AddressBlock block)
    {
        var auxiliary = new JsonMap();
        foreach (var (name, address) in block.Auxiliary)
            auxiliary[name] = address.ToString();
        return new JsonMap
        {
            ["subnet"] = block.Subnet.ToString(),
            ["range"] = block.Range?.ToString(),
            ["gateway"] = block.Gateway?.ToString(),
            ["auxiliary"] = auxiliary,
        };
    }
}
