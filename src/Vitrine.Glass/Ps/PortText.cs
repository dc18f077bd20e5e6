using System.Globalization;
using Vitrine.Insight;

namespace Vitrine.Glass.Ps;

/// <summary>Published ports as <c>docker ps</c> prints them: <c>0.0.0.0:8080->80/tcp, [::]:8080->80/tcp</c>, those that follow each other as one range.</summary>
internal static class PortText
{
    /// <summary>All of a container's, by the container's port; empty for none.</summary>
    public static string Of(IReadOnlyList<PublishedPort> ports)
    {
        if (ports.Count == 0)
            return "";
        var ranges = new List<(PublishedPort First, int Length)>();
        foreach (var port in ports.OrderBy(port => port.Protocol, StringComparer.Ordinal).ThenBy(port => port.HostAddress, StringComparer.Ordinal).ThenBy(port => port.Port).ThenBy(port => port.HostPort))
        {
            if (ranges is [.., var (first, length)] && first.Protocol == port.Protocol && first.HostAddress == port.HostAddress
                && first.Port + length == port.Port && first.HostPort + length == port.HostPort)
                ranges[^1] = (first, length + 1);
            else
                ranges.Add((port, 1));
        }

        return string.Join(", ", ranges.OrderBy(range => range.First.Port).Select(range => Text(range.First, range.Length)));
    }

    private static string Text(PublishedPort first, int length)
    {
        var address = first.HostAddress.Contains(':', StringComparison.Ordinal) ? $"[{first.HostAddress}]" : first.HostAddress;
        return $"{address}:{Range(first.HostPort, length)}->{Range(first.Port, length)}/{first.Protocol}";
    }

    private static string Range(int first, int length) =>
        length == 1 ? first.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{first}-{first + length - 1}");
}
