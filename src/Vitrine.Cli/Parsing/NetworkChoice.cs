using System.Globalization;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Parsing;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Parsing;

/// <summary><c>--network NAME</c>, or <c>--network name=NAME,alias=A,ip=1.2.3.4,...</c>; also <c>NAME:alias=A,ip=...</c> as podman has it.</summary>
internal sealed record NetworkChoice(string Name, EndpointSettings Settings)
{
    public static NetworkChoice Parse(string text)
    {
        var options = text.Contains('=', StringComparison.Ordinal) ? text : $"name={text}";
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && text.IndexOf('=', StringComparison.Ordinal) > colon && !text.StartsWith("name=", StringComparison.Ordinal))
            options = $"name={text[..colon]},{text[(colon + 1)..]}";
        var (name, settings) = ("", new EndpointSettings());
        foreach (var option in Csv.ParseLine(options))
        {
            var (key, value) = KeyValues.Cut(option, '=');
            if (value is null)
                throw new FlagValueException($"invalid field {option}");
            settings = key.Trim().ToLowerInvariant() switch
            {
                "name" => settings,
                "alias" => settings with { Aliases = [.. settings.Aliases ?? [], value] },
                "ip" => settings with { IpamConfig = (settings.IpamConfig ?? new EndpointIpamConfig()) with { Ipv4Address = HostSyntax.ParseAddress(value) } },
                "ip6" => settings with { IpamConfig = (settings.IpamConfig ?? new EndpointIpamConfig()) with { Ipv6Address = HostSyntax.ParseAddress(value) } },
                "mac-address" => settings with { MacAddress = value },
                "gw-priority" => settings with { GwPriority = int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var priority) ? priority : throw new FlagValueException($"invalid gw-priority (must be an integer): {value}") },
                "driver-opt" => settings,
                _ => throw new FlagValueException($"invalid field key {key}"),
            };
            name = key == "name" ? value : name;
        }
        return name.Length == 0 ? throw new FlagValueException("network name/id is not specified") : new NetworkChoice(name, settings);
    }
}
