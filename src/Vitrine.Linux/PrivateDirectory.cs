namespace Vitrine.Linux;

/// <summary>Directories that only their owner may read, list or enter.</summary>
public static class PrivateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Makes a directory and the root of the store it belongs to, both private. <see cref="Directory.CreateDirectory(string, UnixFileMode)"/>
    /// alone gives its mode to the last directory only.
    /// </summary>
    /// <param name="root">The data root or exec root.</param>
    /// <param name="directory">A directory below it, or itself.</param>
    public static void Create(string root, string directory)
    {
        Directory.CreateDirectory(root, OwnerOnly);
        Directory.CreateDirectory(directory, OwnerOnly);
    }

    /// <summary>Makes one directory whose parent is there.</summary>
    public static void Create(string directory) => Directory.CreateDirectory(directory, OwnerOnly);
}
