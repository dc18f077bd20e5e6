namespace Vitrine.Cli.Verbs;

/// <summary>What one end of a copy is.</summary>
/// <param name="Path">As it was asked for, made absolute; a slash or "/." at its end is kept.</param>
/// <param name="Exists">Whether something is there.</param>
/// <param name="IsDirectory">Whether that is a directory.</param>
internal sealed record CopyEnd(string Path, bool Exists, bool IsDirectory);

/// <summary>Into which directory a copy goes, and under which name; docker's rules.</summary>
/// <param name="Directory">Must exist.</param>
/// <param name="Name">"." for what is in the source directory, without itself.</param>
internal sealed record CopyPlan(string Directory, string Name)
{
    /// <param name="source">What is copied.</param>
    /// <param name="sourceName">The name it has where it is not renamed.</param>
    /// <param name="destination">Where to.</param>
    /// <exception cref="VitrineException">Invalid, in docker's words.</exception>
    public static CopyPlan Make(CopyEnd source, string sourceName, CopyEnd destination)
    {
        if (destination is { Exists: true, IsDirectory: true })
            return new CopyPlan(destination.Path, sourceName);
        if (source.IsDirectory && destination.Exists)
            throw new VitrineException(ErrorKind.Invalid, "cannot copy directory");
        if (!source.IsDirectory && !destination.Exists && LocalPath.IsDirectoryByName(destination.Path))
            throw new VitrineException(ErrorKind.Invalid, "no such directory");
        var (directory, name) = LocalPath.Split(destination.Path);
        return new CopyPlan(directory, name);
    }
}

/// <summary>Paths by docker's rules: a slash or "/." at the end says that a directory is meant.</summary>
internal static class LocalPath
{
    private const int MaxLinks = 10;

    /// <summary>Absolute and clean, with the end kept.</summary>
    public static string Absolute(string path)
    {
        var clean = Path.GetFullPath(path).TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/";
        if (path == "." || path.EndsWith("/.", StringComparison.Ordinal))
            return clean == "/" ? "/." : clean + "/.";
        return path[^1] == '/' && clean != "/" ? clean + "/" : clean;
    }

    /// <summary>Whether a path says that it is a directory.</summary>
    public static bool IsDirectoryByName(string path) => path.EndsWith('/') || path == "." || path.EndsWith("/.", StringComparison.Ordinal);

    /// <summary>Directory and last part; the last part of "/a/." is ".".</summary>
    public static (string Directory, string Name) Split(string path)
    {
        if (path == "/")
            return ("/", "/");
        if (path.EndsWith("/.", StringComparison.Ordinal))
            return (path.Length == 2 ? "/" : path[..^2], ".");
        var clean = path.TrimEnd('/');
        var slash = clean.LastIndexOf('/');
        return (slash <= 0 ? "/" : clean[..slash], clean[(slash + 1)..]);
    }

    /// <summary>What is at the destination of a copy to this machine: links are followed, also one that leads to nothing yet.</summary>
    /// <exception cref="VitrineException">Invalid: not even the directory for it exists.</exception>
    public static CopyEnd Destination(string path)
    {
        for (var links = 0; links <= MaxLinks; links++)
        {
            if (Directory.Exists(path))
                return new CopyEnd(path, true, true);
            if (new FileInfo(path.TrimEnd('/')).LinkTarget is { } target)
                path = Path.GetFullPath(target, Path.GetDirectoryName(path.TrimEnd('/'))!);
            else if (File.Exists(path))
                return new CopyEnd(path, true, false);
            else
                return Parent(path);
        }

        throw new VitrineException(ErrorKind.Invalid, $"too many symbolic links in {path}");
    }

    private static CopyEnd Parent(string path)
    {
        var (directory, _) = Split(path);
        if (Directory.Exists(directory))
            return new CopyEnd(path, false, false);
        throw new VitrineException(ErrorKind.Invalid, File.Exists(directory) ? "not a directory" : $"invalid output path: directory \"{directory}\" does not exist");
    }
}
