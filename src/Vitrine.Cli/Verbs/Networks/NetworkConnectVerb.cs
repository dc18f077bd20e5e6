using Vitrine.Cli.Parsing;
using Vitrine.Commands.CommandLine;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine network connect</c></summary>
internal sealed class NetworkConnectVerb : Verb
{
    private readonly ListFlag<string> _aliases;
    private readonly ValueFlag<long?> _priority;
    private readonly ValueFlag<string> _ip;
    private readonly ValueFlag<string> _ip6;
    private readonly ListFlag<string> _links;

    public NetworkConnectVerb()
    {
        _aliases = Flags.List("alias", "Add network-scoped alias for the container");
        _priority = Flags.Integer("gw-priority", "Highest gw-priority provides the default gateway");
        _ip = Flags.Text("ip", "IPv4 address (e.g., 172.30.100.104)");
        _ip6 = Flags.Text("ip6", "IPv6 address (e.g., 2001:db8::33)");
        _links = Flags.List("link", "Add link to another container");
        Flags.Add(new RefusedFlag("link-local-ip", Flag.None, "strings", "is not offered: the kernel gives link-local addresses"));
        Flags.List("driver-opt", "driver options for the network", option => option.Contains('=', StringComparison.Ordinal) ? option
            : throw new VitrineException(ErrorKind.Invalid, "invalid key/value pair format in driver options"));
    }

    public override string Usage => "[OPTIONS] NETWORK CONTAINER";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(2);

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        await cli.Engine.ConnectNetworkAsync(ObjectId.Check("network", arguments[0]), new NetworkConnectRequest
        {
            Container = ObjectId.Check("container", arguments[1]),
            EndpointConfig = new EndpointSettings
            {
                IpamConfig = _ip.Value is null && _ip6.Value is null ? null : new EndpointIpamConfig
                {
                    Ipv4Address = _ip.Value,
                    Ipv6Address = _ip6.Value,
                },
                Aliases = _aliases.ValuesOrNull,
                Links = _links.ValuesOrNull,
                GwPriority = (int)(_priority.Value ?? 0),
            },
        });
        return 0;
    }
}

/// <summary><c>vitrine network disconnect</c></summary>
internal sealed class NetworkDisconnectVerb : Verb
{
    private readonly BoolFlag _force;

    public NetworkDisconnectVerb() => _force = Flags.Bool("force", 'f', "Force the container to disconnect from a network");

    public override string Usage => "[OPTIONS] NETWORK CONTAINER";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(2);

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        await cli.Engine.DisconnectNetworkAsync(ObjectId.Check("network", arguments[0]), new NetworkDisconnectRequest { Container = ObjectId.Check("container", arguments[1]), Force = _force.Value });
        return 0;
    }
}
