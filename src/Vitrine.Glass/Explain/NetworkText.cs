using Vitrine.Insight;

namespace Vitrine.Glass.Explain;

/// <summary>Interfaces, addresses and listeners.</summary>
internal static class NetworkText
{
    public static void Write(Paper paper, NetworkSection section)
    {
        paper.Table(["INTERFACE", new("RECEIVED", Right: true), new("SENT", Right: true), ""],
            [.. section.Interfaces.Select(device => new Cell[] { new(device.Name, Ink.Accent), Bytes(device.ReceivedBytes), Bytes(device.SentBytes), "" })]);
        if (section.Addresses.Count > 0)
            paper.Labelled(new Cell("addresses", Ink.Accent), 16, new Cell(string.Join(", ", section.Addresses)));
        paper.Table(["LISTENS ON", "PROTOCOL", "PROCESS"], [.. section.Listeners.Select(Row)]);
        if (section.EstablishedConnections > 0)
            paper.Labelled(new Cell("connections", Ink.Accent), 16, new Cell($"{section.EstablishedConnections} established"));
    }

    private static Cell[] Row(Listener listener) =>
    [
        new(listener.Address.Contains(':') ? $"[{listener.Address}]:{listener.Port}" : $"{listener.Address}:{listener.Port}", Ink.Accent),
        listener.Protocol,
        listener.Pid is { } pid ? $"{listener.Command} (pid {pid})" : "not the container's, or not visible",
    ];

    private static string Bytes(ulong bytes) => ByteText.Format((long)Math.Min(bytes, long.MaxValue));
}
