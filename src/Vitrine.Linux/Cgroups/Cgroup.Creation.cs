using System.Runtime.InteropServices;
using System.Text;

namespace Vitrine.Linux;

public sealed partial class Cgroup
{
    private const uint DirectoryMode = 0x1ED; // 0755
    private static readonly TimeSpan s_removalPatience = TimeSpan.FromSeconds(2);

    /// <summary>Creates it in every hierarchy, with the parents that are missing; an existing one is taken over.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Create()
    {
        foreach (var hierarchy in Layout.Hierarchies)
            Create(hierarchy);
    }

    /// <summary>Creates it in one hierarchy, with the parents that are missing; an existing one is taken over.</summary>
    /// <param name="hierarchy">One of its layout.</param>
    /// <param name="controllers">Which it is to have in the v2 tree; all where null.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Create(CgroupHierarchy hierarchy, IReadOnlyList<string>? controllers = null)
    {
        var path = PathIn(hierarchy);
        CreateIn(hierarchy, path);
        if (hierarchy.Version == 2)
            EnableControllers(hierarchy, path, controllers ?? hierarchy.Controllers);
    }

    /// <summary>A cgroup below it, or itself in hierarchies where the path is null.</summary>
    /// <exception cref="ArgumentException">A path is no relative path of a cgroup.</exception>
    public Cgroup Below(Func<CgroupHierarchy, string?> path) =>
        Open(Layout, hierarchy => path(hierarchy) is { } below ? $"{PathIn(hierarchy)}/{below}" : PathIn(hierarchy));

    /// <summary>The same cgroup without some of its hierarchies.</summary>
    public Cgroup Only(Func<CgroupHierarchy, bool> kept) => Open(Layout, hierarchy => kept(hierarchy) ? PathIn(hierarchy) : null);

    /// <summary>
    /// Gives the v2 cgroup to a user, as the kernel says that delegation works (cgroups(7)): the directory and those files
    /// by which processes and controllers are spread below it, not the limits.
    /// </summary>
    /// <exception cref="LinuxException">Not allowed.</exception>
    public void Delegate(uint owner)
    {
        if (Layout.Unified is not { } unified)
            return;
        using var directory = FileAt.OpenDirectory(DirectoryIn(unified));
        FileOn.ChangeOwner(directory, owner, uint.MaxValue);
        var files = CgroupFile.TryRead("/sys/kernel/cgroup/delegate") ?? "cgroup.procs\ncgroup.subtree_control\ncgroup.threads";
        foreach (var file in files.Split('\n'))
            if (FileAt.TryStatus(directory, Encoding.UTF8.GetBytes(file), out _) == Errno.None)
                FileAt.ChangeOwner(directory, Encoding.UTF8.GetBytes(file), owner, uint.MaxValue);
    }

    /// <summary>Removes it and what is below it, in every hierarchy; one that does not exist is fine.</summary>
    /// <exception cref="LinuxException">EBUSY where processes are still in it after two seconds.</exception>
    public void Delete()
    {
        var deadline = Environment.TickCount64 + (long)s_removalPatience.TotalMilliseconds;
        foreach (var hierarchy in Layout.Hierarchies)
            DeleteTree(DirectoryIn(hierarchy), deadline);
    }

    private string PathIn(CgroupHierarchy hierarchy) => DirectoryIn(hierarchy)[hierarchy.MountPoint.Length..];

    private static void CreateIn(CgroupHierarchy hierarchy, string path)
    {
        var directory = hierarchy.MountPoint + path;
        var error = TryMakeDirectory(directory);
        if (error == Errno.ENOENT)
        {
            CreateIn(hierarchy, path[..path.LastIndexOf('/')]);
            error = TryMakeDirectory(directory);
        }

        if (error is not (Errno.None or Errno.EEXIST))
            throw new LinuxException("create cgroup", directory, error);
        if (hierarchy.Version == 1 && hierarchy.Controllers.Contains("cpuset"))
            InheritCpuset(directory);
    }

    /// <summary>A new v1 cpuset is empty and takes no process until it has CPUs and memory nodes.</summary>
    private static void InheritCpuset(string directory)
    {
        var parent = System.IO.Path.GetDirectoryName(directory);
        foreach (var file in (ReadOnlySpan<string>)["cpuset.cpus", "cpuset.mems"])
            if (CgroupFile.TryRead($"{directory}/{file}") is "" && CgroupFile.TryRead($"{parent}/{file}") is { Length: > 0 } inherited)
                CgroupFile.Write($"{directory}/{file}", inherited);
        // From now on the kernel copies them itself.
        CgroupFile.TryWrite($"{directory}/cgroup.clone_children", "1");
    }

    /// <summary>Passes controllers of the v2 tree down to this cgroup; one that cannot be, is not there to be limited.</summary>
    private void EnableControllers(CgroupHierarchy hierarchy, string path, IReadOnlyList<string> wanted)
    {
        var here = (CgroupFile.TryRead($"{DirectoryIn(hierarchy)}/cgroup.controllers") ?? "").Split(' ');
        var missing = wanted.Except(here).ToList();
        if (missing.Count == 0)
            return;
        for (var slash = 0; slash >= 0; slash = path.IndexOf('/', slash + 1))
            foreach (var controller in missing)
                CgroupFile.TryWrite($"{hierarchy.MountPoint}{path[..slash]}/cgroup.subtree_control", $"+{controller}");
    }

    /// <summary>A killed process may hold its cgroup for a moment after it was reaped: EBUSY is tried again.</summary>
    private static void DeleteTree(string directory, long deadline)
    {
        while (true)
        {
            if (RemoveDirectory(directory) == 0)
                return;
            var error = Check.LastErrno;
            // ENODEV: somebody else is at removing it.
            if (error is Errno.ENOENT or Errno.ENODEV)
                return;
            if (error != Errno.EBUSY || Environment.TickCount64 > deadline)
                throw new LinuxException("remove cgroup", directory, error);
            var children = CgroupFile.Children(directory);
            foreach (var child in children)
                DeleteTree(child, deadline);
            if (children.Length == 0)
                Thread.Sleep(1);
        }
    }

    private static Errno TryMakeDirectory(string path) => MakeDirectory(path, DirectoryMode) == 0 ? Errno.None : Check.LastErrno;

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeDirectory(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RemoveDirectory(string path);
}
