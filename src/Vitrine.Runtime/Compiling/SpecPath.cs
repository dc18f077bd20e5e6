namespace Vitrine.Runtime;

/// <summary>Paths as a configuration has them.</summary>
internal static class SpecPath
{
    /// <summary>An absolute path inside the container, without empty parts, <c>.</c> and <c>..</c>.</summary>
    /// <exception cref="VitrineException">It has a NUL inside.</exception>
    public static string Inside(string path) => Path.GetFullPath(Checked(path.StartsWith('/') ? path : "/" + path));

    /// <summary>An absolute path on the host; a relative one starts at the bundle.</summary>
    /// <exception cref="VitrineException">It has a NUL inside.</exception>
    public static string OnHost(string path, string bundle) => Path.GetFullPath(Checked(path), bundle);

    private static string Checked(string path) => path.Contains('\0')
        ? throw Invalid.Configuration($"NUL character in path \"{path.Replace("\0", "\\0")}\"")
        : path;
}
