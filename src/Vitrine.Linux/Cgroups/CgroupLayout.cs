using System.Text;
using Vitrine.Linux.Proc;

namespace Vitrine.Linux;

/// <summary>The cgroup hierarchies of a host, as mounted: v1, v2 or both.</summary>
public sealed class CgroupLayout
{
    private readonly Dictionary<string, CgroupHierarchy> _byController = [];

    public CgroupLayout(IReadOnlyList<CgroupHierarchy> hierarchies)
    {
        Hierarchies = hierarchies;
        foreach (var hierarchy in hierarchies)
            foreach (var controller in hierarchy.Controllers)
                _byController.TryAdd(controller, hierarchy);
    }

    public IReadOnlyList<CgroupHierarchy> Hierarchies { get; }

    /// <summary>Whether the host has the v2 tree alone.</summary>
    public bool IsUnified => Hierarchies is [{ Version: 2 }];

    /// <summary>The hierarchy that a controller (<c>memory</c>, <c>pids</c>, v2's <c>io</c>) is used through, or null where there is none.</summary>
    public CgroupHierarchy? Of(string controller) => _byController.GetValueOrDefault(controller);

    /// <summary>The v2 tree, where it can limit something.</summary>
    public CgroupHierarchy? Unified => Hierarchies.FirstOrDefault(hierarchy => hierarchy.Version == 2);

    /// <summary>Reads the hierarchies from <c>self/mountinfo</c>, and the controllers of a v2 tree from its <c>cgroup.controllers</c>.</summary>
    /// <param name="procRoot">The proc filesystem to read.</param>
    /// <param name="root">A directory that stands for <c>/</c>; mount points are looked up and returned below it.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static CgroupLayout Read(string procRoot = "/proc", string root = "")
    {
        var found = new List<CgroupHierarchy>();
        var path = $"{procRoot}/self/mountinfo";
        using var content = ProcFile.Read(path);
        if (content.IsMissing)
            throw new LinuxException("open", path, Errno.ENOENT);
        var text = content.Bytes;
        // A host with many containers has thousands of mounts: only lines of cgroup filesystems become strings.
        foreach (var range in text.Split((byte)'\n'))
            if (text[range] is var line && line.IndexOf(" - cgroup"u8) > 0 && Parse(Encoding.UTF8.GetString(line), root) is { } hierarchy
                && !found.Exists(known => SameHierarchy(known, hierarchy)))
                found.Add(hierarchy);
        // Beside v1, a v2 tree without controllers can limit nothing.
        if (found.Exists(hierarchy => hierarchy.Version == 1))
            found.RemoveAll(hierarchy => hierarchy is { Version: 2, Controllers.Count: 0 });
        return new CgroupLayout(found);
    }

    /// <summary>Reads one mountinfo line (proc(5)): <c>id parent dev root mountpoint options [tags] - type source super-options</c>.</summary>
    private static CgroupHierarchy? Parse(string line, string root)
    {
        var separator = line.IndexOf(" - ", StringComparison.Ordinal);
        if (separator < 0)
            return null;
        var tail = line[(separator + 3)..].Split(' ');
        var head = line[..separator].Split(' ');
        if (tail.Length < 3 || head.Length < 6)
            return null;

        var mountPoint = root + Unescape(head[4]);
        return tail[0] switch
        {
            "cgroup2" => new() { Version = 2, MountPoint = mountPoint, Root = Unescape(head[3]), Controllers = ReadControllers(mountPoint) },
            "cgroup" => FromOptions(mountPoint, tail[2].Split(',')) with { Root = Unescape(head[3]) },
            _ => null,
        };
    }

    private static CgroupHierarchy FromOptions(string mountPoint, string[] options)
    {
        const string namePrefix = "name=";
        var name = options.FirstOrDefault(option => option.StartsWith(namePrefix, StringComparison.Ordinal));
        return new()
        {
            Version = 1,
            MountPoint = mountPoint,
            Name = name?[namePrefix.Length..],
            Controllers = [.. options.Where(option => !s_otherOptions.Contains(option) && !option.Contains('='))],
        };
    }

    /// <summary>Mount options of a v1 hierarchy that are not controllers (kernel/cgroup/cgroup-v1.c).</summary>
    private static readonly HashSet<string> s_otherOptions =
        ["rw", "ro", "none", "all", "noprefix", "clone_children", "xattr", "cpuset_v2_mode", "favordynmods", "nofavordynmods", "seclabel"];

    private static string[] ReadControllers(string mountPoint)
    {
        var file = $"{mountPoint}/cgroup.controllers";
        return File.Exists(file) ? File.ReadAllText(file).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries) : [];
    }

    private static bool SameHierarchy(CgroupHierarchy a, CgroupHierarchy b) =>
        a.Version == b.Version && a.Name == b.Name && (a.Version == 2 || a.Controllers.SequenceEqual(b.Controllers));

    /// <summary>Undoes the octal escapes of space, tab, newline and backslash.</summary>
    private static string Unescape(string field) => field.Contains('\\')
        ? field.Replace("\\040", " ").Replace("\\011", "\t").Replace("\\012", "\n").Replace("\\134", "\\")
        : field;
}
