namespace Vitrine.Glass.Spy;

/// <summary>Which engine's socket is meant.</summary>
internal static class EngineSocket
{
    private const string Scheme = "unix://";

    /// <summary>The one that is given or that DOCKER_HOST names; otherwise the first that is there.</summary>
    /// <exception cref="VitrineException">None is, or it is no unix socket.</exception>
    public static string Choose(string? given)
    {
        var named = string.IsNullOrEmpty(given) ? Environment.GetEnvironmentVariable("DOCKER_HOST") : given;
        if (!string.IsNullOrEmpty(named))
        {
            var path = named.StartsWith(Scheme, StringComparison.Ordinal) ? named[Scheme.Length..] : named;
            if (path.Contains("://", StringComparison.Ordinal))
                throw new VitrineException(ErrorKind.Invalid, $"{named}: only unix sockets are listened to; give --upstream PATH");
            return File.Exists(path) ? path : throw new VitrineException(ErrorKind.NotFound, $"{path}: there is no such socket; is the engine running?");
        }
        string[] known = ["/run/vitrine/docker.sock", "/run/docker.sock", "/var/run/docker.sock", "/run/podman/podman.sock"];
        return Array.Find(known, File.Exists)
            ?? throw new VitrineException(ErrorKind.NotFound, $"no engine's socket is there ({string.Join(", ", known)}): start one (vitrine serve) or give --upstream PATH");
    }
}
