namespace Vitrine.Network;

/// <summary>Where networks are on disk.</summary>
/// <param name="DataRoot">What outlives a reboot.</param>
/// <param name="ExecRoot">What does not.</param>
public sealed record NetworkPaths(string DataRoot, string ExecRoot)
{
    private const string DefaultExecRoot = "/run/vitrine";

    /// <summary>How the name of each table of Vitrine's begins.</summary>
    public const string TablePrefix = "vitrine";

    public string Networks => Path.Join(DataRoot, "networks");

    /// <summary>Held by whoever changes leases, rules or bridges.</summary>
    public string Lock => Path.Join(ExecRoot, "networks.lock");

    /// <summary>What the table was when somebody of ours last changed or checked it.</summary>
    public string FirewallSeal => Path.Join(ExecRoot, "firewall");

    /// <summary>One directory for each network; a file in it for each address in use.</summary>
    public string Leases => Path.Join(ExecRoot, "leases");

    /// <summary>One directory for each container with a network of its own.</summary>
    public string Sandboxes => Path.Join(ExecRoot, "sandboxes");

    /// <summary>The table of nftables; each exec root has its own.</summary>
    public string Table => ExecRoot == DefaultExecRoot ? TablePrefix : $"{TablePrefix}-{Hash(ExecRoot):x8}";

    /// <summary>What default bridge a network of this root gets.</summary>
    public string DefaultBridge(string id) => ExecRoot == DefaultExecRoot ? "vitrine0" : $"br-{id[..12]}";

    public string Network(string name) => Path.Join(Networks, name + ".json");

    public string LeasesOf(string networkId) => Path.Join(Leases, networkId);

    public string Sandbox(string containerId) => Path.Join(Sandboxes, containerId);

    public string SandboxState(string containerId) => Path.Join(Sandbox(containerId), "state.json");

    /// <summary>Held, shared, by every shim whose container lives in the sandbox.</summary>
    public string SandboxLock(string containerId) => Path.Join(Sandbox(containerId), "lock");

    /// <summary>FNV-1a.</summary>
    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text)
            hash = (hash ^ c) * 16777619u;
        return hash;
    }
}
