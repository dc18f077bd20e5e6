using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Mounts;

/// <summary>Finds where on the host a mounted directory is: by its filesystem and its path in that.</summary>
internal sealed class HostPaths(IReadOnlyList<MountEntry> hostMounts)
{
    /// <summary>
    /// The host path of what is mounted, or null where the host does not have that filesystem mounted. Of several mounts of
    /// one filesystem that hold the directory, the one nearest to it names it.
    /// </summary>
    public string? Find(MountEntry mount)
    {
        MountEntry? best = null;
        foreach (var candidate in hostMounts)
        {
            if (candidate.Major != mount.Major || candidate.Minor != mount.Minor || !AbsolutePath.IsBelow(mount.Root, candidate.Root))
                continue;
            if (best is null || candidate.Root.Length > best.Root.Length)
                best = candidate;
        }

        return best is null ? null : Join(best.MountPoint, mount.Root[(best.Root == "/" ? 0 : best.Root.Length)..]);
    }

    /// <summary>Whether the host has the very same mount at the same place: a copy made with the mount namespace.</summary>
    public bool HasSame(MountEntry mount)
    {
        foreach (var candidate in hostMounts)
        {
            if (candidate.MountPoint == mount.MountPoint && candidate.Root == mount.Root
                && candidate.Major == mount.Major && candidate.Minor == mount.Minor)
                return true;
        }

        return false;
    }

    private static string Join(string point, string rest) => (point, rest) switch
    {
        (_, "" or "/") => point,
        ("/", _) => rest,
        _ => point + rest,
    };
}
