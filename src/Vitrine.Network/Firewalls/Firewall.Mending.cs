using Vitrine.Linux.Netlink;

namespace Vitrine.Network;

/// <content>
/// Noticing that somebody else has changed the table. Every change to nftables gives it a new generation; the seal has the one after
/// the last change of ours. Where they agree, nobody else has done anything and nothing else need be read; where not - others have
/// tables too - rules and elements are compared with what they should be.
/// </content>
public sealed partial class Firewall
{
    private FirewallSeal? _known;
    private uint _commitsBefore;

    /// <summary>Closes; writes down what the table is now, where nobody else has changed anything meanwhile.</summary>
    public void Dispose()
    {
        if (_known is { } known && known.Generation + _nft.Commits - _commitsBefore is var expected && _nft.Generation() == expected)
            (known with { Generation = expected }).Write(_paths.FirewallSeal);
        _nft.Dispose();
    }

    /// <summary>Makes the table what it should be, where it is not.</summary>
    /// <returns>What was wrong and is mended, in a line; null where nothing was, or nothing was in use.</returns>
    public string? Ensure()
    {
        if (Know())
            return null;
        var generation = _nft.Generation();
        _commitsBefore = _nft.Commits;
        var (count, sum) = _nft.Rules(_paths.Table);
        string? told;
        if (count == Rules.Length && sum == FirewallSeal.Read(_paths.FirewallSeal)?.Sum)
        {
            told = MendElements();
        }
        else
        {
            told = Rebuild() ? $"made the nftables table inet {_paths.Table} anew" : null;
            (generation, sum) = (generation + 1, _nft.Rules(_paths.Table).Sum);
        }
        _known = new FirewallSeal(generation, sum);
        return told;
    }

    /// <summary>Whether nobody has changed the table, or changed anything in it that matters. Needs no lock, and may be wrong in saying no.</summary>
    public bool IsSound()
    {
        if (FirewallSeal.Read(_paths.FirewallSeal) is not { } seal)
            return false;
        return _nft.Generation() == seal.Generation
            || (_nft.Rules(_paths.Table) == (Rules.Length, seal.Sum) && Compare() is { Missing.Count: 0, Foreign.Count: 0 });
    }

    /// <summary>What of two lists is only in one of them; an element with other data counts in both.</summary>
    internal static (List<NftElement> Missing, List<NftElement> Foreign) Compare(List<NftElement> wanted, List<NftElement> present)
    {
        var (a, b) = (Keyed(wanted), Keyed(present));
        var (missing, foreign) = (new List<NftElement>(), new List<NftElement>());
        foreach (var (key, element) in a)
        {
            if (!b.ContainsKey(key))
                missing.Add(element);
        }
        foreach (var (key, element) in b)
        {
            if (!a.ContainsKey(key))
                foreign.Add(element);
        }
        return (missing, foreign);
    }

    /// <summary>The socket, for a change that is to be accounted for.</summary>
    private NftSocket Changing()
    {
        Know();
        return _nft;
    }

    /// <summary>Whether the table is known to be as it should be.</summary>
    private bool Know()
    {
        if (_known is not null)
            return true;
        var seal = FirewallSeal.Read(_paths.FirewallSeal);
        if (seal is null || _nft.Generation() != seal.Generation)
            return false;
        (_known, _commitsBefore) = (seal, _nft.Commits);
        return true;
    }

    private string? MendElements()
    {
        var (missing, foreign) = Compare();
        // What has other data must go before the right one can come.
        if (foreign.Count > 0)
            _nft.Delete(_paths.Table, foreign);
        if (missing.Count > 0)
            _nft.Add(_paths.Table, missing);
        return (missing.Count, foreign.Count) switch
        {
            (0, 0) => null,
            (_, 0) => $"put {missing.Count} missing elements of the nftables table inet {_paths.Table} back",
            (0, _) => $"took {foreign.Count} elements that belong to nobody out of the nftables table inet {_paths.Table}",
            _ => $"put {missing.Count} elements of the nftables table inet {_paths.Table} back and took {foreign.Count} wrong ones out",
        };
    }

    private (List<NftElement> Missing, List<NftElement> Foreign) Compare()
    {
        var present = new List<NftElement>();
        foreach (var set in s_elementSets)
            present.AddRange(_nft.Elements(new NftMap(_paths.Table, set)));
        return Compare(Wanted(), present);
    }

    /// <summary>Makes the table anew, with the elements of all bridges and all published ports that there are.</summary>
    /// <returns>Whether there are any.</returns>
    private bool Rebuild()
    {
        Libnftables.Run(Text());
        var wanted = Wanted();
        _nft.Add(_paths.Table, wanted);
        return wanted.Count > 0;
    }

    /// <summary>The elements of all bridges and all published ports that there are.</summary>
    private List<NftElement> Wanted()
    {
        var wanted = new List<NftElement>();
        using var routes = new RouteSocket();
        foreach (var network in new NetworkStore(_paths).All())
        {
            if (network.IsBridge && routes.FindLink(network.Interface) is not null)
                wanted.AddRange(Elements(network));
        }
        foreach (var sandbox in SandboxSweep.Living(_paths))
            wanted.AddRange(Elements(sandbox.Ports));
        return wanted;
    }

    private static Dictionary<string, NftElement> Keyed(List<NftElement> elements)
    {
        var keyed = new Dictionary<string, NftElement>(elements.Count);
        foreach (var element in elements)
            keyed[$"{element.Set} {Convert.ToHexString(element.Key)} {Convert.ToHexString(element.Data)} {element.EndsInterval}"] = element;
        return keyed;
    }
}
