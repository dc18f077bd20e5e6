using Vitrine.Linux;

namespace Vitrine.Network;

/// <summary>addresses.json in a container's directory: what it had the last time, to be had again if it is free.</summary>
internal sealed class AddressMemory
{
    private readonly string _path;
    private readonly JsonMap _addresses;
    private readonly JsonMap _ports;
    private bool _changed;

    public AddressMemory(string path)
    {
        _path = path;
        var json = Read(path);
        _addresses = json?.Map("addresses") ?? [];
        _ports = json?.Map("ports") ?? [];
    }

    public (string Ip, string Ip6) Addresses(string networkId) =>
        _addresses.Map(networkId) is { } pair ? (pair.Text("ip"), pair.Text("ip6")) : ("", "");

    public int Port(PortPlan plan) => _ports.Int(Key(plan));

    public void Remember(string networkId, Lease lease)
    {
        if (Addresses(networkId) == (lease.Ip, lease.Ip6))
            return;
        _addresses[networkId] = new JsonMap { ["ip"] = lease.Ip, ["ip6"] = lease.Ip6 };
        _changed = true;
    }

    public void Remember(PortPlan plan, int hostPort)
    {
        if (Port(plan) == hostPort)
            return;
        _ports[Key(plan)] = (long)hostPort;
        _changed = true;
    }

    public void Save()
    {
        if (_changed)
            AtomicFile.Write(_path, new JsonMap { ["addresses"] = _addresses, ["ports"] = _ports }.ToUtf8(), durable: false);
        _changed = false;
    }

    private static JsonMap? Read(string path)
    {
        try
        {
            return JsonMap.ReadFile(path);
        }
        catch (NetworkException)
        {
            // Damaged by a power cut: it is only a wish.
            return null;
        }
    }

    private static string Key(PortPlan plan) => $"{plan.Protocol}/{plan.ContainerPort}@{plan.HostIp}:{plan.First}-{plan.Last}";
}
