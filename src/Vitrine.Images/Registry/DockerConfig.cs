using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Images.Registry;

/// <summary>The logins in docker's client configuration: <c>$DOCKER_CONFIG/config.json</c> or <c>~/.docker/config.json</c>.</summary>
internal sealed partial class DockerConfig
{
    /// <summary>The name docker keeps its own registry's login under.</summary>
    private const string DockerHub = "https://index.docker.io/v1/";

    private readonly string _path;
    private readonly DockerConfigFile _file;

    private DockerConfig(string path, DockerConfigFile file)
    {
        _path = path;
        _file = file;
    }

    /// <param name="directory">Where config.json is; null for the usual places.</param>
    /// <exception cref="VitrineException">Invalid: the file is not what it should be.</exception>
    public static DockerConfig Load(string? directory)
    {
        var path = Path.Combine(directory ?? DefaultDirectory(), "config.json");
        try
        {
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), RegistryJson.Default.DockerConfigFile);
            return new DockerConfig(path, file ?? new DockerConfigFile());
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return new DockerConfig(path, new DockerConfigFile());
        }
        catch (JsonException error)
        {
            throw new VitrineException(ErrorKind.Invalid, $"{path}: {error.Message}", error);
        }
    }

    /// <summary>The login for a registry, or null where there is none.</summary>
    /// <param name="registry">Host and optional port.</param>
    /// <exception cref="VitrineException">Denied: the credential helper failed.</exception>
    public RegistryCredentials? Find(string registry)
    {
        var key = KeyOf(registry);
        if (_file.CredHelpers?.GetValueOrDefault(key) is { Length: > 0 } helper)
            return CredentialHelper.Get(helper, key);
        if (_file.CredsStore is { Length: > 0 } store && CredentialHelper.Get(store, key) is { } stored)
            return stored;
        return FromFile(key);
    }

    private RegistryCredentials? FromFile(string key)
    {
        if (FindAuth(key) is not { } auth)
            return null;
        if (auth.IdentityToken is { Length: > 0 } || auth.RegistryToken is { Length: > 0 })
            return new RegistryCredentials("", "", auth.IdentityToken, auth.RegistryToken);
        if (auth.Auth is not { Length: > 0 })
            return auth.Username is { Length: > 0 } user ? new RegistryCredentials(user, auth.Password ?? "") : null;
        return RegistryCredentials.FromBasic(auth.Auth)
            ?? throw new VitrineException(ErrorKind.Invalid, $"{_path}: the login for {key} is not base64 of user:password");
    }

    /// <summary>Old versions of docker wrote addresses where there are host names now.</summary>
    private DockerAuth? FindAuth(string key)
    {
        var auths = _file.Auths ?? new Dictionary<string, DockerAuth?>();
        if (auths.GetValueOrDefault(key) is { } exact)
            return exact;
        foreach (var (name, auth) in auths)
        {
            if (HostOf(name) == HostOf(key))
                return auth;
        }

        return null;
    }

    /// <summary>The name that a registry's login is kept under.</summary>
    internal static string KeyOf(string registry) => registry == Oci.ImageReference.DefaultRegistry ? DockerHub : registry;

    internal static string HostOf(string key)
    {
        var scheme = key.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme < 0 ? key : key[(scheme + 3)..];
        var slash = rest.IndexOf('/');
        return slash < 0 ? rest : rest[..slash];
    }

    private static string DefaultDirectory() =>
        Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");
}

/// <summary>The parts of docker's config.json that are about logins.</summary>
internal sealed record DockerConfigFile
{
    [JsonPropertyName("auths")]
    public IReadOnlyDictionary<string, DockerAuth?>? Auths { get; init; }

    [JsonPropertyName("credsStore")]
    public string? CredsStore { get; init; }

    [JsonPropertyName("credHelpers")]
    public IReadOnlyDictionary<string, string>? CredHelpers { get; init; }
}

internal sealed record DockerAuth
{
    [JsonPropertyName("auth")]
    public string? Auth { get; init; }

    [JsonPropertyName("username")]
    public string? Username { get; init; }

    [JsonPropertyName("password")]
    public string? Password { get; init; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }

    [JsonPropertyName("registrytoken")]
    public string? RegistryToken { get; init; }
}
