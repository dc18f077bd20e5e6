using System.Globalization;
using System.Net;
using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Storage;
using Vitrine.Network;

namespace Vitrine.Engine.Networks;

/// <summary>Which networks a container is to be in, by docker's rules: decided at creation, changed by connect and disconnect.</summary>
internal sealed class Attachments(NetworkStore networks, ContainerStore containers)
{
    /// <summary>Decides the networks of a new container and finds every problem that is known before it starts.</summary>
    /// <param name="host">Its host configuration, defaults filled in.</param>
    /// <param name="networking">What the request says of each network.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <returns>By the networks' names; empty where the container has no network of its own.</returns>
    /// <exception cref="VitrineException">NotFound: no such network.</exception>
    public NetworkingConfig Decide(HostConfig host, NetworkingConfig? networking, Problems problems)
    {
        var asked = networking?.EndpointsConfig ?? new Dictionary<string, EndpointSettings>();
        var decided = new Dictionary<string, EndpointSettings>(StringComparer.Ordinal);
        var mode = new NamespaceMode(host.NetworkMode);
        foreach (var link in host.Links ?? [])
            CheckLink(link, problems);
        if (mode.IsHost || mode.IsContainer || mode.Text == "none")
        {
            problems.AddIf(asked.Keys.Any(name => name != host.NetworkMode && !(mode.IsContainer && new NamespaceMode(name).IsContainer)), $"container cannot be connected to network {host.NetworkMode} and to others");
            return new NetworkingConfig { EndpointsConfig = decided };
        }
        foreach (var (name, settings) in asked.Append(new(host.NetworkMode, new EndpointSettings())))
        {
            var network = Network(name == "default" ? NetworkRecord.DefaultName : name);
            if (decided.ContainsKey(network.Name))
                continue;
            problems.AddIf(network.Driver is "host" or "null", $"container cannot be connected to network {network.Name} and to others");
            Check(network, settings ?? new EndpointSettings(), problems);
            decided[network.Name] = settings ?? new EndpointSettings();
        }
        return new NetworkingConfig { EndpointsConfig = decided };
    }

    /// <summary>Checks one place in a network.</summary>
    public void Check(NetworkRecord network, EndpointSettings settings, Problems problems)
    {
        var (ip, ip6) = (settings.IpamConfig?.Ipv4Address, settings.IpamConfig?.Ipv6Address);
        var isDefault = network.Name == NetworkRecord.DefaultName;
        problems.AddIf(isDefault && (ip is { Length: > 0 } || ip6 is { Length: > 0 }), "user specified IP address is supported on user defined networks only");
        problems.AddIf(isDefault && settings.Aliases is { Count: > 0 }, "network-scoped aliases are only supported for user-defined networks");
        CheckAddress(network.V4, ip, problems);
        CheckAddress(network.V6, ip6, problems);
        problems.AddIf(settings.MacAddress is { Length: > 0 } mac && !Mac.TryParse(mac, out _), $"invalid MAC address: {settings.MacAddress}");
        foreach (var link in settings.Links ?? [])
            CheckLink(link, problems);
    }

    /// <summary>The plan that the container's shim carries out; null where it has no network of its own.</summary>
    /// <exception cref="VitrineException">A network or a linked container is gone.</exception>
    public NetworkPlan? Plan(ContainerRecord record, ContainerPaths paths, string publishAddress, Func<string, string> namespaceOf)
    {
        var mode = new NamespaceMode(record.HostConfig.NetworkMode);
        var plan = new NetworkPlan
        {
            Id = record.Id,
            Name = record.Name,
            Hostname = record.Config.Hostname,
            Domainname = record.Config.Domainname,
            HostsPath = paths.Hosts,
            DataRoot = networks.Paths.DataRoot,
            ExecRoot = networks.Paths.ExecRoot,
        };
        if (mode.Container is { } other)
            return plan with { Join = Root(other), JoinPath = namespaceOf(other) };
        if (mode.IsHost || mode.Text == "none")
            return null;
        return plan with
        {
            Endpoints = [.. (record.Networking?.EndpointsConfig ?? new Dictionary<string, EndpointSettings>()).Select(pair => Endpoint(record, Network(pair.Key), pair.Value))],
            Ports = PortPlans.Of(record, publishAddress),
            HostLinks = HostLinks(record),
            Dns = record.HostConfig.Dns ?? [],
        };
    }

