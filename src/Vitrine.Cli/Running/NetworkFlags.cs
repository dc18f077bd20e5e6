using Vitrine.Commands.CommandLine;
using Vitrine.Cli.Parsing;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Running;

/// <summary>Options of run and create: the container's names and its place in a network.</summary>
internal sealed class NetworkFlags(FlagSet flags)
{
    private readonly ValueFlag<string> _network = flags.Add(
        new ValueFlag<string>("network", Flag.None, "network", "Connect a container to a network: none, host or container:NAME", text => text)
        {
            DefaultText = "none",
            Aliases = ["net"],
        });

    private readonly ValueFlag<string> _hostname = flags.Text("hostname", 'h', "Container host name");
    private readonly ValueFlag<string> _domainName = flags.Text("domainname", "Container NIS domain name");
    private readonly ListFlag<string> _extraHosts = flags.List("add-host", "Add a custom host-to-IP mapping (host:ip)", HostSyntax.ParseExtraHost);
    private readonly ListFlag<string> _dns = flags.List("dns", "Set custom DNS servers", HostSyntax.ParseAddress);
    private readonly ListFlag<string> _dnsOptions =
        flags.Add(new ListFlag<string>("dns-option", Flag.None, "list", "Set DNS options", text => text) { Aliases = ["dns-opt"] });

    private readonly ListFlag<string> _dnsSearch = flags.List("dns-search", "Set custom DNS search domains", HostSyntax.ParseSearchDomain);
    private readonly ListFlag<string> _expose = flags.List("expose", "Expose a port or a range of ports");

    /// <summary>Whether --network was given.</summary>
    public bool ChoosesNetwork => _network.IsSet;

    /// <summary>The request with what these options say of the container itself.</summary>
    public ContainerCreateRequest ApplyTo(ContainerCreateRequest request)
    {
        var ports = new Dictionary<string, EmptyObject>(StringComparer.Ordinal);
        foreach (var port in _expose.Values.SelectMany(PortSyntax.Expand))
            ports[port] = default;
        return request with
        {
            Hostname = _hostname.Value ?? "",
            Domainname = _domainName.Value ?? "",
            ExposedPorts = ports.Count == 0 ? null : ports,
        };
    }

    /// <summary>The request with what these options say.</summary>
    public HostConfig ApplyTo(HostConfig config) => config with
    {
        NetworkMode = NetworkMode(),
        ExtraHosts = _extraHosts.ValuesOrNull,
        Dns = _dns.ValuesOrNull,
        DnsOptions = _dnsOptions.ValuesOrNull,
        DnsSearch = _dnsSearch.ValuesOrNull,
    };

    private string NetworkMode()
    {
        if (!_network.IsSet)
            return "default";
        return string.IsNullOrEmpty(_network.Value)
            ? throw new VitrineException(ErrorKind.Invalid, "no name set for network")
            : _network.Value;
    }
}
