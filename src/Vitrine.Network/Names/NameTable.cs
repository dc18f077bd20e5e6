namespace Vitrine.Network;

/// <summary>The leases of networks, read again only when their directory has changed.</summary>
internal sealed class NameTable(NetworkPaths paths)
{
    /// <summary>The clock of files ticks in steps: what was read just after a change may miss the next one of the same tick.</summary>
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<string, (DateTime Changed, DateTime Read, List<Lease> Leases)> _known = new(StringComparer.Ordinal);

    public IReadOnlyList<Lease> Of(string networkId)
    {
        var changed = Directory.GetLastWriteTimeUtc(paths.LeasesOf(networkId));
        if (_known.TryGetValue(networkId, out var known) && known.Changed == changed && known.Read - changed > s_tick)
            return known.Leases;
        var now = DateTime.UtcNow;
        var leases = Leases.Of(paths, networkId);
        _known[networkId] = (changed, now, leases);
        return leases;
    }
}
