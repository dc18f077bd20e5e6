using System.Globalization;
using System.Net;
using Vitrine.Linux;

namespace Vitrine.Network;

/// <summary>An address in use: leases/NETWORK/ADDRESS. One without a living sandbox is nobody's.</summary>
/// <param name="Sandbox">The container's id.</param>
/// <param name="Ip">Its IPv4 address; empty for none.</param>
/// <param name="Ip6">Its IPv6 address; empty for none.</param>
/// <param name="Names">What it is called in the network, its own name first.</param>
public sealed record Lease(string Sandbox, string Ip, string Ip6, IReadOnlyList<string> Names)
{
    public static Lease From(JsonMap json) => new(json.Text("container"), json.Text("ip"), json.Text("ip6"), json.Texts("names"));

    public JsonMap ToJson() => new() { ["container"] = Sandbox, ["ip"] = Ip, ["ip6"] = Ip6, ["names"] = Names };
}

/// <summary>The addresses of a network. Whoever changes them holds the lock of the store.</summary>
public sealed class Leases(NetworkPaths paths, NetworkRecord network)
{
    /// <summary>How far a free address is looked for; more containers than this do not fit on a host.</summary>
    private const int LongestSearch = 1 << 16;

    /// <summary>Takes addresses: the ones asked for, else the ones of the last time, else the lowest free.</summary>
    /// <param name="plan">What is asked for.</param>
    /// <param name="last">The addresses of the last time; empty for none.</param>
    /// <param name="sandbox">For whom.</param>
    /// <param name="names">What it is called.</param>
    /// <exception cref="NetworkException">Conflict: taken, or none is left; Invalid: not of this network.</exception>
    public Lease Take(EndpointPlan plan, (string Ip, string Ip6) last, string sandbox, IReadOnlyList<string> names)
    {
        var used = Used();
        var ip = network.V4 is { } v4 ? Choose(v4, plan.Ip, last.Ip, used).ToString() : "";
        var ip6 = network.V6 is { } v6 ? Choose(v6, plan.Ip6, last.Ip6, used).ToString() : "";
        var lease = new Lease(sandbox, ip, ip6, names);
        Write(lease);
        return lease;
    }

    /// <summary>Writes a lease, new or changed.</summary>
    public void Write(Lease lease)
    {
        var directory = paths.LeasesOf(network.Id);
        Directory.CreateDirectory(directory);
        foreach (var address in (string[])[lease.Ip, lease.Ip6])
        {
            if (address.Length > 0)
                AtomicFile.Write(Path.Join(directory, address), lease.ToJson().ToUtf8(), durable: false);
        }
    }

    public static void Release(NetworkPaths paths, string networkId, params ReadOnlySpan<string> addresses)
    {
        foreach (var address in addresses)
        {
            if (address.Length > 0 && Directory.Exists(paths.LeasesOf(networkId)))
                File.Delete(Path.Join(paths.LeasesOf(networkId), address));
        }
    }

    /// <summary>Every lease of a network, once.</summary>
    public static List<Lease> Of(NetworkPaths paths, string networkId)
    {
        var leases = new List<Lease>();
        if (!Directory.Exists(paths.LeasesOf(networkId)))
            return leases;
        foreach (var file in Directory.GetFiles(paths.LeasesOf(networkId)))
        {
            var name = Path.GetFileName(file);
            if (name[0] != '.' && JsonMap.ReadFile(file) is { } json && Lease.From(json) is var lease && (lease.Ip.Length > 0 ? lease.Ip : lease.Ip6) == name)
                leases.Add(lease);
        }
        return leases;
    }

    private HashSet<string> Used()
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        if (Directory.Exists(paths.LeasesOf(network.Id)))
        {
            foreach (var file in Directory.GetFiles(paths.LeasesOf(network.Id)))
                used.Add(Path.GetFileName(file));
        }
        foreach (var block in network.Blocks)
        {
            if (block.Gateway is { } gateway)
                used.Add(gateway.ToString());
            foreach (var address in block.Auxiliary.Values)
                used.Add(address.ToString());
        }
        return used;
    }

    private static IPAddress Choose(AddressBlock block, string asked, string last, HashSet<string> used)
    {
        if (asked.Length > 0)
            return Asked(block, asked, used);
        if (last.Length > 0 && IPAddress.TryParse(last, out var before) && block.Subnet.Contains(before) && !used.Contains(last))
            return before;
        var range = block.Range ?? block.Subnet;
        for (var i = 0; i < LongestSearch; i++)
        {
            var number = range.Base + (UInt128)i;
            if (number > range.Last)
                break;
            if (!IsHost(block.Subnet, number))
                continue;
            var address = block.Subnet.Address(number);
            if (!used.Contains(address.ToString()))
                return address;
        }
        throw new NetworkException(NetworkFailure.Conflict,
            string.Create(CultureInfo.InvariantCulture, $"no available IPv{(block.Subnet.IsIpv6 ? 6 : 4)} addresses on this network's address pools: {range}"));
    }

    private static IPAddress Asked(AddressBlock block, string asked, HashSet<string> used)
    {
        var address = IPAddress.Parse(asked);
        if (!block.Subnet.Contains(address) || !IsHost(block.Subnet, Subnet.Number(address)))
            throw new NetworkException(NetworkFailure.Invalid, $"no configured subnet contains IP address {asked}: the network has {block.Subnet}");
        return used.Contains(address.ToString())
            ? throw new NetworkException(NetworkFailure.Conflict, $"Address already in use: {asked}")
            : address;
    }

    /// <summary>Neither the network's own address nor that for broadcasts.</summary>
    internal static bool IsHost(Subnet subnet, UInt128 number) =>
        subnet.Width - subnet.Prefix < 2 || (number != subnet.Base && (subnet.IsIpv6 || number != subnet.Last));
}
