using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Images.Store;

/// <summary>
/// Opens files of the store without the flock that .NET's own open takes, which would fail on a blob that its writer still holds.
/// </summary>
internal static class StoreFile
{
    /// <returns>The open file, or null where there is none.</returns>
    /// <exception cref="LinuxException">It cannot be opened for another reason.</exception>
    public static SafeFileHandle? TryOpen(string path, OpenFlags flags)
    {
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            return null;
        using var directory = FileAt.OpenDirectory(Path.GetDirectoryName(path)!);
        var error = FileAt.TryOpen(directory, Encoding.UTF8.GetBytes(Path.GetFileName(path)), flags, ResolveFlags.None, 0, out var file);
        return error switch
        {
            Errno.None => file,
            Errno.ENOENT => null,
            _ => throw new LinuxException("open", path, error),
        };
    }
}
