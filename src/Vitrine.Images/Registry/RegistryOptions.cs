using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Images.Registry;

/// <summary>
/// How registries are reached: a JSON file with the names of docker's daemon.json, <c>insecure-registries</c> and
/// <c>registry-mirrors</c>.
/// </summary>
public sealed record RegistryOptions
{
    /// <summary>Where the options are read from, unless <see cref="FileVariable"/> names another file.</summary>
    public const string DefaultFile = "/etc/vitrine/registries.json";

    /// <summary>The environment variable that names another file.</summary>
    public const string FileVariable = "VITRINE_REGISTRIES";

    /// <summary>
    /// Registries (host, host:port, or a network as <c>10.0.0.0/8</c>) whose certificate need not be valid and that may speak
    /// plain http. Loopback addresses always may.
    /// </summary>
    public IReadOnlyList<string>? InsecureRegistries { get; init; }

    /// <summary>Addresses (https://host) that are asked for the images of docker.io before docker.io itself.</summary>
    public IReadOnlyList<string>? Mirrors { get; init; }

    /// <summary>The directory of docker's config.json with logins; null is <c>$DOCKER_CONFIG</c> or <c>~/.docker</c>.</summary>
    public string? DockerConfigDirectory { get; init; }

    /// <summary>Who we are to a registry (host and port); null reads docker's config.json. Of an API server: what its client sent.</summary>
    public Func<string, RegistryCredentials?>? FindLogin { get; init; }

    /// <summary>The longest silence on a connection before it counts as broken.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The wait before the first repetition of what failed; it doubles with each further one.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The options of this machine.</summary>
    /// <exception cref="VitrineException">Invalid: the file is not what it should be.</exception>
    public static RegistryOptions Load()
    {
        var file = Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } named ? named : DefaultFile;
        try
        {
            return Parse(File.ReadAllBytes(file));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return new RegistryOptions();
        }
        catch (JsonException error)
        {
            throw new VitrineException(ErrorKind.Invalid, $"{file}: {error.Message}", error);
        }
    }

    /// <exception cref="JsonException">It is malformed.</exception>
    internal static RegistryOptions Parse(ReadOnlySpan<byte> json)
    {
        var file = JsonSerializer.Deserialize(json, RegistryJson.Default.RegistryFile);
        return new RegistryOptions { InsecureRegistries = file?.InsecureRegistries, Mirrors = file?.Mirrors };
    }

    /// <summary>Whether a registry may be spoken to without valid encryption.</summary>
    /// <param name="registry">Host and optional port.</param>
    public bool IsInsecure(string registry)
    {
        var host = HostOf(registry);
        var isAddress = IPAddress.TryParse(host, out var address);
        return IsLoopback(registry) || (InsecureRegistries ?? []).Any(entry =>
            entry == registry || entry == host || (isAddress && IPNetwork.TryParse(entry, out var network) && network.Contains(address!)));
    }

    /// <summary>Whether a registry is on this machine.</summary>
    internal static bool IsLoopback(string registry)
    {
        var host = HostOf(registry);
        return host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }

    private static string HostOf(string registry)
    {
        if (registry.StartsWith('['))
            return registry[1..Math.Max(1, registry.IndexOf(']'))];
        var colon = registry.LastIndexOf(':');
        return colon < 0 ? registry : registry[..colon];
    }
}

/// <summary>The file. Apart from the options, because the serializer would set to zero what the file does not name.</summary>
internal sealed record RegistryFile
{
    [JsonPropertyName("insecure-registries")]
    public IReadOnlyList<string>? InsecureRegistries { get; init; }

    [JsonPropertyName("registry-mirrors")]
    public IReadOnlyList<string>? Mirrors { get; init; }
}
