using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>One cgroup: a directory in every hierarchy of the host, of the same path unless resolved otherwise (cgroups(7)).</summary>
public sealed partial class Cgroup
{
    private readonly Dictionary<CgroupHierarchy, string>? _directories;

    private Cgroup(CgroupLayout layout, string path, Dictionary<CgroupHierarchy, string>? directories = null)
    {
        Layout = layout;
        Path = path;
        _directories = directories;
    }

    /// <summary>The hierarchies that it is in.</summary>
    public CgroupLayout Layout { get; }

    /// <summary>Absolute below each hierarchy's mount point, e.g. <c>/vitrine/ID</c>; where hierarchies differ, that in the first.</summary>
    public string Path { get; }

    /// <summary>Whether it exists in any hierarchy.</summary>
    public bool Exists => Layout.Hierarchies.Any(hierarchy => Directory.Exists(DirectoryIn(hierarchy)));

    /// <summary>Its directories by controller, <c>name=NAME</c>, or the empty name for v2: what a runtime's state file lists.</summary>
    public IReadOnlyDictionary<string, string> Directories
    {
        get
        {
            var result = new Dictionary<string, string>();
            foreach (var hierarchy in Layout.Hierarchies)
                foreach (var key in hierarchy.Keys)
                    result[key] = DirectoryIn(hierarchy);
            return result;
        }
    }

    /// <summary>Names a cgroup, whether it exists or not.</summary>
    /// <exception cref="ArgumentException">The path is not absolute, is the root, or has a <c>.</c>, <c>..</c> or empty part.</exception>
    public static Cgroup Open(string path, CgroupLayout? layout = null) => new(layout ?? CgroupLayout.Read(), Checked(path));

    /// <summary>Names a cgroup whose path is another one in each hierarchy; hierarchies without a path are left out.</summary>
    /// <exception cref="ArgumentException">As for the other form.</exception>
    public static Cgroup Open(CgroupLayout layout, Func<CgroupHierarchy, string?> path)
    {
        var directories = new Dictionary<CgroupHierarchy, string>();
        string? first = null;
        foreach (var hierarchy in layout.Hierarchies)
        {
            if (path(hierarchy) is not { } here)
                continue;
            first ??= here;
            directories.Add(hierarchy, hierarchy.MountPoint + Checked(here));
        }

        return new Cgroup(new CgroupLayout([.. directories.Keys]), first ?? "/", directories);
    }

    /// <summary>The cgroup whose <see cref="Directories"/> were kept.</summary>
    /// <exception cref="ArgumentException">A directory is not below its hierarchy's mount point.</exception>
    public static Cgroup FromDirectories(IReadOnlyDictionary<string, string> directories, CgroupLayout? layout = null) =>
        Open(layout ?? CgroupLayout.Read(), hierarchy =>
            directories.GetValueOrDefault(hierarchy.Keys[0]) is not { } directory ? null
            : directory.StartsWith(hierarchy.MountPoint + "/", StringComparison.Ordinal) ? directory[hierarchy.MountPoint.Length..]
            : throw new ArgumentException($"cgroup directory {directory} is not below {hierarchy.MountPoint}", nameof(directories)));

    /// <summary>The cgroup's directory in one hierarchy.</summary>
    public string DirectoryIn(CgroupHierarchy hierarchy) => _directories?[hierarchy] ?? hierarchy.MountPoint + Path;

    /// <summary>The path of a control file, or null where the host does not have the controller; <c>cgroup</c> is v2's core.</summary>
    public string? FileOf(string controller, string file) =>
        (controller == "cgroup" ? Layout.Unified : Layout.Of(controller)) is { } hierarchy ? $"{DirectoryIn(hierarchy)}/{file}" : null;

    /// <summary>Writes a control file.</summary>
    /// <exception cref="LinuxException">The kernel refused the value; ENOENT where the host has no such controller or file.</exception>
    public void Write(string controller, string file, string value) =>
        CgroupFile.Write(FileOf(controller, file) ?? throw new LinuxException($"cgroup controller {controller}", file, Errno.ENOENT), value);

    /// <summary>Reads a control file; null where there is none.</summary>
    public string? Read(string controller, string file) => FileOf(controller, file) is { } path ? CgroupFile.TryRead(path) : null;

    /// <summary>Reads a file of the cgroup itself in one hierarchy; null where there is none.</summary>
    public string? Read(CgroupHierarchy hierarchy, string file) => CgroupFile.TryRead($"{DirectoryIn(hierarchy)}/{file}");

    /// <summary>Writes a control file in one hierarchy.</summary>
    /// <exception cref="LinuxException">The kernel refused the value, or has no such file.</exception>
    public void Write(CgroupHierarchy hierarchy, string file, string value) => CgroupFile.Write($"{DirectoryIn(hierarchy)}/{file}", value);

    /// <summary>Moves a process, with all its threads, into the cgroup of a directory: of one hierarchy alone, its root too.</summary>
    /// <exception cref="LinuxException">The process has gone, or the kernel refused.</exception>
    public static void Join(string directory, int pid) => CgroupFile.Write($"{directory}/cgroup.procs", pid.ToString(CultureInfo.InvariantCulture));

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

    /// <summary>
    /// Opens the files by which a process with one thread moves itself into its v1 cgroups, by writing "0": that takes no lock of the
    /// whole machine, as moving any other process does (kernel/cgroup/cgroup.c, cgroup_procs_write_start). pids is the last.
    /// </summary>
    /// <exception cref="LinuxException">The cgroup is not there, or not this user's.</exception>
    public IReadOnlyList<(string Path, SafeFileHandle File)> OpenTaskFiles()
    {
        var last = Layout.Of("pids");
        var opened = new List<(string Path, SafeFileHandle File)>(Layout.Hierarchies.Count);
        try
        {
            foreach (var hierarchy in Layout.Hierarchies)
                if (hierarchy.Version == 1 && hierarchy != last)
                    Open(hierarchy);
            if (last is { Version: 1 })
                Open(last);
            return opened;
        }
        catch
        {
            foreach (var (_, file) in opened)
                file.Dispose();
            throw;
        }

        void Open(CgroupHierarchy hierarchy)
        {
            var path = $"{DirectoryIn(hierarchy)}/tasks";
            opened.Add((path, Fd.Open(path, OpenFlags.WriteOnly)));
        }
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
    public long OomKills() => (long)CgroupText.Value(Read("memory", OomFile), "oom_kill");

    // v1: memory.oom_control, v2: memory.events; both have a line "oom_kill N".
    private string OomFile => Layout.Of("memory") is { Version: 1 } ? "memory.oom_control" : "memory.events";

    private static string Checked(string path) =>
        path.StartsWith('/') && !path[1..].Split('/').Any(part => part is "" or "." or "..")
            ? path
            : throw new ArgumentException($"invalid cgroup path: \"{path}\"", nameof(path));

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
