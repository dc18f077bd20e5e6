using Vitrine.Insight;

namespace Vitrine.Glass.Explain;

/// <summary>Interfaces, addresses and listeners.</summary>
internal static class NetworkText
{
    private const int NamesShown = 20;

    public static void Write(Paper paper, NetworkSection section)
    {
        paper.Table(["INTERFACE", new("RECEIVED", Right: true), new("SENT", Right: true), section.Interfaces.Any(IsPlaced) ? "ON THE HOST" : ""],
            [.. section.Interfaces.Select(device => new Cell[] { new(device.Name, Ink.Accent), Bytes(device.ReceivedBytes), Bytes(device.SentBytes), Place(device) })]);
        if (section.Addresses.Count > 0)
            paper.Labelled(new Cell("addresses", Ink.Accent), 16, new Cell(string.Join(", ", section.Addresses)));
        paper.Table(["ROUTE", "THROUGH", "INTERFACE"],
            [.. section.Routes.Select(route => new Cell[] { new(route.Destination, Ink.Accent), route.Gateway ?? "-", route.Interface })]);
        paper.Table(["LISTENS ON", "PROTOCOL", "PROCESS"], [.. section.Listeners.Select(Row)]);
        paper.Table(["PUBLISHED", "LEADS TO", "NFTABLES ELEMENT"], [.. section.PublishedPorts.Select(Row)]);
        paper.Table(["NAME", "ANSWERED WITH", "NETWORK"],
            [.. section.Names.Take(NamesShown).Select(name => new Cell[] { new(name.Name, Ink.Accent), string.Join(", ", name.Addresses), name.Network })]);
        if (section.Names.Count > NamesShown)
            paper.Labelled(new Cell("names", Ink.Accent), 16, new Cell($"and {section.Names.Count - NamesShown} more (all with --json)"));
        if (section.EstablishedConnections > 0)
            paper.Labelled(new Cell("connections", Ink.Accent), 16, new Cell($"{section.EstablishedConnections} established"));
    }

    private static Cell[] Row(Listener listener) =>
    [
        new(EndPoint(listener.Address, listener.Port), Ink.Accent),
        listener.Protocol,
        listener.Pid is { } pid ? $"{listener.Command} (pid {pid})" : "not the container's, or not visible",
    ];

    private static Cell[] Row(PublishedPort port) =>
        [new($"{EndPoint(port.HostAddress, port.HostPort)}/{port.Protocol}", Ink.Accent), EndPoint(port.Address, port.Port), port.Element];

    private static string EndPoint(string address, int port) => address.Contains(':') ? $"[{address}]:{port}" : $"{address}:{port}";

    private static bool IsPlaced(NetworkInterface device) => Place(device).Length > 0;

    private static string Place(NetworkInterface device)
    {
        var words = new List<string>();
        if (device.HostInterface is { } other)
            words.Add(other);
        if (device.Bridge is { } bridge)
            words.Add($"in bridge {bridge}");
        if (device.Network is { } network)
            words.Add($"(network {network})");
        return string.Join(' ', words);
    }

    private static string Bytes(ulong bytes) => ByteText.Format((long)Math.Min(bytes, long.MaxValue));
}
