using System.Globalization;

namespace Vitrine.Linux;

/// <summary>One cgroup: the directory of the same path in every hierarchy of the host (cgroups(7)).</summary>
public sealed partial class Cgroup
{
    private Cgroup(CgroupLayout layout, string path)
    {
        Layout = layout;
        Path = path;
    }

    public CgroupLayout Layout { get; }

    /// <summary>Absolute below each hierarchy's mount point, e.g. <c>/vitrine/ID</c>.</summary>
    public string Path { get; }

    /// <summary>Whether it exists in any hierarchy.</summary>
    public bool Exists => Layout.Hierarchies.Any(hierarchy => Directory.Exists(DirectoryIn(hierarchy)));

    /// <summary>Names a cgroup, whether it exists or not.</summary>
    /// <exception cref="ArgumentException">The path is not absolute, is the root, or has a <c>.</c>, <c>..</c> or empty part.</exception>
    public static Cgroup Open(string path, CgroupLayout? layout = null)
    {
        if (!path.StartsWith('/') || path[1..].Split('/').Any(part => part is "" or "." or ".."))
            throw new ArgumentException($"invalid cgroup path: \"{path}\"", nameof(path));
        return new Cgroup(layout ?? CgroupLayout.Read(), path);
    }

    /// <summary>The cgroup's directory in one hierarchy.</summary>
    public string DirectoryIn(CgroupHierarchy hierarchy) => hierarchy.MountPoint + Path;

    /// <summary>The path of a control file of a controller, or null where the host does not have the controller.</summary>
    public string? FileOf(string controller, string file) =>
        Layout.Of(controller) is { } hierarchy ? $"{DirectoryIn(hierarchy)}/{file}" : null;

    /// <summary>Writes a control file.</summary>
    /// <exception cref="LinuxException">The kernel refused the value; ENOENT where the host has no such controller or file.</exception>
    public void Write(string controller, string file, string value) =>
        CgroupFile.Write(FileOf(controller, file) ?? throw new LinuxException($"cgroup controller {controller}", file, Errno.ENOENT), value);

    /// <summary>Reads a control file; null where there is none.</summary>
    public string? Read(string controller, string file) => FileOf(controller, file) is { } path ? CgroupFile.TryRead(path) : null;

    /// <summary>Reads a file of the cgroup itself in one hierarchy; null where there is none.</summary>
    public string? Read(CgroupHierarchy hierarchy, string file) => CgroupFile.TryRead($"{DirectoryIn(hierarchy)}/{file}");

    /// <summary>Moves a process, with all its threads, into the cgroup: the pids hierarchy last, so that what precedes may still fork.</summary>
    /// <exception cref="LinuxException">The process has gone, or the kernel refused.</exception>
    public void Join(int pid)
    {
        var text = pid.ToString(CultureInfo.InvariantCulture);
        var last = Layout.Of("pids");
        foreach (var hierarchy in Layout.Hierarchies)
            if (hierarchy != last)
                CgroupFile.Write($"{DirectoryIn(hierarchy)}/cgroup.procs", text);
        if (last is not null)
            CgroupFile.Write($"{DirectoryIn(last)}/cgroup.procs", text);
    }

    /// <summary>The processes in it and in the cgroups below it.</summary>
    public IReadOnlyList<int> Processes()
    {
        var found = new HashSet<int>();
        foreach (var hierarchy in Layout.Hierarchies)
            Collect(DirectoryIn(hierarchy), found);
        return [.. found];
    }

    /// <summary>How often the kernel killed a process in it for want of memory.</summary>
    public long OomKills()
    {
        // v1: memory.oom_control, v2: memory.events; both have a line "oom_kill N".
        var file = Layout.Of("memory") is { Version: 1 } ? "memory.oom_control" : "memory.events";
        foreach (var line in (Read("memory", file) ?? "").Split('\n'))
            if (line.StartsWith("oom_kill ", StringComparison.Ordinal) && long.TryParse(line.AsSpan("oom_kill ".Length), out var count))
                return count;
        return 0;
    }

    private static void Collect(string directory, HashSet<int> into)
    {
        if (CgroupFile.TryRead($"{directory}/cgroup.procs") is not { } processes)
            return;
        foreach (var line in processes.AsSpan().EnumerateLines())
            // 0 is a process that this pid namespace cannot name.
            if (int.TryParse(line, out var pid) && pid > 0)
                into.Add(pid);
        foreach (var child in CgroupFile.Children(directory))
            Collect(child, into);
    }
}
