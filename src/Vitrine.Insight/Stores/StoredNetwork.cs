using System.Text.Json;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Insight.Stores;

/// <summary>A container's place in a network, as its supervisor has written it down.</summary>
internal sealed record StoredEndpoint
{
    public string NetworkId { get; init; } = "";
    public string NetworkName { get; init; } = "";
    public string Interface { get; init; } = "";
    public string Ip { get; init; } = "";
    public string Ip6 { get; init; } = "";

    /// <summary>Whether the resolver answers names of this network.</summary>
    public bool HasNames { get; init; }

    /// <summary>Names that only this container has for others, with the others' ids.</summary>
    public IReadOnlyDictionary<string, string> Links { get; init; } = new Dictionary<string, string>();
}

/// <summary>Reads sandboxes/ID/state.json and leases/NETWORK/ADDRESS below Vitrine's exec root (docs/architecture.md, "On disk").</summary>
/// <param name="execRoot">As this reader must open it: /run/vitrine.</param>
internal sealed class StoredNetwork(string execRoot)
{
    /// <summary>The most that is read of a container's published ports: all of tcp, udp and sctp.</summary>
    private const int MostPorts = 3 * ushort.MaxValue;

    private sealed record Lease(string Container, string Ip, string Ip6, IReadOnlyList<string> Names);

    /// <summary>
    /// The sandbox that a container lives in: the one of its own id, else, as it may share another's, the one that has its addresses.
    /// </summary>
    /// <returns>Whose it is, and its places in networks; null where there is none.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may only be read by root.</exception>
    public (string Id, IReadOnlyList<StoredEndpoint> Endpoints)? Find(string? id, IReadOnlyList<string> addresses)
    {
        var sandboxes = Path.Join(execRoot, "sandboxes");
        if (id is not null && Read(sandboxes, id) is { } own)
            return own;
        if (!Directory.Exists(sandboxes))
            return null;
        foreach (var directory in Directory.GetDirectories(sandboxes))
        {
            if (Read(sandboxes, Path.GetFileName(directory)) is { } other && other.Endpoints.Any(endpoint => addresses.Contains(endpoint.Ip)))
                return other;
        }

        return null;
    }

    /// <summary>The ports that are published for a container; none where its files cannot be read.</summary>
    /// <param name="files">The engine's files, which may be of a container's making.</param>
    /// <param name="execRoot">As the engine has it.</param>
    /// <param name="id">The container.</param>
    public static IReadOnlyList<PublishedPort> Ports(StoreFiles files, string execRoot, string id)
    {
        var path = $"{execRoot}/sandboxes/{id}/state.json";
        var ports = files.Read(path, ReadPorts) ?? [];
        return [.. ports.Take(MostPorts).Select(port => port with { Element = files.OnHost(path) })];
    }

    /// <summary>What the resolver of a container with these places answers now, each name once for each network.</summary>
    public IReadOnlyList<NameAnswer> Answers(IReadOnlyList<StoredEndpoint> endpoints)
    {
        var answers = new List<NameAnswer>();
        foreach (var endpoint in endpoints.Where(endpoint => endpoint.HasNames))
        {
            var byName = new SortedDictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
            foreach (var lease in Leases(endpoint.NetworkId))
            {
                foreach (var name in lease.Names.Concat(endpoint.Links.Where(link => link.Value == lease.Container).Select(link => link.Key)).Distinct())
                {
                    if (!byName.TryGetValue(name, out var addresses))
                        byName[name] = addresses = [];
                    addresses.AddRange(new[] { lease.Ip, lease.Ip6 }.Where(address => address.Length > 0));
                }
            }

            answers.AddRange(byName.Select(entry => new NameAnswer { Name = entry.Key, Network = endpoint.NetworkName, Addresses = entry.Value }));
        }

        return answers;
    }

    private IEnumerable<Lease> Leases(string networkId)
    {
        var directory = Path.Join(execRoot, "leases", networkId);
        if (!Directory.Exists(directory))
            yield break;
        foreach (var file in Directory.GetFiles(directory).Order(StringComparer.Ordinal))
        {
            // A file for each address: one that has both families is there twice.
            var name = Path.GetFileName(file);
            if (name[0] != '.' && ReadFile(file, ReadLease) is { } lease && (lease.Ip.Length > 0 ? lease.Ip : lease.Ip6) == name)
                yield return lease;
        }
    }

    private static (string Id, IReadOnlyList<StoredEndpoint> Endpoints)? Read(string sandboxes, string id) =>
        ReadFile(Path.Join(sandboxes, id, "state.json"), ReadEndpoints) is { } endpoints ? (id, endpoints) : null;

    private static T? ReadFile<T>(string path, JsonCursor.Reader<T> read)
        where T : class
    {
        try
        {
            var json = new JsonCursor(File.ReadAllBytes(path));
            return read(ref json);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null; // Gone meanwhile, or damaged: its engine says so.
        }
    }

    private static List<StoredEndpoint> ReadEndpoints(ref JsonCursor json)
    {
        var endpoints = new List<StoredEndpoint>();
        json.Begin();
        while (json.Next(out var field))
        {
            if (field == "endpoints")
                endpoints = json.List(ReadEndpoint);
            else
                json.Skip();
        }

        return endpoints;
    }

    private static List<PublishedPort> ReadPorts(ReadOnlySpan<byte> utf8)
    {
        var json = new JsonCursor(utf8);
        return json.Member("ports", static (ref JsonCursor port) => port.List(ReadPort)) ?? [];
    }

    private static PublishedPort ReadPort(ref JsonCursor json)
    {
        var port = new PublishedPort { Protocol = "tcp", HostAddress = "", HostPort = 0, Address = "", Port = 0, Element = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "protocol": port = port with { Protocol = json.Text() }; break;
                case "hostIp": port = port with { HostAddress = json.Text() }; break;
                case "hostPort": port = port with { HostPort = json.Int() }; break;
                case "target": port = port with { Address = json.Text() }; break;
                case "containerPort": port = port with { Port = json.Int() }; break;
                default: json.Skip(); break;
            }
        }

        return port;
    }

    private static StoredEndpoint ReadEndpoint(ref JsonCursor json)
    {
        var endpoint = new StoredEndpoint();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "networkId": endpoint = endpoint with { NetworkId = json.Text() }; break;
                case "networkName": endpoint = endpoint with { NetworkName = json.Text() }; break;
                case "interface": endpoint = endpoint with { Interface = json.Text() }; break;
                case "ip": endpoint = endpoint with { Ip = json.Text() }; break;
                case "ip6": endpoint = endpoint with { Ip6 = json.Text() }; break;
                case "hasNames": endpoint = endpoint with { HasNames = json.Flag() }; break;
                case "links": endpoint = endpoint with { Links = json.TextMap() }; break;
                default: json.Skip(); break;
            }
        }

        return endpoint;
    }

    private static Lease ReadLease(ref JsonCursor json)
    {
        var lease = new Lease("", "", "", []);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "container": lease = lease with { Container = json.Text() }; break;
                case "ip": lease = lease with { Ip = json.Text() }; break;
                case "ip6": lease = lease with { Ip6 = json.Text() }; break;
                case "names": lease = lease with { Names = json.Texts() }; break;
                default: json.Skip(); break;
            }
        }

        return lease;
    }
}
