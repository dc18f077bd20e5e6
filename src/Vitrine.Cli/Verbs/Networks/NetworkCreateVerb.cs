using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Parsing;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine network create</c></summary>
internal sealed class NetworkCreateVerb : Verb
{
    private readonly BoolFlag _attachable;
    private readonly ListFlag<string> _auxiliary;
    private readonly ValueFlag<string> _driver;
    private readonly ListFlag<string> _gateways;
    private readonly BoolFlag _internal;
    private readonly ListFlag<string> _ranges;
    private readonly ValueFlag<string> _ipamDriver;
    private readonly ListFlag<string> _ipamOptions;
    private readonly BoolFlag _ipv4;
    private readonly BoolFlag _ipv6;
    private readonly ListFlag<string> _labels;
    private readonly ListFlag<string> _options;
    private readonly ListFlag<string> _subnets;
    private readonly ValueFlag<string> _scope;

    public NetworkCreateVerb()
    {
        _attachable = Flags.Bool("attachable", "Enable manual container attachment");
        _auxiliary = Flags.List("aux-address", "Auxiliary IPv4 or IPv6 addresses used by others (name=address)");
        _driver = Flags.Add(new ValueFlag<string>("driver", 'd', "string", "Driver to manage the Network: bridge or macvlan", text => text) { Value = "bridge", DefaultText = "\"bridge\"" });
        _gateways = Flags.List("gateway", "IPv4 or IPv6 Gateway for the subnet");
        _internal = Flags.Bool("internal", "Restrict external access to the network");
        _ranges = Flags.List("ip-range", "Allocate container ip from a sub-range");
        _ipamDriver = Flags.Text("ipam-driver", "IP Address Management Driver");
        _ipamOptions = Flags.List("ipam-opt", "Set IPAM driver specific options");
        _ipv4 = Flags.Add(new BoolFlag("ipv4", Flag.None, "Enable or disable IPv4 address assignment") { Value = true });
        _ipv6 = Flags.Bool("ipv6", "Enable or disable IPv6 address assignment");
        _labels = Flags.List("label", "Set metadata on a network", KeyValues.CheckLabel);
        _options = Flags.List("opt", 'o', "Set driver specific options");
        _scope = Flags.Text("scope", "Control the network's scope");
        _subnets = Flags.List("subnet", "Subnet in CIDR format that represents a network segment");
        Flags.Add(new RefusedFlag("ingress", Flag.None, "", "is for swarms") { IsDockers = true });
        Flags.Add(new RefusedFlag("config-only", Flag.None, "", "is for swarms"));
        Flags.Add(new RefusedFlag("config-from", Flag.None, "string", "is for swarms"));
    }

    public override string Usage => "[OPTIONS] NETWORK";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var created = await cli.Engine.CreateNetworkAsync(new NetworkCreateRequest
        {
            Name = arguments[0],
            Driver = _driver.Value ?? "",
            Scope = _scope.Value ?? "",
            Internal = _internal.Value,
            Attachable = _attachable.Value,
            EnableIpv4 = _ipv4.Value,
            EnableIpv6 = _ipv6.Value || _subnets.Values.Any(subnet => subnet.Contains(':', StringComparison.Ordinal)),
            Ipam = new Ipam { Driver = _ipamDriver.Value ?? "default", Options = KeyValues.ToMap(_ipamOptions.Values), Config = Config() },
            Options = KeyValues.ToMap(_options.Values),
            Labels = KeyValues.ToMap(_labels.Values),
        });
        cli.Print(created.Id);
        return 0;
    }

    /// <summary>Gateways, ranges and auxiliary addresses go to the subnet that they are in; which those are is the engine's to check.</summary>
    private List<IpamConfig> Config()
    {
        var configs = _subnets.Values.Select(subnet => new IpamConfig { Subnet = subnet }).ToList();
        if (Math.Max(_ranges.Values.Count, _gateways.Values.Count) > configs.Count)
            throw new VitrineException(ErrorKind.Invalid, "every ip-range or gateway must have a corresponding subnet");
        foreach (var range in _ranges.Values)
            Add("range", range, config => config with { IpRange = config.IpRange is null ? range : throw Twice("range", config) });
        foreach (var gateway in _gateways.Values)
            Add("gateway", gateway, config => config with { Gateway = config.Gateway is null ? gateway : throw Twice("gateway", config) });
        foreach (var (name, address) in KeyValues.ToMap(_auxiliary.Values))
            Add("aux-address", address, config => config with { AuxiliaryAddresses = new Dictionary<string, string>(config.AuxiliaryAddresses ?? new Dictionary<string, string>()) { [name] = address } });
        return configs;

        void Add(string what, string address, Func<IpamConfig, IpamConfig> change)
        {
            var isV6 = address.Contains(':', StringComparison.Ordinal);
            var index = configs.FindIndex(config => config.Subnet.Contains(':', StringComparison.Ordinal) == isV6);
            if (index < 0)
                throw new VitrineException(ErrorKind.Invalid, $"no matching subnet for {what} {address}");
            configs[index] = change(configs[index]);
        }
    }

    private static VitrineException Twice(string what, IpamConfig config) =>
        new(ErrorKind.Invalid, $"cannot configure multiple {what}s on the same subnet ({config.Subnet})");
}
