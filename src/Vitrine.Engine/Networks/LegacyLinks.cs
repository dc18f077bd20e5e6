using Vitrine.Engine.Storage;
using Vitrine.Network;

namespace Vitrine.Engine.Networks;

/// <summary>
/// docker's links of the default bridge: the other container's ports and variables in the environment, as they are when the
/// container starts. Its address in /etc/hosts, which is kept up to date, is the shim's part.
/// </summary>
internal sealed class LegacyLinks
{
    private readonly List<(string Alias, string Id, string Ip)> _links = [];

    /// <param name="links">Whom the container is linked to.</param>
    /// <param name="networks">Where they are.</param>
    /// <exception cref="VitrineException">Conflict: one does not run; Invalid: it is not in the default network.</exception>
    public static LegacyLinks Of(IReadOnlyList<(string Alias, string Name, string Id)> links, NetworkRecords networks)
    {
        var found = new LegacyLinks();
        foreach (var (alias, name, id) in links)
        {
            var sandbox = networks.Sandbox(id) ?? throw new VitrineException(ErrorKind.Conflict, $"Cannot link to a non running container: /{name} AS {alias}");
            var endpoint = sandbox.Endpoints.FirstOrDefault(endpoint => endpoint.NetworkName == NetworkRecord.DefaultName)
                ?? throw new VitrineException(ErrorKind.Invalid, $"Cannot link to /{name}, as it does not belong to the default network");
            found._links.Add((alias, id, endpoint.Ip));
        }
        return found;
    }

    /// <summary>The container with docker's variables: ALIAS_NAME, ALIAS_PORT and so on, and the other's own as ALIAS_ENV_NAME.</summary>
    public ContainerRecord AddTo(ContainerRecord record, Func<string, ContainerRecord> load)
    {
        if (_links.Count == 0)
            return record;
        var variables = new List<string>();
        foreach (var (alias, id, ip) in _links)
            variables.AddRange(Variables(record.Name, alias, load(id), ip));
        // What the user sets is what counts.
        var own = record.Config.Env ?? [];
        var set = own.Select(variable => variable.Split('=')[0]).ToHashSet(StringComparer.Ordinal);
        return record with { Config = record.Config with { Env = [.. variables.Where(variable => !set.Contains(variable.Split('=')[0])), .. own] } };
    }

    internal static List<string> Variables(string own, string alias, ContainerRecord other, string ip)
    {
        var variables = new List<string>();
        var prefix = alias.Replace('-', '_').ToUpperInvariant();
        var ports = (other.Config.ExposedPorts?.Keys ?? []).Concat(other.HostConfig.PortBindings?.Keys ?? [])
            .Distinct().Select(text => PortPlans.TryParse(text, out var port, out var protocol) ? (Port: port, Protocol: protocol) : default)
            .Where(port => port.Port > 0).OrderBy(port => port.Port).ThenBy(port => port.Protocol != "tcp").ToList();
        if (ports is [var first, ..])
            variables.Add($"{prefix}_PORT={first.Protocol}://{ip}:{first.Port}");
        foreach (var (port, protocol) in ports)
        {
            var name = $"{prefix}_PORT_{port}_{protocol.ToUpperInvariant()}";
            variables.AddRange([$"{name}={protocol}://{ip}:{port}", $"{name}_ADDR={ip}", $"{name}_PORT={port}", $"{name}_PROTO={protocol}"]);
            if (ports.Contains((port - 1, protocol)))
                continue;
            var last = port;
            while (ports.Contains((last + 1, protocol)))
                last++;
            // Three in a row are a range too.
            if (last > port + 1)
                variables.AddRange([$"{name}_START={protocol}://{ip}:{port}", $"{name}_PORT_START={port}", $"{name}_END={protocol}://{ip}:{last}", $"{name}_PORT_END={last}"]);
        }
        variables.Add($"{prefix}_NAME=/{own}/{alias}");
        foreach (var variable in other.Config.Env ?? [])
        {
            if (variable.Contains('=') && !variable.StartsWith("PATH=", StringComparison.Ordinal) && !variable.StartsWith("HOME=", StringComparison.Ordinal))
                variables.Add($"{prefix}_ENV_{variable}");
        }
        return variables;
    }
}
