using System.Text.Json;
using Vitrine.Linux;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Insight.Audit;

/// <summary>
/// Reads what containers were created with: docker's config.v2.json and hostconfig.json, and Vitrine's container.json, which
/// has both under docker's names.
/// </summary>
internal static class EngineSettingsReader
{
    private const long Largest = 4 << 20;
    private const string DockerRecord = "/config.v2.json";

    /// <summary>The settings of a container; null where its engine leaves no file that can be read.</summary>
    /// <param name="hints">What the caller knows of it.</param>
    /// <param name="id">Its id.</param>
    /// <param name="hostRoot">Put before docker's directory.</param>
    public static EngineSettings? Find(ContainerHints? hints, string? id, string hostRoot)
    {
        foreach (var file in hints?.FilesWithEnvironment ?? [])
        {
            if (file.EndsWith("/container.json", StringComparison.Ordinal))
                return Read(file, file, new EngineSettings { Source = file });
            if (file.EndsWith(DockerRecord, StringComparison.Ordinal))
                return Docker(file[..^DockerRecord.Length], "");
        }

        if (id is null || id.Contains('/', StringComparison.Ordinal))
            return null;
        return Docker($"/var/lib/docker/containers/{id}", hostRoot);
    }

    private static EngineSettings? Docker(string directory, string hostRoot)
    {
        var file = directory + DockerRecord;
        var general = Read(hostRoot + file, file, new EngineSettings { Source = file });
        var host = $"{directory}/hostconfig.json";
        return Read(hostRoot + host, host, (general ?? new EngineSettings { Source = host }) with { Source = host }, isHostConfig: true) ?? general;
    }

    private static EngineSettings? Read(string path, string source, EngineSettings settings, bool isHostConfig = false)
    {
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: <= Largest })
                return null;
            var json = new JsonCursor(File.ReadAllBytes(path));
            return isHostConfig ? ReadHostConfig(ref json, settings) : ReadContainer(ref json, settings) with { Source = source };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or LinuxException)
        {
            return null; // These only add to what the kernel tells.
        }
    }

    private static EngineSettings ReadContainer(ref JsonCursor json, EngineSettings settings)
    {
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "Config": settings = ReadConfig(ref json, settings); break;
                case "HostConfig": settings = ReadHostConfig(ref json, settings); break;
                case "ImageId" or "Image": settings = settings with { ImageId = json.Text() }; break;
                default: json.Skip(); break;
            }
        }

        return settings;
    }

    private static EngineSettings ReadConfig(ref JsonCursor json, EngineSettings settings)
    {
        settings = settings with { HasHealthCheck = false };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "Image": settings = settings with { Image = json.Text() }; break;
                case "Healthcheck": settings = settings with { HasHealthCheck = json.Member("Test", static (ref JsonCursor test) => test.Texts()) is { Count: > 0 } test && test[0] != "NONE" }; break;
                default: json.Skip(); break;
            }
        }

        return settings;
    }

    private static EngineSettings ReadHostConfig(ref JsonCursor json, EngineSettings settings)
    {
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "LogConfig": settings = ReadLog(ref json, settings); break;
                case "RestartPolicy": settings = settings with { RestartPolicy = json.Member("Name", static (ref JsonCursor name) => name.Text()) }; break;
                case "PortBindings": settings = settings with { Ports = ReadPorts(ref json) }; break;
                default: json.Skip(); break;
            }
        }

        return settings;
    }

    private static EngineSettings ReadLog(ref JsonCursor json, EngineSettings settings)
    {
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "Type": settings = settings with { LogDriver = json.Text() }; break;
                case "Config": settings = settings with { LogMaxSize = json.TextMap().GetValueOrDefault("max-size") }; break;
                default: json.Skip(); break;
            }
        }

        return settings;
    }

    private static List<PortBinding> ReadPorts(ref JsonCursor json)
    {
        var ports = new List<PortBinding>();
        foreach (var (port, bindings) in json.Map(static (ref JsonCursor value) => value.List(ReadBinding)))
            ports.AddRange(bindings.Select(binding => binding with { Port = port }));
        return ports;
    }

    private static PortBinding ReadBinding(ref JsonCursor json)
    {
        var binding = new PortBinding("", "", "");
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "HostIp": binding = binding with { HostAddress = json.Text() }; break;
                case "HostPort": binding = binding with { HostPort = json.Text() }; break;
                default: json.Skip(); break;
            }
        }

        return binding;
    }
}
