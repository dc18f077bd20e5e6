using System.Diagnostics;
using Vitrine.Linux;

namespace Vitrine.Insight.Control;

/// <summary>What a cgroup had used at a moment; counters are of it and all below it.</summary>
public sealed record ControlUse
{
    public required ControlGroup Group { get; init; }

    /// <summary>When, by a clock that only goes forward.</summary>
    public required long Ticks { get; init; }

    public ulong CpuNanoseconds { get; init; }
    public ulong ThrottledNanoseconds { get; init; }
    public ulong ReadBytes { get; init; }
    public ulong WrittenBytes { get; init; }
    public long? MemoryBytes { get; init; }
    public long? MemoryLimitBytes { get; init; }
    public long? Pids { get; init; }

    /// <summary>Reads it; counters that are not kept are 0.</summary>
    public static ControlUse Read(ControlGroup group)
    {
        var cpu = group.Read("cpu.stat");
        var (read, written) = InputOutput(group);
        return new ControlUse
        {
            Group = group,
            Ticks = Stopwatch.GetTimestamp(),
            CpuNanoseconds = group.Read("cpuacct.usage") is { } usage ? CgroupText.Number(usage) : CgroupText.Value(cpu, "usage_usec") * 1000,
            ThrottledNanoseconds = CgroupText.Value(cpu, "throttled_time") + CgroupText.Value(cpu, "throttled_usec") * 1000,
            ReadBytes = read,
            WrittenBytes = written,
            MemoryBytes = ControlValue.ParseNumber(group.Read("memory.usage_in_bytes") ?? group.Read("memory.current")),
            MemoryLimitBytes = ControlValue.ParseLimit(group.Read("memory.limit_in_bytes") ?? group.Read("memory.max")),
            Pids = ControlValue.ParseNumber(group.Read("pids.current")),
        };
    }

    /// <summary>A cgroup and those below it.</summary>
    public static List<ControlUse> ReadTree(ControlGroup group, int depth)
    {
        var found = new List<ControlUse> { Read(group) };
        if (depth > 0)
        {
            foreach (var child in ControlNode.Below(group))
                found.AddRange(ReadTree(child, depth - 1));
        }

        return found;
    }

    // v1: "8:0 Read 4096" lines; v2: "8:0 rbytes=4096 wbytes=0 ...".
    private static (ulong Read, ulong Written) InputOutput(ControlGroup group)
    {
        var (read, written) = (0ul, 0ul);
        foreach (var words in CgroupText.Rows(group.Read("blkio.throttle.io_service_bytes_recursive")))
        {
            if (words is [_, "Read", var bytes])
                read += CgroupText.Number(bytes);
            else if (words is [_, "Write", var others])
                written += CgroupText.Number(others);
        }

        foreach (var words in CgroupText.Rows(group.Read("io.stat")))
        {
            read += Keyed(words, "rbytes=");
            written += Keyed(words, "wbytes=");
        }

        return (read, written);
    }

    private static ulong Keyed(string[] words, string key) =>
        Array.Find(words, word => word.StartsWith(key, StringComparison.Ordinal)) is { } word ? CgroupText.Number(word.AsSpan(key.Length)) : 0;
}

/// <summary>What a cgroup used between two moments.</summary>
public sealed record ControlRate
{
    public required string Path { get; init; }

    /// <summary>Processors kept busy: 1.5 is one and a half.</summary>
    public double Cpus { get; init; }

    /// <summary>The share of the time in which something in it had to wait for its quota.</summary>
    public double Throttled { get; init; }
    public double ReadBytesPerSecond { get; init; }
    public double WrittenBytesPerSecond { get; init; }
    public long? MemoryBytes { get; init; }
    public long? MemoryLimitBytes { get; init; }
    public long? Pids { get; init; }

    /// <summary>The rates between two readings; a cgroup that is in the later one alone has none.</summary>
    public static IReadOnlyList<ControlRate> Between(IReadOnlyList<ControlUse> before, IReadOnlyList<ControlUse> after)
    {
        var earlier = before.ToDictionary(use => use.Group.Path);
        return [.. after.Where(use => earlier.ContainsKey(use.Group.Path)).Select(use => Between(earlier[use.Group.Path], use))];
    }

    private static ControlRate Between(ControlUse before, ControlUse after)
    {
        var seconds = Math.Max(Stopwatch.GetElapsedTime(before.Ticks, after.Ticks).TotalSeconds, 1e-9);
        double Rate(ulong was, ulong now) => now > was ? (now - was) / seconds : 0;
        return new ControlRate
        {
            Path = after.Group.Path,
            Cpus = Rate(before.CpuNanoseconds, after.CpuNanoseconds) / 1e9,
            Throttled = Rate(before.ThrottledNanoseconds, after.ThrottledNanoseconds) / 1e9,
            ReadBytesPerSecond = Rate(before.ReadBytes, after.ReadBytes),
            WrittenBytesPerSecond = Rate(before.WrittenBytes, after.WrittenBytes),
            MemoryBytes = after.MemoryBytes,
            MemoryLimitBytes = after.MemoryLimitBytes,
            Pids = after.Pids,
        };
    }
}
