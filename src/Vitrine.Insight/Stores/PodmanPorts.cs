using Microsoft.Win32.SafeHandles;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Insight.Stores;

/// <summary>
/// Published ports in podman's database of before version 5, GRAPH_ROOT/libpod/bolt_state.db (libpod/boltdb_state.go): the bucket
/// ctr has a document for each container. Later ones have an SQLite database, which is not read.
/// </summary>
/// <param name="files">The engine's files.</param>
/// <param name="containers">The directory of the list of containers: GRAPH_ROOT/overlay-containers.</param>
internal sealed class PodmanPorts(StoreFiles files, string containers)
{
    /// <summary>All of tcp, udp and sctp: a document of many ranges, each of 65535 ports, must not fill the memory.</summary>
    private const int MostPorts = 3 * ushort.MaxValue;

    private sealed record Mapping(string Protocol, string HostAddress, int HostPort, int Port, int Range);

    private string Database => $"{Path.GetDirectoryName(containers)}/libpod/bolt_state.db";

    public IReadOnlyList<PublishedPort> Of(string id)
    {
        using SafeFileHandle? file = files.Open(Database);
        if (file is null || new BoltFile(file).Find("ctr", id, "config") is not { } document)
            return [];
        try
        {
            return [.. Read(document).SelectMany(Ports).Take(MostPorts)];
        }
        catch (System.Text.Json.JsonException)
        {
            return [];
        }
    }

    private IEnumerable<PublishedPort> Ports(Mapping mapping)
    {
        for (var i = 0; i < Math.Clamp(mapping.Range, 1, ushort.MaxValue); i++)
        {
            yield return new PublishedPort
            {
                Protocol = mapping.Protocol,
                HostAddress = mapping.HostAddress.Length == 0 ? "0.0.0.0" : mapping.HostAddress,
                HostPort = mapping.HostPort + i,
                Address = "",
                Port = mapping.Port + i,
                Element = $"{Database}: ports",
            };
        }
    }

    private static List<Mapping> Read(ReadOnlySpan<byte> utf8)
    {
        var mappings = new List<Mapping>();
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            if (field == "newPortMappings")
                mappings = json.List(ReadMapping);
            else
                json.Skip();
        }

        return mappings;
    }

    private static Mapping ReadMapping(ref JsonCursor json)
    {
        var mapping = new Mapping("tcp", "", 0, 0, 1);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "protocol": mapping = mapping with { Protocol = json.Text() }; break;
                case "host_ip": mapping = mapping with { HostAddress = json.Text() }; break;
                case "host_port": mapping = mapping with { HostPort = json.UShort() }; break;
                case "container_port": mapping = mapping with { Port = json.UShort() }; break;
                case "range": mapping = mapping with { Range = json.UShort() }; break;
                default: json.Skip(); break;
            }
        }

        return mapping;
    }
}
