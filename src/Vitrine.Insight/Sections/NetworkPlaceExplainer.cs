using System.Globalization;
using Vitrine.Insight.Networks;
using Vitrine.Insight.Stores;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Sections;

/// <summary>How the container's network is joined to the host's: pairs of interfaces, published ports, names.</summary>
internal static class NetworkPlaceExplainer
{
    /// <summary>Completes the section of a namespace that is not the host's.</summary>
    public static NetworkSection Complete(ExplainContext context, NetworkSection section, SectionNotes notes)
    {
        var pairs = notes.Read("pairs", "netlink: RTM_GETLINK", () => context.Options.NetworkPairs(context.Pid)) ?? [];
        var published = section.Addresses.Count == 0 ? [] : notes.Read("published", "nft list table inet vitrine", context.Options.PublishedPorts) ?? [];
        var (endpoints, names) = Names(context, section, notes);
        if (pairs.Count > 0)
        {
            notes.Fact("pairs", string.Join(", ", pairs.Select(pair => $"{pair.Inside.Name} = {pair.Outside.Name}")), "netlink: RTM_GETLINK",
                "What goes into one comes out of the other: tcpdump -i on the host's end sees all of the container's traffic.");
        }

        return section with
        {
            Interfaces = [.. section.Interfaces.Select(device => Joined(device, pairs, endpoints))],
            PublishedPorts = [.. Own(published, section), .. context.Hints.Ports.Select(port => port.Address.Length > 0 ? port : port with { Address = Address(section, port) })],
            Names = names,
        };
    }

    /// <summary>Those published ports that lead to the namespace's addresses.</summary>
    public static IReadOnlyList<PublishedPort> Own(IReadOnlyList<PublishedPort> published, NetworkSection section) =>
        [.. published.Where(port => section.Addresses.Contains(port.Address) || section.Addresses.Any(own => IsPrefixed(own, port.Address)))];

    /// <summary>The container's address of a port's family, where the engine's record does not have it.</summary>
    private static string Address(NetworkSection section, PublishedPort port) =>
        section.Addresses.FirstOrDefault(own => own.Contains(':', StringComparison.Ordinal) == port.HostAddress.Contains(':', StringComparison.Ordinal)
            && own != "127.0.0.1" && own != "::1/128" && !own.StartsWith("fe80:", StringComparison.Ordinal))?.Split('/')[0] ?? "";

    /// <summary>The routes, as ip-route(8) writes them.</summary>
    public static IReadOnlyList<NetworkRoute> Routes(IReadOnlyList<RouteEntry> routes) =>
    [
        .. routes.Select(route => new NetworkRoute
        {
            Destination = route.Prefix == 0 ? "default" : string.Create(CultureInfo.InvariantCulture, $"{route.Destination}/{route.Prefix}"),
            Gateway = route.Gateway?.ToString(),
            Interface = route.Interface,
        }),
    ];

    private static NetworkInterface Joined(NetworkInterface device, IReadOnlyList<NetworkPair> pairs, IReadOnlyList<StoredEndpoint> endpoints)
    {
        var pair = pairs.FirstOrDefault(pair => pair.Inside.Name == device.Name);
        return device with
        {
            HostInterface = pair?.Outside.Name,
            Bridge = pair is { Bridge.Length: > 0 } ? pair.Bridge : null,
            Network = endpoints.FirstOrDefault(endpoint => endpoint.Interface == device.Name)?.NetworkName,
        };
    }

    private static (IReadOnlyList<StoredEndpoint> Endpoints, IReadOnlyList<NameAnswer> Names) Names(
        ExplainContext context, NetworkSection section, SectionNotes notes)
    {
        if (context.Hints.ExecRoot is not { } execRoot)
            return ([], []);
        try
        {
            var store = new StoredNetwork(context.OnHost(execRoot));
            if (store.Find(context.Id, section.Addresses) is not var (id, endpoints))
                return ([], []);
            var answers = store.Answers(endpoints);
            if (answers.Count > 0)
            {
                notes.Fact("names", $"{answers.Count} at 127.0.0.11", $"{execRoot}/sandboxes/{id}/state.json and {execRoot}/leases",
                    "The container's supervisor answers these itself, each also as NAME.NETWORK; other questions go to the host's name servers.");
            }

            return (endpoints, answers);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            notes.Unreadable("names", $"{execRoot}/sandboxes", e is UnauthorizedAccessException ? Errno.EACCES : Errno.EIO);
            return ([], []);
        }
    }

    /// <summary>IPv6 addresses of a namespace have their prefix length behind them.</summary>
    private static bool IsPrefixed(string own, string address) => own.Length > address.Length && own[address.Length] == '/' && own.StartsWith(address, StringComparison.Ordinal);
}
