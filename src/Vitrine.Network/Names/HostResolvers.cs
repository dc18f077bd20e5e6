using System.Net;

namespace Vitrine.Network;

/// <summary>The name servers of a resolv.conf(5).</summary>
public static class HostResolvers
{
    /// <summary>In the order they are asked; none where the file cannot be read.</summary>
    public static List<IPAddress> Read(string path)
    {
        var servers = new List<IPAddress>();
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
                if (words is ["nameserver", var text, ..] && IPAddress.TryParse(text, out var server))
                    servers.Add(server);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A host without the file asks nobody.
        }
        return servers;
    }
}
