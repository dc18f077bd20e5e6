using System.Globalization;
using System.Net;
using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Storage;
using Vitrine.Network;

namespace Vitrine.Engine.Networks;

/// <summary>The published ports of a container, from docker's port bindings.</summary>
internal static class PortPlans
{
    /// <summary>Checks what a request wants to publish.</summary>
    public static void Check(HostConfig host, Problems problems)
    {
        foreach (var (port, bindings) in host.PortBindings ?? new Dictionary<string, IReadOnlyList<PortBinding>?>())
        {
            if (!TryParse(port, out _, out _))
                problems.Add($"invalid port specification: \"{port}\"");
            foreach (var binding in bindings ?? [])
            {
                problems.AddIf(binding.HostIp is { Length: > 0 } ip && !IPAddress.TryParse(ip, out _), $"invalid IP address {binding.HostIp} in port binding of {port}");
                problems.AddIf(!TryRange(binding.HostPort, out _, out _), $"invalid port specification: \"{binding.HostPort}\"");
            }
        }
    }

    /// <param name="record">The container.</param>
    /// <param name="address">The host's address for ports that name none; empty for all.</param>
    public static IReadOnlyList<PortPlan> Of(ContainerRecord record, string address)
    {
        var plans = new List<PortPlan>();
        var bound = record.HostConfig.PortBindings ?? new Dictionary<string, IReadOnlyList<PortBinding>?>();
        foreach (var (name, bindings) in bound)
        {
            if (!TryParse(name, out var port, out var protocol))
                continue;
            foreach (var binding in bindings is { Count: > 0 } ? bindings : [new PortBinding()])
            {
                if (TryRange(binding.HostPort, out var first, out var last))
                    plans.Add(new PortPlan(protocol, port, Address(binding.HostIp, address), first, last));
            }
        }
        foreach (var name in record.HostConfig.PublishAllPorts ? record.Config.ExposedPorts?.Keys ?? [] : [])
        {
            if (!bound.ContainsKey(name) && TryParse(name, out var port, out var protocol))
                plans.Add(new PortPlan(protocol, port, Address("", address), 0, 0));
        }
        return plans;
    }

    /// <summary>Reads 80/tcp; the protocol may be missing.</summary>
    public static bool TryParse(string text, out int port, out string protocol)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        protocol = slash < 0 ? "tcp" : text[(slash + 1)..].ToLowerInvariant();
        return int.TryParse(slash < 0 ? text : text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && port is > 0 and <= ushort.MaxValue && protocol is "tcp" or "udp" or "sctp";
    }

    /// <summary>Reads a host port or a range of them; nothing stands for any.</summary>
    public static bool TryRange(string? text, out int first, out int last)
    {
        (first, last) = (0, 0);
        if (string.IsNullOrEmpty(text) || text == "0")
            return true;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return int.TryParse(dash < 0 ? text : text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && int.TryParse(dash < 0 ? text : text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out last)
            && first is > 0 && last >= first && last <= ushort.MaxValue;
    }

    private static string Address(string? asked, string standard)
    {
        var text = string.IsNullOrEmpty(asked) ? standard : asked;
        // 0.0.0.0 asks for all of IPv4 alone, as nothing asks for both families.
        return IPAddress.TryParse(text, out var address) ? address.ToString() : "";
    }
}
