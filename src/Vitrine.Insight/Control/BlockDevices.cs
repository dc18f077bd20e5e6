using System.Text;
using Vitrine.Linux;

namespace Vitrine.Insight.Control;

/// <summary>Numbers of block devices, by which control files name them.</summary>
internal static class BlockDevices
{
    /// <summary><c>MAJOR:MINOR</c> of a device's node, links followed; null where it is none.</summary>
    public static string? NumbersOf(string path)
    {
        try
        {
            var node = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            using var directory = FileAt.OpenDirectory(Path.GetDirectoryName(node) ?? "/");
            return FileAt.TryStatus(directory, Encoding.UTF8.GetBytes(Path.GetFileName(node)), out var status) == Errno.None && status.Kind == FileKind.BlockDevice
                ? $"{status.Represents.Major}:{status.Represents.Minor}"
                : null;
        }
        catch (Exception e) when (e is LinuxException or IOException)
        {
            return null;
        }
    }
}
