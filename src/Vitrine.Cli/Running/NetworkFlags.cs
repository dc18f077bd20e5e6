using Vitrine.Commands.CommandLine;
using Vitrine.Cli.Parsing;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Running;

/// <summary>Options of run and create: the container's names, networks and ports.</summary>
internal sealed class NetworkFlags
{
    private readonly ListFlag<NetworkChoice> _networks;
    private readonly ValueFlag<string> _ip;
    private readonly ValueFlag<string> _ip6;
    private readonly ValueFlag<string> _mac;
    private readonly ListFlag<string> _aliases;
    private readonly ListFlag<string> _links;
    private readonly ListFlag<string> _publish;
    private readonly BoolFlag _publishAll;
    private readonly ValueFlag<string> _hostname;
    private readonly ValueFlag<string> _domainName;
    private readonly ListFlag<string> _extraHosts;
    private readonly ListFlag<string> _dns;
    private readonly ListFlag<string> _dnsOptions;
    private readonly ListFlag<string> _dnsSearch;
    private readonly ListFlag<string> _expose;

    public NetworkFlags(FlagSet flags)
    {
        _networks = flags.Add(new ListFlag<NetworkChoice>("network", Flag.None, "network", "Connect a container to a network", NetworkChoice.Parse) { Aliases = ["net"] });
        _ip = flags.Text("ip", "IPv4 address (e.g., 172.30.100.104)");
        _ip6 = flags.Text("ip6", "IPv6 address (e.g., 2001:db8::33)");
        _mac = flags.Text("mac-address", "Container MAC address (e.g., 92:d0:c6:0a:29:33)");
        _aliases = flags.Add(new ListFlag<string>("network-alias", Flag.None, "list", "Add network-scoped alias for the container", text => text) { Aliases = ["net-alias"] });
        _links = flags.List("link", "Add link to another container");
        _publish = flags.List("publish", 'p', "Publish a container's port(s) to the host");
        _publishAll = flags.Bool("publish-all", 'P', "Publish all exposed ports to random ports");
        _hostname = flags.Text("hostname", 'h', "Container host name");
        _domainName = flags.Text("domainname", "Container NIS domain name");
        _extraHosts = flags.List("add-host", "Add a custom host-to-IP mapping (host:ip)", HostSyntax.ParseExtraHost);
        _dns = flags.List("dns", "Set custom DNS servers", HostSyntax.ParseAddress);
        _dnsOptions = flags.Add(new ListFlag<string>("dns-option", Flag.None, "list", "Set DNS options", text => text) { Aliases = ["dns-opt"] });
        _dnsSearch = flags.List("dns-search", "Set custom DNS search domains", HostSyntax.ParseSearchDomain);
        _expose = flags.List("expose", "Expose a port or a range of ports");
    }

    /// <summary>The request with what these options say of the container itself.</summary>
    public ContainerCreateRequest ApplyTo(ContainerCreateRequest request)
    {
        var ports = new Dictionary<string, EmptyObject>(StringComparer.Ordinal);
        foreach (var port in _expose.Values.SelectMany(PortSyntax.Expand).Concat(_publish.Values.SelectMany(PublishSyntax.Parse).Select(published => published.Port)))
            ports[port] = default;
        return request with
        {
            Hostname = _hostname.Value ?? "",
            Domainname = _domainName.Value ?? "",
            ExposedPorts = ports.Count == 0 ? null : ports,
            NetworkingConfig = Networking(),
            // One without an interface of its own to have it is refused.
            MacAddress = _networks.Values is [{ Name: var mode }] && (mode == "host" || mode.StartsWith("container:", StringComparison.Ordinal)) ? _mac.Value : null,
        };
    }

    /// <summary>The request with what these options say.</summary>
    public HostConfig ApplyTo(HostConfig config) => config with
    {
        NetworkMode = _networks.Values is [var first, ..] ? first.Name : "default",
        PortBindings = PublishSyntax.Bindings(_publish.Values),
        PublishAllPorts = _publishAll.Value,
        Links = _links.ValuesOrNull,
        ExtraHosts = _extraHosts.ValuesOrNull,
        Dns = _dns.ValuesOrNull,
        DnsOptions = _dnsOptions.ValuesOrNull,
        DnsSearch = _dnsSearch.ValuesOrNull,
    };

    /// <summary>What is said of each network; --ip and its like are about the first.</summary>
    private NetworkingConfig? Networking()
    {
        if (_networks.Values.Count == 0 && _ip.Value is null && _ip6.Value is null && _mac.Value is null && _aliases.Values.Count == 0)
            return null;
        var endpoints = new Dictionary<string, EndpointSettings>(StringComparer.Ordinal);
        foreach (var choice in _networks.Values is { Count: > 0 } chosen ? chosen : [new NetworkChoice("default", new EndpointSettings())])
        {
            if (!endpoints.TryAdd(choice.Name, choice.Settings))
                throw new VitrineException(ErrorKind.Invalid, $"network \"{choice.Name}\" is specified multiple times");
        }
        var (name, first) = endpoints.First();
        endpoints[name] = first with
        {
            IpamConfig = _ip.Value is null && _ip6.Value is null ? first.IpamConfig : new EndpointIpamConfig { Ipv4Address = _ip.Value, Ipv6Address = _ip6.Value },
            MacAddress = _mac.Value ?? first.MacAddress,
            Aliases = _aliases.Values.Count == 0 ? first.Aliases : [.. first.Aliases ?? [], .. _aliases.Values],
        };
        return new NetworkingConfig { EndpointsConfig = endpoints };
    }
}
