using System.Text;
using Vitrine.Engine.Docker;

namespace Vitrine.Engine.Bundle;

/// <summary>The content of the container's own /etc/hostname, /etc/hosts and /etc/resolv.conf.</summary>
internal static class EtcFiles
{
    private const string LocalHosts =
        "127.0.0.1\tlocalhost\n"
        + "::1\tlocalhost ip6-localhost ip6-loopback\n"
        + "fe00::\tip6-localnet\n"
        + "ff00::\tip6-mcastprefix\n"
        + "ff02::1\tip6-allnodes\n"
        + "ff02::2\tip6-allrouters\n";

    public static string Hostname(ContainerConfig config) =>
        config.Domainname.Length > 0 ? $"{config.Hostname}.{config.Domainname}\n" : config.Hostname + "\n";

    /// <summary>The host's file for a container in the host's network, otherwise a minimal one; then --add-host.</summary>
    /// <param name="extraHosts">name:address or name=address, checked at creation.</param>
    /// <param name="ofHost">The host's /etc/hosts, or null.</param>
    public static string Hosts(IReadOnlyList<string>? extraHosts, string? ofHost)
    {
        var text = new StringBuilder(ofHost ?? LocalHosts);
        if (text.Length > 0 && text[^1] != '\n')
            text.Append('\n');
        foreach (var entry in extraHosts ?? [])
        {
            var separator = entry.IndexOfAny([':', '=']);
            text.Append(entry.AsSpan(separator + 1).Trim("[]")).Append('\t').Append(entry.AsSpan(0, separator)).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>The host's resolver configuration with the parts replaced that --dns, --dns-search and --dns-option give (resolv.conf(5)).</summary>
    /// <param name="host">What was asked for.</param>
    /// <param name="ofHost">The host's file.</param>
    /// <param name="ownNames">Whether the container asks its shim, which asks --dns or the host's name servers.</param>
    public static string ResolvConf(HostConfig host, string ofHost, bool ownNames = false)
    {
        if (ownNames)
        {
            var own = new StringBuilder("nameserver 127.0.0.11\n");
            AppendOrKeep(own, ofHost, "search", host.DnsSearch, perLine: false);
            AppendOrKeep(own, ofHost, "options", host.DnsOptions is { Count: > 0 } ? host.DnsOptions : ["ndots:0"], perLine: false);
            return own.ToString();
        }
        if (host.Dns is not { Count: > 0 } && host.DnsSearch is not { Count: > 0 } && host.DnsOptions is not { Count: > 0 })
            return ofHost;
        var text = new StringBuilder();
        AppendOrKeep(text, ofHost, "nameserver", host.Dns, perLine: true);
        // "." is how a client asks for no search domain at all.
        AppendOrKeep(text, ofHost, "search", host.DnsSearch, perLine: false);
        AppendOrKeep(text, ofHost, "options", host.DnsOptions, perLine: false);
        return text.ToString();
    }

    private static void AppendOrKeep(StringBuilder text, string ofHost, string keyword, IReadOnlyList<string>? values, bool perLine)
    {
        if (values is not { Count: > 0 })
        {
            foreach (var line in ofHost.Split('\n').Where(line => line.Split(' ', '\t')[0] == keyword))
                text.Append(line).Append('\n');
        }
        else if (perLine)
        {
            foreach (var value in values)
                text.Append(keyword).Append(' ').Append(value).Append('\n');
        }
        else if (values is not ["."])
        {
            text.Append(keyword).Append(' ').AppendJoin(' ', values).Append('\n');
        }
    }
}
