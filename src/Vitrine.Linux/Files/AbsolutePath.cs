namespace Vitrine.Linux;

/// <summary>Paths from a root as text, without a look at what is there.</summary>
public static class AbsolutePath
{
    /// <summary>The path without empty, . and .. parts, as Go's path.Clean makes it of an absolute path: <c>..</c> never leads above the root.</summary>
    public static string Clean(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part == "..")
                parts.RemoveRange(Math.Max(parts.Count - 1, 0), Math.Min(parts.Count, 1));
            else if (part is not ("" or "."))
                parts.Add(part);
        }

        return "/" + string.Join('/', parts);
    }

    /// <summary>Whether a path is a directory, or leads through it. Both are clean.</summary>
    public static bool IsBelow(string path, string directory) =>
        directory == "/" || (path.StartsWith(directory, StringComparison.Ordinal)
            && (path.Length == directory.Length || path[directory.Length] == '/'));
}