    public NetworkRecord Network(string name) => NetworkErrors.Guard(() => networks.Get(name));

    /// <summary>The containers that a container is linked to on the default bridge: alias and id.</summary>
    public IReadOnlyList<(string Alias, string Name, string Id)> LegacyLinks(ContainerRecord record) =>
        !Has(record, NetworkRecord.DefaultName) ? []
            : [.. (record.HostConfig.Links ?? []).Select(Split).Select(link => (link.Alias, link.Name.TrimStart('/'), containers.Resolve(link.Name)))];

    /// <summary>The same for the container's shim, which follows their addresses; without those that are gone.</summary>
    private IReadOnlyList<HostLink> HostLinks(ContainerRecord record)
    {
        if (record.HostConfig.Links is not { Count: > 0 } links || !Has(record, NetworkRecord.DefaultName))
            return [];
        var network = Network(NetworkRecord.DefaultName).Id;
        return [.. links.Select(Split).Select(link => (link.Alias, Name: link.Name.TrimStart('/'), Id: containers.TryResolve(link.Name)))
            .Where(link => link.Id is not null).Select(link => new HostLink(network, link.Id!, [.. new[] { link.Alias, link.Id![..12], link.Name }.Distinct()]))];
    }

    private static bool Has(ContainerRecord record, string network) => record.Networking?.EndpointsConfig?.ContainsKey(network) == true;

    /// <summary>NAME or NAME:ALIAS.</summary>
    internal static (string Name, string Alias) Split(string link)
    {
        var colon = link.IndexOf(':', StringComparison.Ordinal);
        var (name, alias) = colon < 0 ? (link, link) : (link[..colon], link[(colon + 1)..]);
        return (name, alias[(alias.LastIndexOf('/') + 1)..]);
    }

    private EndpointPlan Endpoint(ContainerRecord record, NetworkRecord network, EndpointSettings settings)
    {
        var links = new Dictionary<string, string>();
        foreach (var (name, alias) in (settings.Links ?? []).Concat(network.HasNames ? record.HostConfig.Links ?? [] : []).Select(Split))
            links[alias] = containers.TryResolve(name) ?? "";
        return new EndpointPlan
        {
            Network = network,
            EndpointId = Linux.Entropy.NewId(),
            Ip = settings.IpamConfig?.Ipv4Address ?? "",
            Ip6 = Canonical(settings.IpamConfig?.Ipv6Address),
            Mac = settings.MacAddress is { Length: > 0 } mac ? mac : network.Name == record.HostConfig.NetworkMode ? record.Config.MacAddress ?? "" : "",
            Aliases = settings.Aliases ?? [],
            Links = links,
            Priority = settings.GwPriority,
        };
    }

    /// <summary>A container in the network of one that is in another's itself.</summary>
    private string Root(string id)
    {
        for (var depth = 0; depth < 8; depth++)
        {
            if (ContainerFiles.ReadRecord(containers.Paths.Container(id)) is not { } record || new NamespaceMode(record.HostConfig.NetworkMode).Container is not { } next)
                break;
            id = next;
        }
        return id;
    }

    private void CheckLink(string link, Problems problems)
    {
        var (name, _) = Split(link);
        problems.AddIf(containers.TryResolve(name) is null, $"could not get container for {name}: No such container: {name}");
    }

    private static void CheckAddress(AddressBlock? block, string? address, Problems problems)
    {
        if (string.IsNullOrEmpty(address))
            return;
        if (!IPAddress.TryParse(address, out var parsed))
            problems.Add($"invalid IP address: {address}");
        else
            problems.AddIf(block?.Subnet.Contains(parsed) != true, string.Create(CultureInfo.InvariantCulture,
                $"no configured subnet contains IP address {address}{(block is null ? "" : $": the network has {block.Subnet}")}"));
    }

    private static string Canonical(string? address) => IPAddress.TryParse(address, out var parsed) ? parsed.ToString() : "";
}
