using System.Globalization;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Control;

/// <summary>One cgroup as its control files: in the v2 tree, in v1 hierarchies, or in both (cgroups(7)). The root is one too, to be looked at.</summary>
public sealed class ControlGroup : IControlFiles
{
    private readonly Dictionary<CgroupHierarchy, string> _paths;

    /// <param name="name">What the user calls it.</param>
    /// <param name="paths">Its path below the mount point of each hierarchy that it is in; <c>/</c> is the root.</param>
    public ControlGroup(string name, IReadOnlyDictionary<CgroupHierarchy, string> paths)
    {
        Name = name;
        _paths = new(paths);
        Layout = new CgroupLayout([.. _paths.Keys]);
    }

    public string Name { get; }

    /// <summary>The container that it is, where it was named by one.</summary>
    public ContainerHints? Container { get; init; }

    /// <summary>The hierarchies that it is in.</summary>
    public CgroupLayout Layout { get; }

    /// <summary>Its path: that in the first hierarchy where they differ.</summary>
    public string Path => _paths.Values.FirstOrDefault() ?? "/";

    /// <summary>Whether it is the root of any of its hierarchies.</summary>
    public bool IsRoot => _paths.ContainsValue("/");

    /// <summary>Whose it is.</summary>
    public ControlOwner Owner => ControlOwner.Of(Path);

    /// <summary>Its path in a hierarchy.</summary>
    public string PathIn(CgroupHierarchy hierarchy) => _paths[hierarchy];

    /// <summary>Its directory in a hierarchy.</summary>
    public string DirectoryIn(CgroupHierarchy hierarchy) => hierarchy.MountPoint + (_paths[hierarchy] == "/" ? "" : _paths[hierarchy]);

    /// <summary>The same cgroup without some of its hierarchies.</summary>
    public ControlGroup Only(Func<CgroupHierarchy, bool> kept) =>
        new(Name, _paths.Where(pair => kept(pair.Key)).ToDictionary()) { Container = Container };

    /// <summary>
    /// The same cgroup in those hierarchies alone where it is not the root: runc and crun leave the containers of a hybrid host at the
    /// root of the v2 tree, which has no controllers. One that is the root everywhere stays so.
    /// </summary>
    public ControlGroup BelowRoots() => _paths.Values.All(path => path == "/") ? this : Only(hierarchy => _paths[hierarchy] != "/");

    /// <summary>The cgroup above it; the root's is itself.</summary>
    public ControlGroup Parent() => new($"the parent of {Name}", _paths.ToDictionary(pair => pair.Key, pair => Above(pair.Value)));

    /// <summary>As the rooms below see it: created, joined, deleted.</summary>
    /// <exception cref="VitrineException">Invalid: it is the root, which is the whole host's.</exception>
    public Cgroup ToCgroup()
    {
        RefuseRoot("touched");
        return Cgroup.Open(Layout, hierarchy => _paths[hierarchy]);
    }

    /// <summary>Throws where it is the root.</summary>
    /// <exception cref="VitrineException">Invalid.</exception>
    public void RefuseRoot(string what)
    {
        if (IsRoot)
            throw new VitrineException(ErrorKind.Invalid, $"the root cgroup is not to be {what}: its settings are the whole host's. Name a cgroup below it");
    }

    /// <summary>The version of the hierarchy that a controller is used through; 0 where the cgroup has no such controller.</summary>
    public int VersionOf(string controller) => Layout.Of(controller)?.Version ?? 0;

    /// <inheritdoc/>
    public string? PathOf(string file) => HierarchyOf(file) is { } hierarchy ? $"{DirectoryIn(hierarchy)}/{file}" : null;

    /// <inheritdoc/>
    /// <exception cref="LinuxException">It may not be read.</exception>
    public string? Read(string file) => PathOf(file) is { } path ? KernelFile.Read(path)?.TrimEnd('\n') : null;

    /// <summary>Writes a control file, by one write(2).</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Write(string file, string value)
    {
        var hierarchy = HierarchyOf(file) ?? throw new LinuxException("write", file, Errno.ENOENT);
        var single = Cgroup.Open(new CgroupLayout([hierarchy]), _ => _paths[hierarchy]);
        single.Write(hierarchy, file, value);
    }

    /// <summary>The processes in it, not below it, ascending; a process may be in it in some hierarchies only.</summary>
    public IReadOnlyList<int> Processes()
    {
        var found = new SortedSet<int>();
        foreach (var hierarchy in Layout.Hierarchies)
        {
            foreach (var line in (KernelFile.Read($"{DirectoryIn(hierarchy)}/cgroup.procs") ?? "").AsSpan().EnumerateLines())
            {
                // 0 is a process that this pid namespace cannot name.
                if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0)
                    found.Add(pid);
            }
        }

        return [.. found];
    }

    /// <summary>Moves a process, with all its threads, into it; into the root too. The pids hierarchy comes last, as what precedes may fork.</summary>
    /// <exception cref="LinuxException">The kernel refused, or it has gone.</exception>
    public void Join(int pid)
    {
        foreach (var hierarchy in Layout.Hierarchies.OrderBy(hierarchy => hierarchy.Controllers.Contains("pids")))
            Cgroup.Join(DirectoryIn(hierarchy), pid);
    }

    /// <summary>The controller that a file's name begins with, and the hierarchy that has it; <c>cgroup.*</c> is any hierarchy's.</summary>
    private CgroupHierarchy? HierarchyOf(string file)
    {
        var dot = file.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || file.Contains('/', StringComparison.Ordinal))
            return null;
        return file[..dot] == "cgroup" ? Layout.Unified ?? Layout.Hierarchies.FirstOrDefault() : Layout.Of(file[..dot]);
    }

    private static string Above(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "/";
}

/// <summary>The control files of a cgroup by name.</summary>
public interface IControlFiles
{
    /// <summary>The text without the last line end; null where there is no such file.</summary>
    string? Read(string file);

    /// <summary>Where the file is or would be; null where no hierarchy has its controller.</summary>
    string? PathOf(string file);
}
