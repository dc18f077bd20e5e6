using System.Globalization;
using System.Text;
using Vitrine.Linux.Proc;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>
/// A container's class of service in the resctrl filesystem: its share of cache and of memory bandwidth (runtime-spec
/// config-linux.md, IntelRdt; the kernel's Documentation/filesystems/resctrl.rst).
/// </summary>
public sealed class ResctrlGroup
{
    private readonly string _root;
    private readonly string _id;
    private readonly IntelRdt _wanted;

    private ResctrlGroup(string root, string id, IntelRdt wanted)
    {
        _root = root;
        _id = id;
        _wanted = wanted;
    }

    private string Directory => _wanted.ClosId == "/" ? _root : Path.Join(_root, _wanted.ClosId ?? _id);

    private string Monitor => Path.Join(Directory, "mon_groups", _id);

    private IEnumerable<string> Lines => new[] { _wanted.L3CacheSchema, _wanted.MemBwSchema }.Concat(_wanted.Schemata ?? []).OfType<string>();

    /// <summary>The group that a configuration wants, or null where it wants none.</summary>
    /// <param name="wanted">linux.intelRdt.</param>
    /// <param name="id">The container.</param>
    /// <param name="root">Where resctrl is mounted; found in /proc/self/mountinfo where null.</param>
    /// <exception cref="VitrineException">This host has none.</exception>
    public static ResctrlGroup? Of(IntelRdt? wanted, string id, string? root = null) => wanted is null
        ? null
        : new ResctrlGroup(root ?? MountPoint() ?? throw Invalid.Configuration(
            "linux.intelRdt: no resctrl filesystem is mounted here: mount -t resctrl resctrl /sys/fs/resctrl, on a processor that has it"), id, wanted);

    /// <summary>As <see cref="Delete"/>, for a container whose host may have no resctrl any more.</summary>
    public static void Remove(IntelRdt? wanted, string id)
    {
        if (wanted is not null && MountPoint() is { } root)
            new ResctrlGroup(root, id, wanted).Delete();
    }

    /// <summary>Puts a process into the group, making or checking the group first.</summary>
    /// <exception cref="VitrineException">The group is not there or is another, or the kernel refuses a schema.</exception>
    public void Join(int pid)
    {
        var own = _wanted.ClosId is null;
        var exists = System.IO.Directory.Exists(Directory);
        if (!exists && !own && !Lines.Any())
            throw Invalid.Configuration($"linux.intelRdt.closID: there is no class \"{_wanted.ClosId}\", and no schema to make it with");
        if (exists && !own)
            Compare();
        System.IO.Directory.CreateDirectory(Directory);
        if (!exists || own)
            Write("schemata", string.Concat(Lines.Select(line => line + "\n")));
        Write("tasks", pid.ToString(CultureInfo.InvariantCulture));
        if (!_wanted.EnableMonitoring)
            return;
        System.IO.Directory.CreateDirectory(Monitor);
        Write(Path.Join("mon_groups", _id, "tasks"), pid.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Removes what was made for the container alone; what is not there is no error.</summary>
    public void Delete()
    {
        if (_wanted.EnableMonitoring)
            Remove(Monitor);
        if (_wanted.ClosId is null)
            Remove(Directory);
    }

    /// <summary>What a class that is there already must say, line by line.</summary>
    private void Compare()
    {
        var there = File.ReadAllLines(Path.Join(Directory, "schemata")).Select(Normalize).ToHashSet();
        foreach (var line in Lines)
            if (!there.Contains(Normalize(line)))
                throw Invalid.Configuration($"linux.intelRdt: class \"{_wanted.ClosId}\" is there, and its schemata do not say \"{line}\"");
    }

    /// <summary>The kernel aligns the names and pads the numbers: <c>    L3:0=00ff;1=00ff</c>.</summary>
    private static string Normalize(string line)
    {
        var colon = line.IndexOf(':');
        var values = line[(colon + 1)..].Split(';').Select(value => value.Trim().Split('='))
            .Select(pair => $"{pair[0].Trim()}={(pair.Length > 1 ? pair[1].Trim().TrimStart('0') : "")}");
        return $"{line[..Math.Max(colon, 0)].Trim()}:{string.Join(';', values)}";
    }

    private void Write(string file, string text)
    {
        if (text.Length == 0)
            return;
        var path = Path.Join(Directory, file);
        try
        {
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
            RandomAccess.Write(handle, Encoding.UTF8.GetBytes(text), 0);
        }
        catch (IOException e)
        {
            throw new VitrineException(ErrorKind.Invalid, $"linux.intelRdt: write {path}: {e.Message}", e);
        }
    }

    private static void Remove(string directory)
    {
        try
        {
            System.IO.Directory.Delete(directory);
        }
        catch (IOException)
        {
            // Gone already; or the kernel keeps it, and the next delete finds it.
        }
    }

    private static string? MountPoint()
    {
        foreach (var mount in MountEntry.Parse(File.ReadAllBytes("/proc/self/mountinfo")))
            if (mount.FileSystem == "resctrl")
                return mount.MountPoint;
        return null;
    }
}
