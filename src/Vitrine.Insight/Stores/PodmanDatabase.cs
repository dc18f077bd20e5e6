using System.Text;
using System.Text.Json;
using Vitrine.Insight.Databases;

namespace Vitrine.Insight.Stores;

/// <summary>
/// Podman's own database, where alone it keeps published ports: db.sql in the graph root or in its libpod (libpod/sqlite_state.go), which
/// Podman 5 makes, and libpod/bolt_state.db (libpod/boltdb_state.go) of those before. The first is read once and whole.
/// </summary>
/// <param name="files">The engine's files.</param>
/// <param name="containers">The directory of the list of containers: GRAPH_ROOT/overlay-containers.</param>
internal sealed class PodmanDatabase(StoreFiles files, string containers)
{
    private const int Budget = 32 << 20, LongestRow = 2 << 20, MostContainers = 1 << 16;
    private const int Tries = 3;
    private const int MostOwners = 8;

    /// <summary>All of tcp, udp and sctp: documents of many ranges, each of 65535 ports, must not fill the memory.</summary>
    private const int MostPorts = 3 * ushort.MaxValue;

    private readonly string _root = Path.GetDirectoryName(containers) ?? "";
    private Dictionary<string, (PodmanConfig Config, string Path)>? _rows;
    private int _portsLeft = MostPorts;
    private int _damaged;

    /// <summary>What of it could not be read, as a sentence; null where nothing is missing.</summary>
    public string? Missing { get; private set; }

    /// <summary>What it says of a container; null for one that it does not know.</summary>
    public ContainerRecord? Find(string id)
    {
        if (Config(id) is not var (config, path))
            return null;
        var (owner, place) = (config, path);
        for (var i = 0; i < MostOwners && owner.NetworkOf is { } other && Config(other) is var (next, where); i++)
            (owner, place) = (next, where);
        var ports = owner.Mappings.SelectMany(mapping => Ports(mapping, place)).Take(_portsLeft).ToList();
        _portsLeft -= ports.Count;
        return new ContainerRecord { Name = config.Name, Image = config.Image, ImageId = config.ImageId, Ports = ports };
    }

    private (PodmanConfig Config, string Path)? Config(string id)
    {
        if ((_rows ??= ReadRows()).TryGetValue(id, out var known))
            return known;
        var path = $"{_root}/libpod/bolt_state.db";
        using var file = files.Open(path);
        if (file is null || new BoltFile(file).Find("ctr", id, "config") is not { } document)
            return null;
        try
        {
            return (PodmanConfig.Read(document), path);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<PublishedPort> Ports(PodmanConfig.Mapping mapping, string path)
    {
        var element = $"{path}: ports";
        for (var i = 0; i < Math.Clamp(mapping.Range, 1, ushort.MaxValue); i++)
        {
            yield return new PublishedPort
            {
                Protocol = mapping.Protocol,
                HostAddress = mapping.HostAddress.Length == 0 ? "0.0.0.0" : mapping.HostAddress,
                HostPort = mapping.HostPort + i,
                Address = "",
                Port = mapping.Port + i,
                Element = element,
            };
        }
    }

    private Dictionary<string, (PodmanConfig, string)> ReadRows()
    {
        var rows = new Dictionary<string, (PodmanConfig, string)>();
        foreach (var path in (ReadOnlySpan<string>)[$"{_root}/db.sql", $"{_root}/libpod/db.sql"])
        {
            string? reason = null;
            var found = new Dictionary<string, (PodmanConfig, string)>();
            for (var i = 0; i < Tries; i++)
            {
                // A container that went between two tries is not to stay from the first.
                found.Clear();
                if (TryRead(path, found, out reason))
                    break;
            }

            foreach (var (id, row) in found)
                rows[id] = row;
            if (reason is not null)
                Missing = $"podman's database {files.OnHost(path)} could not be read whole ({reason}): published ports of its containers may be missing, and names and images";
        }

        return rows;
    }

    /// <returns>Whether it has been read as one transaction left it, or trying again is of no use.</returns>
    private bool TryRead(string path, Dictionary<string, (PodmanConfig, string)> rows, out string? reason)
    {
        reason = null;
        using var file = files.Open(path);
        if (file is null || RandomAccess.GetLength(file) == 0)
            return true;
        try
        {
            var tables = SqliteTables.Open(file, Budget);
            using var beside = files.Open(path + tables.OverlaySuffix);
            if (beside is not null)
                tables.LayOver(beside);
            _damaged = 0;
            Read(tables, path, rows);
            reason = _damaged > 0 ? $"{_damaged} damaged records" : null;
            if (tables.IsUnchanged)
                return true;
            reason = "it is being written";
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            reason = e.Message;
        }

        return false;
    }

    private void Read(SqliteTables tables, string path, Dictionary<string, (PodmanConfig, string)> rows)
    {
        var table = tables.Root("ContainerConfig");
        var mappings = 0;
        if (table != 0)
        {
            tables.Walk(table, (_, record) =>
            {
                // ID, Name, PodID, JSON
                var row = new SqliteRecord(record);
                var id = Encoding.UTF8.GetString(row.NextBytes());
                var name = Encoding.UTF8.GetString(row.NextBytes());
                row.NextBytes();
                var config = Document(row.NextBytes());
                rows[id] = (config with { Name = name.Length > 0 ? name : config.Name }, path);
                if (rows.Count > MostContainers || (mappings += config.Mappings.Count) > MostPorts)
                    throw new InvalidDataException("too large");
                return true;
            });
        }
    }

    private PodmanConfig Document(ReadOnlySpan<byte> json)
    {
        try
        {
            if (json.Length <= LongestRow)
                return PodmanConfig.Read(json);
        }
        catch (JsonException)
        {
            // The others are not worse for it.
        }

        _damaged++;
        return new PodmanConfig();
    }
}
