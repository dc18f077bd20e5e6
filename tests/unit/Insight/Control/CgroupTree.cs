using Vitrine.Insight.Control;
using Vitrine.Linux;

namespace Vitrine.Tests.Unit.Insight.Control;

/// <summary>Hierarchies of plain directories.</summary>
internal sealed class CgroupTree : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-cgroups-").FullName;

    public CgroupLayout V1 => new([Old("memory", "memory"), Old("cpu,cpuacct", "cpu", "cpuacct"), Old("pids", "pids"), Old("freezer", "freezer")]);

    public CgroupLayout V2 => new([new() { Version = 2, MountPoint = $"{_root}/v2", Controllers = ["cpu", "memory", "pids", "io"] }]);

    public string Mount(string hierarchy) => $"{_root}/{hierarchy}";

    /// <summary>A file below the root, of a hierarchy's mount.</summary>
    public CgroupTree File(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName($"{_root}/{path}")!);
        System.IO.File.WriteAllText($"{_root}/{path}", text + "\n");
        return this;
    }

    public ControlGroup Group(CgroupLayout layout, string path) =>
        new(path, layout.Hierarchies.Where(hierarchy => Directory.Exists(hierarchy.MountPoint + path)).ToDictionary(hierarchy => hierarchy, _ => path));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private CgroupHierarchy Old(string name, params string[] controllers) => new() { Version = 1, MountPoint = $"{_root}/{name}", Controllers = controllers };
}
