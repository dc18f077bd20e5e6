using Vitrine.Oci;

namespace Vitrine.Images.Registry;

/// <summary>One address at which a registry's images may be had.</summary>
/// <param name="Address">Scheme, host and port.</param>
/// <param name="Verify">Whether its certificate must be valid.</param>
/// <param name="IsMirror">Whether it may lack what the registry has.</param>
internal sealed record RegistryEndpoint(Uri Address, bool Verify, bool IsMirror)
{
    private const string DockerHubHost = "registry-1.docker.io";

    /// <summary>The host that logins are kept under.</summary>
    public string LoginHost => Address.Host == DockerHubHost ? ImageReference.DefaultRegistry : Address.Authority;

    /// <summary>The addresses of a registry in the order they are tried: mirrors, https, and http where that is allowed.</summary>
    /// <exception cref="VitrineException">Invalid: a mirror's address is none.</exception>
    public static IReadOnlyList<RegistryEndpoint> Of(string registry, RegistryOptions options)
    {
        var endpoints = new List<RegistryEndpoint>();
        if (registry == ImageReference.DefaultRegistry)
            endpoints.AddRange((options.Mirrors ?? []).Select(mirror => Mirror(mirror, options)));

        var host = registry == ImageReference.DefaultRegistry ? DockerHubHost : registry;
        var insecure = options.IsInsecure(registry);
        var https = new RegistryEndpoint(new Uri($"https://{host}"), !insecure, IsMirror: false);
        var http = new RegistryEndpoint(new Uri($"http://{host}"), Verify: false, IsMirror: false);

        // On this machine http first: most registries there are plain, and no TLS library need be loaded to find out.
        endpoints.AddRange(RegistryOptions.IsLoopback(registry) ? [http, https] : insecure ? [https, http] : [https]);
        return endpoints;
    }

    private static RegistryEndpoint Mirror(string mirror, RegistryOptions options)
    {
        if (!Uri.TryCreate(mirror, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.PathAndQuery != "/")
            throw new VitrineException(ErrorKind.Invalid, $"invalid mirror: \"{mirror}\" must be an address like https://mirror.example");
        var insecure = options.IsInsecure(address.Authority);
        if (address.Scheme == "http" && !insecure)
            throw new VitrineException(ErrorKind.Invalid, $"invalid mirror: \"{mirror}\" is plain http but not among insecure-registries");
        return new RegistryEndpoint(address, !insecure, IsMirror: true);
    }
}
