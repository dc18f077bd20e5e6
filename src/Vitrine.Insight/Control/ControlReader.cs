using System.Globalization;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Control;

/// <summary>A control file that was read.</summary>
public readonly record struct ControlSource(string Path, string Value);

/// <summary>What a setting is, under the name that was asked for.</summary>
public sealed record ControlReading
{
    public required string Name { get; init; }
    public required string Value { get; init; }

    /// <summary>What was read: the file of that name, or those of the other version that it was computed from.</summary>
    public required IReadOnlyList<ControlSource> Sources { get; init; }

    /// <summary>How the one became the other; null where the file has the name that was asked for.</summary>
    public string? Formula { get; init; }

    /// <summary>Its name and value in the other version of cgroups, where that has it.</summary>
    public string? OtherName { get; init; }
    public string? OtherValue { get; init; }
}

/// <summary>Reads settings by the names of either version.</summary>
public static class ControlReader
{
    /// <summary>What <c>vitrine cgroup get</c> shows where nothing is named: the settings that people set, in either version's name.</summary>
    private static readonly string[] s_common =
    [
        "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.soft_limit_in_bytes", "memory.usage_in_bytes",
        "memory.max", "memory.high", "memory.low", "memory.swap.max", "memory.current",
        "cpu.shares", "cpu.cfs_quota_us", "cpu.cfs_period_us", "cpu.weight", "cpu.max", "cpuacct.usage",
        "cpuset.cpus", "cpuset.mems", "pids.max", "pids.current", "blkio.bfq.weight", "blkio.weight", "io.weight", "io.max",
        "freezer.state", "cgroup.freeze",
    ];

    /// <summary>Reads one setting.</summary>
    /// <exception cref="VitrineException">NotFound: the cgroup has it under no name, with the reason.</exception>
    /// <exception cref="Linux.LinuxException">A file may not be read.</exception>
    public static ControlReading Read(ControlGroup group, string name)
    {
        if (group.Read(name) is { } value)
            return WithOther(new ControlReading { Name = name, Value = value, Sources = [new(group.PathOf(name)!, value)] }, group);
        foreach (var counterpart in Counterparts.Of(name))
        {
            var files = new Recorded(group);
            if (counterpart.Read(name, files) is { } translated)
            {
                return new ControlReading
                {
                    Name = name,
                    Value = translated,
                    Sources = files.Sources,
                    Formula = counterpart.Formula,
                    OtherName = counterpart.Other(name),
                    OtherValue = files.Sources[0].Value,
                };
            }
        }

        throw NotHere(group, name);
    }

    /// <summary>The settings that people set, as far as this cgroup has them, under the names of its own version.</summary>
    public static IReadOnlyList<ControlReading> Common(ControlGroup group)
    {
        var found = new List<ControlReading>();
        foreach (var name in s_common)
        {
            if (group.Read(name) is { } value)
                found.Add(WithOther(new ControlReading { Name = name, Value = value, Sources = [new(group.PathOf(name)!, value)] }, group));
        }

        return found;
    }

    /// <summary>What percentages of this cgroup's settings are of.</summary>
    internal static ControlHost HostOf(IControlFiles files, ProcFs proc)
    {
        var memory = 0L;
        foreach (var line in (proc.SystemText("meminfo") ?? "").AsSpan().EnumerateLines())
        {
            // MemTotal:       24683644 kB
            if (line.StartsWith("MemTotal:") && long.TryParse(line[9..].Trim("kB ").Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes))
                memory = kilobytes << 10;
        }

        var period = files.Read("cpu.cfs_period_us") ?? (files.Read("cpu.max")?.Split(' ') is [_, var second] ? second : null);
        return ControlValue.ParseNumber(period) is { } microseconds ? new ControlHost(memory, microseconds) : new ControlHost(memory);
    }

    /// <summary>Why a cgroup has no such setting.</summary>
    internal static VitrineException NotHere(ControlGroup group, string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0)
            return new VitrineException(ErrorKind.Invalid, $"'{name}' is no name of a setting: it begins with its controller, as memory.max");
        if (Counterparts.Missing(name) is { } reason)
            return new VitrineException(ErrorKind.NotFound, $"{name} is not to be had here: {reason}");
        var controller = name[..dot];
        var known = Counterparts.Of(name).FirstOrDefault();
        var other = known?.Other(name);
        var hierarchy = group.Layout.Of(controller) ?? (other is null ? null : group.Layout.Of(other[..other.IndexOf('.', StringComparison.Ordinal)]));
        if (hierarchy is null)
            return new VitrineException(ErrorKind.NotFound, $"{group.Name} has no controller {controller}: it is in {Controllers(group)}");
        var enabled = KernelFile.Read($"{group.DirectoryIn(hierarchy)}/cgroup.controllers");
        if (hierarchy.Version == 2 && enabled is not null && !enabled.Trim().Split(' ').Contains(hierarchy.Controllers.Contains(controller) ? controller : other![..other!.IndexOf('.', StringComparison.Ordinal)]))
        {
            return new VitrineException(ErrorKind.NotFound,
                $"{controller} is not enabled for {group.Path}: write +{controller} to cgroup.subtree_control of the cgroup above it, or 'vitrine cgroup create -g {controller}:{group.Path}'");
        }

        return new VitrineException(ErrorKind.NotFound, known is null
            ? $"{group.DirectoryIn(hierarchy)} has no file {name}, and nothing of the other version is known by that name"
            : $"{group.DirectoryIn(hierarchy)} has neither {name} nor {other}: this kernel is built without it, or the root cgroup has none");
    }

    private static string Controllers(ControlGroup group) =>
        string.Join(", ", group.Layout.Hierarchies.SelectMany(hierarchy => hierarchy.Controllers)) is { Length: > 0 } names ? names : "none";

    private static ControlReading WithOther(ControlReading reading, ControlGroup group)
    {
        foreach (var counterpart in Counterparts.Of(reading.Name))
        {
            var other = counterpart.Other(reading.Name);
            if (counterpart.Read(other, group) is { } value)
                return reading with { OtherName = other, OtherValue = value };
        }

        return reading;
    }

    /// <summary>Remembers what was read.</summary>
    private sealed class Recorded(IControlFiles files) : IControlFiles
    {
        private readonly List<ControlSource> _sources = [];

        public List<ControlSource> Sources => _sources;

        public string? PathOf(string file) => files.PathOf(file);

        public string? Read(string file)
        {
            var text = files.Read(file);
            if (text is not null)
                _sources.Add(new(files.PathOf(file) ?? file, text));
            return text;
        }
    }
}
