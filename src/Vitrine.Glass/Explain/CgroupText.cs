using System.Globalization;
using Vitrine.Insight;

namespace Vitrine.Glass.Explain;

/// <summary>Limits against use, with the files' names in both versions of cgroups side by side.</summary>
internal static class CgroupText
{
    private const int BarLength = 10;
    private const int WidthForFiles = 90;

    public static void Write(Paper paper, CgroupSection section)
    {
        var rows = new List<Cell[]>();
        if (section.Memory is { } memory)
        {
            var bar = Bar(paper, memory.WorkingSetBytes ?? memory.UsageBytes, memory.EffectiveLimitBytes);
            rows.Add(Row("memory", "memory.limit_in_bytes", "memory.max", Bytes(memory.EffectiveLimitBytes), $"{Bytes(memory.UsageBytes, "unknown")}{bar}"));
            rows.Add(Row("memory+swap", "memory.memsw.limit_in_bytes", "memory.swap.max", Bytes(memory.MemoryAndSwapLimitBytes), Memory(memory)));
        }

        if (section.Cpu is { } cpu)
        {
            rows.Add(Row("cpu", "cpu.cfs_quota_us", "cpu.max", cpu.Cpus is { } cpus ? $"{Number(cpus)} cpus" : "no limit", Cpu(cpu)));
            rows.Add(Row("cpu weight", "cpu.shares", "cpu.weight", "", $"{cpu.Shares} shares = weight {cpu.Weight}"));
        }

        if (section.Cpuset is { Cpus: { } list } cpuset)
            rows.Add(Row("cpuset", "cpuset.cpus", "cpuset.cpus", list, $"memory nodes {cpuset.MemoryNodes}"));
        if (section.Pids is { } pids)
        {
            rows.Add(Row("pids", "pids.max", "pids.max", pids.Limit is { } most ? $"{most}" : "no limit",
                $"{(pids.Current is { } now ? $"{now}" : "")}{Bar(paper, pids.Current, pids.Limit)}"));
        }

        if (section.BlockIo is { } disk)
        {
            rows.Add(Row("disk", "blkio.throttle.*", "io.max", disk.Throttles.Count == 0 ? "no limit" : string.Join("; ", disk.Throttles),
                $"{Bytes(disk.ReadBytes, "0 B")} read, {Bytes(disk.WrittenBytes, "0 B")} written"));
        }

        if (paper.Width >= WidthForFiles)
            paper.Table(["", "V1 FILE", "V2 FILE", "LIMIT", "USE"], rows);
        else
            paper.Table(["", "LIMIT", "USE"], [.. rows.Select(row => new[] { row[0], row[3], row[4] })]);
    }

    private static Cell[] Row(string name, string v1, string v2, string limit, string use) =>
        [new(name, Ink.Accent), new(v1, Ink.Faint), new(v2, Ink.Faint), limit, use];

    private static string Memory(MemoryFacts memory)
    {
        var parts = new List<string>();
        if (memory.PeakBytes is { } peak)
            parts.Add($"peak {ByteText.Format(peak)}");
        if (memory.LimitHits > 0)
            parts.Add($"limit hit {memory.LimitHits} times");
        if (memory.OomKills > 0)
            parts.Add($"{memory.OomKills} killed");
        return string.Join(", ", parts);
    }

    private static string Cpu(CpuFacts cpu)
    {
        var used = cpu.UsageMicroseconds is { } time ? $"{Number(time / 1e6)} s used" : "unknown";
        return cpu.ThrottledPeriods > 0 ? $"{used}, made to wait in {cpu.ThrottledPeriods} of {cpu.Periods} periods" : used;
    }

    /// <summary>A bar and a percentage; nothing where there is no limit.</summary>
    private static string Bar(Paper paper, long? use, long? limit)
    {
        if (use is not { } used || limit is not ({ } most and > 0))
            return "";
        var share = Math.Clamp((double)used / most, 0, 1);
        var filled = (int)Math.Round(share * BarLength);
        var bar = string.Concat(Enumerable.Repeat(paper.Glyph("█", "#"), filled))
            + string.Concat(Enumerable.Repeat(paper.Glyph("░", "."), BarLength - filled));
        return $"  {bar} {(share * 100).ToString("0", CultureInfo.InvariantCulture)}%";
    }

    private static string Bytes(long? bytes, string none = "no limit") => bytes is { } number ? ByteText.Format(number) : none;

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
