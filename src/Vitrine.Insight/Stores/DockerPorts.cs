using System.Globalization;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Insight.Stores;

/// <summary>Published ports in docker's record of a container: NetworkSettings, whose Ports are <c>"80/tcp": [{"HostIp", "HostPort"}]</c>.</summary>
internal static class DockerPorts
{
    private sealed record Binding(string Inside, string HostIp, string HostPort);

    public static IReadOnlyList<PublishedPort> Read(ref JsonCursor json)
    {
        var (bindings, addresses) = (new List<Binding>(), new List<string>());
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "Ports": bindings = [.. json.Map(ReadBindings).SelectMany(port => port.Value.Select(binding => binding with { Inside = port.Key }))]; break;
                case "Networks": addresses = [.. json.Map(ReadAddresses).Values.SelectMany(own => own)]; break;
                default: json.Skip(); break;
            }
        }

        return [.. bindings.Select(binding => Port(binding, addresses)).OfType<PublishedPort>()];
    }

    private static PublishedPort? Port(Binding binding, List<string> addresses)
    {
        var slash = binding.Inside.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !Number(binding.Inside[..slash], out var port) || !Number(binding.HostPort, out var hostPort))
            return null;
        var isV6 = binding.HostIp.Contains(':', StringComparison.Ordinal);
        return new PublishedPort
        {
            Protocol = binding.Inside[(slash + 1)..],
            HostAddress = binding.HostIp.Length == 0 ? "0.0.0.0" : binding.HostIp,
            HostPort = hostPort,
            // The proxy for IPv6 leads to a container that has IPv4 alone, too.
            Address = addresses.Find(address => address.Contains(':', StringComparison.Ordinal) == isV6) ?? addresses.FirstOrDefault() ?? "",
            Port = port,
            Element = $"Ports: {binding.Inside} = {binding.HostIp}:{binding.HostPort}",
        };
    }

    private static bool Number(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static List<Binding> ReadBindings(ref JsonCursor json) => json.List(ReadBinding);

    private static Binding ReadBinding(ref JsonCursor json)
    {
        var binding = new Binding("", "", "");
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "HostIp": binding = binding with { HostIp = json.Text() }; break;
                case "HostPort": binding = binding with { HostPort = json.Text() }; break;
                default: json.Skip(); break;
            }
        }

        return binding;
    }

    private static List<string> ReadAddresses(ref JsonCursor json)
    {
        var addresses = new List<string>();
        json.Begin();
        while (json.Next(out var field))
        {
            if (field is "IPAddress" or "GlobalIPv6Address" && json.Text() is { Length: > 0 } address)
                addresses.Add(address);
            else if (field is not ("IPAddress" or "GlobalIPv6Address"))
                json.Skip();
        }

        return addresses;
    }
}
