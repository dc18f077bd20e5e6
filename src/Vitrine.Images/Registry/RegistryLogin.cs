using Vitrine.Oci;

namespace Vitrine.Images.Registry;

/// <summary>Logging in to registries: whether a login is right, and keeping it where docker keeps it.</summary>
public static class RegistryLogin
{
    /// <summary>Asks a registry whether it takes a login.</summary>
    /// <param name="server">Host and port; a scheme and path count for nothing. docker.io where empty.</param>
    /// <param name="login">User and password, or a token.</param>
    /// <param name="options">Which registries are plain http; null reads the machine's configuration.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="VitrineException">Denied: it does not. Unavailable: no registry is there.</exception>
    public static async Task CheckAsync(string server, RegistryCredentials login, RegistryOptions? options = null, CancellationToken cancellation = default)
    {
        var host = HostOf(server);
        if (!ImageReference.TryParse($"{host}/login", out var name) || name.Registry != host)
            throw new VitrineException(ErrorKind.Invalid, $"\"{server}\" is no address of a registry: give host or host:port");
        var known = (options ?? RegistryOptions.Load()) with { FindLogin = _ => login };
        using var client = new RegistryClient(name, known, RegistryScope.None);
        try
        {
            await client.PingAsync(cancellation).ConfigureAwait(false);
        }
        catch (RegistryException refused) when (refused.Kind == ErrorKind.Denied)
        {
            throw new VitrineException(ErrorKind.Denied, $"login attempt to {host} failed: unauthorized: incorrect username or password", refused);
        }
    }

    /// <summary>Keeps a login in docker's config.json, or in the credential helper that it names.</summary>
    /// <returns>The file, where the login lies in it as anyone can read; null where a helper keeps it.</returns>
    /// <exception cref="VitrineException">Denied: the helper failed.</exception>
    public static string? Store(string server, RegistryCredentials login, string? directory) => DockerConfig.Load(directory).Store(KeyOf(server), login);

    /// <summary>Forgets a login.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="VitrineException">Denied: the helper failed.</exception>
    public static bool Erase(string server, string? directory) => DockerConfig.Load(directory).Erase(KeyOf(server));

    /// <summary>The login that is kept for a registry, or null.</summary>
    public static RegistryCredentials? Find(string server, string? directory) => DockerConfig.Load(directory).Find(HostOf(server));

    /// <summary>Host and port of what people write.</summary>
    public static string HostOf(string server)
    {
        var host = DockerConfig.HostOf(server);
        return host is "" or "index.docker.io" or "registry-1.docker.io" ? ImageReference.DefaultRegistry : host;
    }

    private static string KeyOf(string server) => DockerConfig.KeyOf(HostOf(server));
}
