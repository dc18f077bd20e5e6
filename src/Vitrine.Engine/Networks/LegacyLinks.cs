using System.Text;
using Vitrine.Engine.Storage;
using Vitrine.Network;

namespace Vitrine.Engine.Networks;

/// <summary>docker's links of the default bridge: the other container's address in /etc/hosts, its ports and variables in the environment.</summary>
internal sealed class LegacyLinks
{
    private readonly List<(string Alias, string Name, string Id, string Ip)> _links = [];

    /// <summary>Lines for /etc/hosts.</summary>
    public string Hosts { get; private init; } = "";

    /// <param name="links">Whom the container is linked to.</param>
    /// <param name="networks">Where they are.</param>
    /// <exception cref="VitrineException">Conflict: one does not run.</exception>
    public static LegacyLinks Of(IReadOnlyList<(string Alias, string Name, string Id)> links, NetworkRecords networks)
    {
        if (links.Count == 0)
            return new LegacyLinks();
        var hosts = new StringBuilder();
        var found = new List<(string, string, string, string)>();
        foreach (var (alias, name, id) in links)
        {
            var endpoint = networks.Sandbox(id)?.Endpoints.FirstOrDefault(endpoint => endpoint.NetworkName == NetworkRecord.DefaultName)
                ?? throw new VitrineException(ErrorKind.Conflict, $"Cannot link to a non running container: /{name} AS {alias}");
            hosts.Append(endpoint.Ip).Append('\t').AppendJoin(' ', new[] { alias, id[..12], name }.Distinct()).Append('\n');
            found.Add((alias, name, id, endpoint.Ip));
        }
        var result = new LegacyLinks { Hosts = hosts.ToString() };
        result._links.AddRange(found);
        return result;
    }

    /// <summary>The container with docker's variables: ALIAS_NAME, ALIAS_PORT and so on, and the other's own as ALIAS_ENV_NAME.</summary>
    public ContainerRecord AddTo(ContainerRecord record, Func<string, ContainerRecord> load)
    {
        if (_links.Count == 0)
            return record;
        var variables = new List<string>();
        foreach (var (alias, _, id, ip) in _links)
            AddVariables(variables, record.Name, alias, load(id), ip);
        return record with { Config = record.Config with { Env = [.. variables, .. record.Config.Env ?? []] } };
    }

    private static void AddVariables(List<string> variables, string own, string alias, ContainerRecord other, string ip)
    {
        var prefix = alias.Replace('-', '_').ToUpperInvariant();
        var ports = (other.Config.ExposedPorts?.Keys ?? []).Concat(other.HostConfig.PortBindings?.Keys ?? [])
            .Distinct().Select(text => PortPlans.TryParse(text, out var port, out var protocol) ? (Port: port, Protocol: protocol) : default)
            .Where(port => port.Port > 0).OrderBy(port => port.Port).ToList();
        if (ports is [var first, ..])
            variables.Add($"{prefix}_PORT={first.Protocol}://{ip}:{first.Port}");
        foreach (var (port, protocol) in ports)
        {
            var name = $"{prefix}_PORT_{port}_{protocol.ToUpperInvariant()}";
            variables.AddRange([$"{name}={protocol}://{ip}:{port}", $"{name}_ADDR={ip}", $"{name}_PORT={port}", $"{name}_PROTO={protocol}"]);
        }
        variables.Add($"{prefix}_NAME=/{own}/{alias}");
        foreach (var variable in other.Config.Env ?? [])
        {
            if (!variable.StartsWith("PATH=", StringComparison.Ordinal) && !variable.StartsWith("HOME=", StringComparison.Ordinal))
                variables.Add($"{prefix}_ENV_{variable}");
        }
    }
}
