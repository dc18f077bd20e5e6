using Vitrine.Linux;

namespace Vitrine.Insight.Control;

/// <summary>A cgroup in the tree: what is in it, what it uses and what it may, in the words of v2 whichever version it is in.</summary>
public sealed record ControlNode
{
    /// <summary>Below the hierarchies' roots.</summary>
    public required string Path { get; init; }

    /// <summary>The controllers it is in; a v1 cgroup may be there for some only.</summary>
    public required IReadOnlyList<string> Controllers { get; init; }

    /// <summary>Host pids of the processes in it, not below it; a process may be in it for some controllers only.</summary>
    public required IReadOnlyList<int> Processes { get; init; }

    /// <summary>Use and limit; null where they are not counted or there is no limit.</summary>
    public long? MemoryBytes { get; init; }
    public long? MemoryLimitBytes { get; init; }
    public long? Pids { get; init; }
    public long? PidsLimit { get; init; }

    /// <summary>Processors it may use, and its weight against its brothers (cpu.weight).</summary>
    public double? Cpus { get; init; }
    public long? Weight { get; init; }
    public bool? Frozen { get; init; }

    /// <summary>The engine, <c>systemd</c> or null.</summary>
    public string? Owner { get; init; }

    /// <summary>The container it is, by the id in its path.</summary>
    public string? ContainerId { get; init; }

    /// <summary>Its name, where an engine's files tell it.</summary>
    public string? ContainerName { get; init; }

    public required IReadOnlyList<ControlNode> Children { get; init; }

    /// <summary>Reads a cgroup and what is below it.</summary>
    /// <param name="group">Where to begin.</param>
    /// <param name="depth">How many levels below it.</param>
    /// <param name="nameOf">The name of a container's id.</param>
    public static ControlNode Read(ControlGroup group, int depth, Func<string, string?>? nameOf = null)
    {
        var max = Value(group, "cpu.max")?.Split(' ');
        var owner = group.Owner;
        return new ControlNode
        {
            Path = group.Path,
            Controllers = [.. group.Layout.Hierarchies.SelectMany(hierarchy => EnabledIn(group, hierarchy))],
            Processes = group.Processes(),
            MemoryBytes = ControlValue.ParseNumber(Value(group, "memory.current")),
            MemoryLimitBytes = ControlValue.ParseLimit(Value(group, "memory.max")),
            Pids = ControlValue.ParseNumber(Value(group, "pids.current")),
            PidsLimit = ControlValue.ParseLimit(Value(group, "pids.max")),
            Cpus = max is [var quota, var period] && ControlValue.ParseLimit(quota) is { } time && ControlValue.ParseNumber(period) is > 0 and var of ? (double)time / of : null,
            Weight = ControlValue.ParseNumber(Value(group, "cpu.weight")),
            Frozen = IsFrozen(group),
            Owner = owner.Name,
            ContainerId = owner.Id,
            ContainerName = owner.Id is { } id ? nameOf?.Invoke(id) : null,
            Children = depth <= 0 ? [] : [.. Below(group).Select(child => Read(child, depth - 1, nameOf))],
        };
    }

    /// <summary>The cgroups right below one, by name; one that goes meanwhile is left out.</summary>
    public static IEnumerable<ControlGroup> Below(ControlGroup group)
    {
        var children = new SortedDictionary<string, Dictionary<CgroupHierarchy, string>>(StringComparer.Ordinal);
        foreach (var hierarchy in group.Layout.Hierarchies)
        {
            foreach (var name in NamesIn(group.DirectoryIn(hierarchy)))
            {
                if (!children.TryGetValue(name, out var paths))
                    children[name] = paths = [];
                paths[hierarchy] = $"{group.PathIn(hierarchy).TrimEnd('/')}/{name}";
            }
        }

        return children.Select(child => new ControlGroup(child.Value.Values.First(), child.Value));
    }

    /// <summary>Whether a cgroup is asked to stand still; a hybrid host has two freezers, either of which stops it. Null where there is none.</summary>
    public static bool? IsFrozen(ControlGroup group) => (group.Read("freezer.state"), group.Read("cgroup.freeze")) switch
    {
        (null, null) => null,
        ("FROZEN" or "FREEZING", _) or (_, "1") => true,
        _ => false,
    };

    /// <summary>The value of a name of v2, from either version's files; null where it is not to be had.</summary>
    private static string? Value(ControlGroup group, string name)
    {
        if (group.Read(name) is { } value)
            return value;
        foreach (var counterpart in Counterparts.Of(name))
        {
            if (counterpart.Read(name, group) is { } translated)
                return translated;
        }

        return null;
    }

    private static IEnumerable<string> EnabledIn(ControlGroup group, CgroupHierarchy hierarchy) => hierarchy.Version == 1
        ? hierarchy.Keys
        : (group.Read("cgroup.controllers") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> NamesIn(string directory)
    {
        try
        {
            return Directory.GetDirectories(directory).Select(path => System.IO.Path.GetFileName(path)!);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }
}
