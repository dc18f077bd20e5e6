using Vitrine.Linux;

namespace Vitrine.Glass.Labs;

/// <summary>
/// What a lab leaves that was killed before it could clean up. Its processes, mounts and network went with its first process, which
/// the kernel saw to; cgroups stay, and are cleared by the next lab.
/// </summary>
internal static class LabLeftovers
{
    /// <summary>Clears what belongs to no lab that runs.</summary>
    /// <exception cref="LinuxException">Something would not go.</exception>
    public static void Clear(CgroupLayout layout)
    {
        foreach (var id in Ids(layout))
        {
            if (LockIfDead(id) is not { } taken)
                continue;
            using (taken)
                Remove(layout, id);
        }
    }

    /// <summary>Removes the cgroups of a lab and its lock, which the caller holds.</summary>
    public static void Remove(CgroupLayout layout, string id)
    {
        Cgroup.Open($"/{LabPaths.CgroupPrefix}{id}", layout).Clear();
        File.Delete(LabPaths.LockOf(id));
        RemoveRootIfEmpty();
    }

    private static HashSet<string> Ids(CgroupLayout layout)
    {
        var ids = new HashSet<string>();
        foreach (var hierarchy in layout.Hierarchies)
        {
            foreach (var directory in Directory.GetDirectories(hierarchy.MountPoint, LabPaths.CgroupPrefix + "*"))
                ids.Add(Path.GetFileName(directory)[LabPaths.CgroupPrefix.Length..]);
        }

        try
        {
            ids.UnionWith(Directory.GetFiles(LabPaths.Root, "*.lock").Select(file => Path.GetFileNameWithoutExtension(file)));
        }
        catch (DirectoryNotFoundException)
        {
            // There is no lab, or the last one has ended just now.
        }
        return ids;
    }

    /// <summary>The lock of a lab that is gone, so that no other clears it too; null where the lab is there.</summary>
    private static FileLock? LockIfDead(string id)
    {
        PrivateDirectory.Create(LabPaths.Root);
        try
        {
            return FileLock.TryAcquire(LabPaths.LockOf(id));
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            // The lab ended just now, as the last one, and took the directory with it.
            return null;
        }
    }

    /// <summary>Another lab's lock is a file in it: a directory that a living lab needs is never removed.</summary>
    private static void RemoveRootIfEmpty()
    {
        try
        {
            Directory.Delete(LabPaths.Root);
        }
        catch (IOException)
        {
            // Not empty: another lab's.
        }
    }
}
