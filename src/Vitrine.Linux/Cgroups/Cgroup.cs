namespace Vitrine.Linux;

/// <summary>One cgroup: the directory of the same path in every hierarchy of the host.</summary>
public sealed class Cgroup
{
    private Cgroup(CgroupLayout layout, string path)
    {
        Layout = layout;
        Path = path;
    }

    public CgroupLayout Layout { get; }

    /// <summary>Absolute below each hierarchy's mount point, e.g. <c>/vitrine/ID</c>.</summary>
    public string Path { get; }

    /// <summary>Names a cgroup, whether it exists or not.</summary>
    /// <exception cref="ArgumentException">The path is not absolute or has a <c>.</c>, <c>..</c> or empty part.</exception>
    public static Cgroup Open(string path, CgroupLayout? layout = null)
    {
        if (!path.StartsWith('/') || path[1..].Split('/').Any(part => part is "" or "." or ".."))
            throw new ArgumentException($"invalid cgroup path: {path}", nameof(path));
        return new Cgroup(layout ?? CgroupLayout.Read(), path);
    }

    /// <summary>The cgroup's directory in one hierarchy.</summary>
    public string DirectoryIn(CgroupHierarchy hierarchy) => hierarchy.MountPoint + Path;

    /// <summary>Kills every process in it and below it, and returns when none is left.</summary>
    public void KillAll() => throw new NotImplementedException();

    /// <summary>Removes it and what is below it, in every hierarchy; one that does not exist is fine.</summary>
    public void Delete() => throw new NotImplementedException();
}
