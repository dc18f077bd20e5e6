using System.Globalization;
using System.Net;
using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Vitrine.Network;

namespace Vitrine.Engine.Networks;

/// <summary>Docker's rules for what a network may be, in its words.</summary>
internal static class NetworkRules
{
    private static readonly string[] s_drivers = [NetworkRecord.BridgeDriver, NetworkRecord.MacvlanDriver];

    /// <summary>The blocks that a request names; those it leaves to choice are missing.</summary>
    /// <exception cref="VitrineException">Invalid, each problem on a line; Forbidden: a predefined name; NotFound: the driver.</exception>
    public static List<AddressBlock> Check(NetworkCreateRequest request)
    {
        var problems = new Problems();
        if (!NetworkStore.IsName(request.Name))
            problems.Add($"invalid network name \"{request.Name}\": only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        else if (request.Name is NetworkRecord.DefaultName or "host" or "none" or "default" || request.Name.StartsWith("container:", StringComparison.Ordinal))
            throw new VitrineException(ErrorKind.Forbidden, $"operation is not permitted on predefined {request.Name} network");
        if (request.Driver is "host" or "null")
            problems.Add($"only one instance of \"{request.Driver}\" network is allowed");
        else if (request.Driver.Length > 0 && !s_drivers.Contains(request.Driver))
            throw new VitrineException(ErrorKind.NotFound, $"could not find plugin {request.Driver} in v1 plugin registry: plugin not found (Vitrine has the drivers bridge and macvlan)");
        problems.AddIf(request.Scope is not ("" or "local"), $"scope {request.Scope} is for swarms: networks here are local");
        problems.AddIf(request.Ingress || request.ConfigOnly, "ingress and config-only networks are for swarms");
        problems.AddIf(request.Ipam is { Driver: not ("" or "default") }, $"could not find IPAM driver {request.Ipam?.Driver}");
        var blocks = new List<AddressBlock>();
        foreach (var config in request.Ipam?.Config ?? [])
            AddBlock(config, blocks, problems);
        problems.AddIf(blocks.Exists(block => block.Subnet.IsIpv6) && !request.EnableIpv6, "IPv6 subnets need IPv6 (--ipv6)");
        problems.AddIf(blocks.Count(block => !block.Subnet.IsIpv6) > 1 || blocks.Count(block => block.Subnet.IsIpv6) > 1,
            "bridge driver doesn't support multiple subnets: a network here has at most one of each family");
        CheckOptions(request.Options ?? new Dictionary<string, string>(), problems);
        problems.ThrowIfAny();
        return blocks;
    }

    private static void CheckOptions(IReadOnlyDictionary<string, string> options, Problems problems)
    {
        foreach (var (name, value) in options)
        {
            var (parser, isValid) = name switch
            {
                NetworkRecord.MtuOption => ("Atoi", int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)),
                NetworkRecord.IccOption or NetworkRecord.MasqueradeOption => ("ParseBool", GoBool.TryParse(value) is not null),
                _ => ("", true),
            };
            problems.AddIf(!isValid, $"failed to parse {name} value: {value} (strconv.{parser}: parsing \"{value}\": invalid syntax)");
        }
    }

    private static void AddBlock(IpamConfig config, List<AddressBlock> blocks, Problems problems)
    {
        if (!Subnet.TryParse(config.Subnet, out var subnet, out var written))
        {
            problems.Add(config.Subnet.Length == 0 ? "every ip-range or gateway must have a corresponding subnet" : $"invalid subnet {config.Subnet}: invalid CIDR block notation");
            return;
        }
        if (Subnet.Number(written) != subnet.Base)
            problems.Add($"invalid network config:\ninvalid subnet {config.Subnet}: it should be {subnet}");
        if (subnet.Prefix > subnet.Width - 2)
            problems.Add($"invalid subnet {config.Subnet}: it is too small for a gateway and a container");
        Subnet? range = null;
        if (config.IpRange is { Length: > 0 } asked)
        {
            if (Subnet.TryParse(asked, out var parsed, out _) && subnet.Contains(parsed))
                range = parsed;
            else
                problems.Add($"no matching subnet for range {asked}: it is not in {subnet}");
        }
        var auxiliary = new Dictionary<string, IPAddress>();
        foreach (var (name, text) in config.AuxiliaryAddresses ?? new Dictionary<string, string>())
        {
            if (IPAddress.TryParse(text, out var address) && subnet.Contains(address))
                auxiliary[name] = address;
            else
                problems.Add($"no matching subnet for aux-address {text}: it is not in {subnet}");
        }
        blocks.Add(new AddressBlock(subnet, range, Gateway(config.Gateway, subnet, auxiliary, problems), auxiliary));
    }

    private static IPAddress Gateway(string? asked, Subnet subnet, Dictionary<string, IPAddress> auxiliary, Problems problems)
    {
        if (string.IsNullOrEmpty(asked))
        {
            var number = subnet.Base + 1;
            while (auxiliary.ContainsValue(subnet.Address(number)))
                number++;
            return subnet.Address(number);
        }
        if (IPAddress.TryParse(asked, out var address) && subnet.Contains(address))
            return address;
        problems.Add($"no matching subnet for gateway {asked}: it is not in {subnet}");
        return IPAddress.Any;
    }
}
