namespace Vitrine.Insight.Audit.Rules;

/// <summary>A port on 0.0.0.0 or ::.</summary>
internal sealed class PublishedEverywhereRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA095", "Published on all addresses", Severity.Low, Gain.Information)
    {
        Reason = "The port is open on every interface of the host, public ones included, and docker's rules pass host firewalls such as ufw by.",
        Fix = "-p 127.0.0.1:8080:80, or the address of the interface that is meant",
        References = [Reference.Cis("5.14"), Reference.Cis("5.9")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var port in container.Explanation.Network.PublishedPorts)
        {
            if (port.HostAddress is "0.0.0.0" or "::" && seen.Add($"{port.HostPort}/{port.Protocol}"))
                report.Add($"Port {port.HostPort}/{port.Protocol} of every address leads to its port {port.Port}.", new Evidence(port.Element.StartsWith('/') ? "the engine's record" : "nftables", port.Element));
        }

        foreach (var port in container.Settings?.Ports ?? [])
        {
            if (port.HostAddress is not ("" or "0.0.0.0" or "::") || (port.HostPort.Length > 0 && seen.Contains($"{port.HostPort}/{port.Port[(port.Port.IndexOf('/', StringComparison.Ordinal) + 1)..]}")))
                continue;
            if (seen.Add(port.Port))
                report.Add($"{(port.HostPort.Length == 0 ? "A port" : $"Port {port.HostPort}")} of every address leads to its port {port.Port}.", new Evidence(container.Settings!.Source, $"PortBindings: {port.Port} -> {(port.HostAddress.Length == 0 ? "*" : port.HostAddress)}:{port.HostPort}"));
        }
    }
}
