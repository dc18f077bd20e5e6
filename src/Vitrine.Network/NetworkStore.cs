using Vitrine.Linux;

namespace Vitrine.Network;

/// <summary>networks/NAME.json: the networks there are.</summary>
public sealed class NetworkStore(NetworkPaths paths)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public NetworkPaths Paths => paths;

    /// <summary>Every network, by name.</summary>
    /// <exception cref="NetworkException">Damaged: a file is not what it should be.</exception>
    public List<NetworkRecord> All()
    {
        var networks = new List<NetworkRecord>();
        if (!Directory.Exists(paths.Networks))
            return networks;
        foreach (var file in Directory.GetFiles(paths.Networks, "*.json"))
        {
            if (Path.GetFileName(file)[0] != '.' && JsonMap.ReadFile(file) is { } json)
                networks.Add(NetworkRecord.From(json));
        }
        networks.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return networks;
    }

    /// <summary>A network by its name, its id or the beginning of its id; null where there is none.</summary>
    /// <exception cref="NetworkException">Invalid: several ids begin so.</exception>
    public NetworkRecord? Find(string network)
    {
        if (IsName(network) && JsonMap.ReadFile(paths.Network(network)) is { } json)
            return NetworkRecord.From(json);
        if (network.Length == 0)
            return null;
        NetworkRecord? found = null;
        foreach (var candidate in All())
        {
            if (!candidate.Id.StartsWith(network, StringComparison.Ordinal))
                continue;
            if (found is not null)
                throw new NetworkException(NetworkFailure.Invalid, $"network {network} is ambiguous (2 matches found on ID prefix)");
            found = candidate;
        }
        return found;
    }

    /// <exception cref="NetworkException">NotFound.</exception>
    public NetworkRecord Get(string network) =>
        Find(network) ?? throw new NetworkException(NetworkFailure.NotFound, $"network {network} not found");

    /// <summary>Writes a new network. The caller holds the lock.</summary>
    /// <exception cref="NetworkException">Conflict: there is one of that name.</exception>
    public void Add(NetworkRecord network)
    {
        Directory.CreateDirectory(paths.Networks, Private);
        if (File.Exists(paths.Network(network.Name)))
            throw new NetworkException(NetworkFailure.Conflict, $"network with name {network.Name} already exists");
        AtomicFile.Write(paths.Network(network.Name), network.ToJson().ToUtf8());
    }

    /// <summary>Forgets a network and its leases. The caller holds the lock.</summary>
    public void Remove(NetworkRecord network)
    {
        File.Delete(paths.Network(network.Name));
        if (Directory.Exists(paths.LeasesOf(network.Id)))
            FileTree.Delete(paths.LeasesOf(network.Id));
    }

    /// <summary>Takes the lock of leases, rules and bridges.</summary>
    public FileLock Lock()
    {
        Directory.CreateDirectory(paths.ExecRoot, Private);
        return FileLock.Acquire(paths.Lock);
    }

    /// <summary>Docker's rule for names: letters, digits, underscore, dot and hyphen, the first a letter or digit.</summary>
    public static bool IsName(string name)
    {
        if (name.Length is 0 or > 200 || !char.IsAsciiLetterOrDigit(name[0]))
            return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-'))
                return false;
        }
        return true;
    }
}
