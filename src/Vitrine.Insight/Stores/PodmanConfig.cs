using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Insight.Stores;

/// <summary>As much of podman's configuration of a container (libpod/container_config.go) as is shown.</summary>
internal sealed record PodmanConfig
{
    /// <summary>Ports that follow each other.</summary>
    public sealed record Mapping(string Protocol, string HostAddress, int HostPort, int Port, int Range);

    public string? Name { get; init; }
    public string? Image { get; init; }
    public string? ImageId { get; init; }

    /// <summary>The id of the container whose network, and so whose ports, it has: in a pod the infra container's.</summary>
    public string? NetworkOf { get; init; }
    public IReadOnlyList<Mapping> Mappings { get; init; } = [];

    /// <summary>Reads the document.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is none.</exception>
    public static PodmanConfig Read(ReadOnlySpan<byte> utf8)
    {
        var config = new PodmanConfig();
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "name": config = config with { Name = NotEmpty(json.Text()) }; break;
                case "rootfsImageName": config = config with { Image = NotEmpty(json.Text()) }; break;
                case "rootfsImageID": config = config with { ImageId = NotEmpty(json.Text()) }; break;
                case "netNsCtr": config = config with { NetworkOf = NotEmpty(json.Text()) }; break;
                case "newPortMappings": config = config with { Mappings = json.List(ReadMapping) }; break;
                default: json.Skip(); break;
            }
        }

        return config;
    }

    private static string? NotEmpty(string text) => text.Length == 0 ? null : text;

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
