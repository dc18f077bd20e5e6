using System.Globalization;
using System.Net;
using Vitrine.Commands.Parsing;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Parsing;

/// <summary><c>--publish [[IP:][HOSTPORT[-HOSTPORT]]:]PORT[-PORT][/PROTOCOL]</c>.</summary>
internal static class PublishSyntax
{
    /// <summary>All of them as docker's port bindings; null for none.</summary>
    public static Dictionary<string, IReadOnlyList<PortBinding>?>? Bindings(IReadOnlyList<string> publish)
    {
        if (publish.Count == 0)
            return null;
        var bindings = new Dictionary<string, IReadOnlyList<PortBinding>?>(StringComparer.Ordinal);
        foreach (var (port, binding) in publish.SelectMany(Parse))
            bindings[port] = [.. bindings.GetValueOrDefault(port) ?? [], binding];
        return bindings;
    }

    /// <summary>The ports of one value: as many as its range has.</summary>
    public static IEnumerable<(string Port, PortBinding Binding)> Parse(string text)
    {
        var (address, host, container, protocol) = Split(text);
        var (first, last) = Range(container, text);
        var (hostFirst, hostLast) = host.Length == 0 ? (0, 0) : Range(host, text);
        // Several host ports for one container port: any of them.
        var isChoice = first == last && hostFirst != hostLast;
        if (host.Length > 0 && !isChoice && hostLast - hostFirst != last - first)
            throw Invalid($"invalid ranges specified for container and host Ports: {container} and {host}");
        var ports = new List<(string, PortBinding)>();
        for (var port = first; port <= last; port++)
        {
            var hostPort = host.Length == 0 ? "" : isChoice ? host : (hostFirst + port - first).ToString(CultureInfo.InvariantCulture);
            ports.Add((string.Create(CultureInfo.InvariantCulture, $"{port}/{protocol}"), new PortBinding { HostIp = address, HostPort = hostPort }));
        }
        return ports;
    }

    private static (string Address, string Host, string Container, string Protocol) Split(string text)
    {
        var (rest, after) = KeyValues.Cut(text, '/');
        var protocol = string.IsNullOrEmpty(after) ? "tcp" : after.ToLowerInvariant();
        if (protocol is not ("tcp" or "udp" or "sctp"))
            throw Invalid($"invalid proto: {protocol}");
        var last = rest.LastIndexOf(':');
        var (before, container) = last < 0 ? ("", rest) : (rest[..last], rest[(last + 1)..]);
        var at = before.EndsWith(']') ? before.Length : before.LastIndexOf(':');
        var (address, host) = at < 0 ? ("", before) : (before[..at], at < before.Length ? before[(at + 1)..] : "");
        address = address.Trim('[', ']');
        if (container.Length == 0)
            throw Invalid($"no port specified: {text}<empty>");
        if (address.Length > 0 && !IPAddress.TryParse(address, out _))
            throw Invalid($"invalid IP address: {address}");
        return (address, host, container, protocol);
    }

    private static (int First, int Last) Range(string range, string text)
    {
        var (first, last) = KeyValues.Cut(range, '-');
        var (start, end) = (Port(first, text), Port(last ?? first, text));
        return end < start ? throw Invalid($"invalid range specified for port: {range}") : (start, end);
    }

    private static int Port(string port, string text) => int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= ushort.MaxValue
        ? number
        : throw Invalid($"invalid port: {port} in {text}");

    private static VitrineException Invalid(string message) => new(ErrorKind.Invalid, message);
}
