namespace Vitrine.Linux;

internal sealed partial class StatisticsReader
{
    private MemoryStatistics MemoryV1()
    {
        var raw = CgroupText.Keyed(Text("memory", "memory.stat"));
        return new MemoryStatistics
        {
            Cache = raw.GetValueOrDefault("cache"),
            Usage = CounterV1("memory."),
            MemoryAndSwap = CounterV1("memory.memsw."),
            Kernel = CounterV1("memory.kmem."),
            KernelTcp = CounterV1("memory.kmem.tcp."),
            Raw = raw,
            OomKills = (ulong)cgroup.OomKills(),
        };
    }

    private UsageCounter CounterV1(string prefix, string controller = "memory") => new(
        Number(controller, prefix + "usage_in_bytes"),
        Number(controller, prefix + "max_usage_in_bytes"),
        Number(controller, prefix + "failcnt"),
        Number(controller, prefix + "limit_in_bytes"));

    private MemoryStatistics MemoryV2()
    {
        var raw = CgroupText.Keyed(Text("memory", "memory.stat"));
        var events = Text("memory", "memory.events");
        var memory = new UsageCounter(Number("memory", "memory.current"), Number("memory", "memory.peak"),
            CgroupText.Value(events, "max"), Number("memory", "memory.max"));
        var swapLimit = Number("memory", "memory.swap.max");
        return new MemoryStatistics
        {
            Cache = raw.GetValueOrDefault("file"),
            Usage = memory,
            MemoryAndSwap = new(memory.Usage + Number("memory", "memory.swap.current"), 0,
                CgroupText.Value(Text("memory", "memory.swap.events"), "max"),
                swapLimit == ulong.MaxValue || memory.Limit == ulong.MaxValue ? ulong.MaxValue : memory.Limit + swapLimit),
            Raw = raw,
            OomKills = CgroupText.Value(events, "oom_kill"),
            Pressure = PressureOf("memory.pressure"),
        };
    }

    private Dictionary<string, UsageCounter> Hugetlb()
    {
        const string prefix = "hugetlb.";
        var result = new Dictionary<string, UsageCounter>();
        if (Of("hugetlb") is not { } hierarchy || !Directory.Exists(cgroup.DirectoryIn(hierarchy)))
            return result;
        var suffix = hierarchy.Version == 2 ? ".max" : ".limit_in_bytes";
        foreach (var path in Directory.EnumerateFiles(cgroup.DirectoryIn(hierarchy), $"{prefix}*{suffix}"))
        {
            var size = Path.GetFileName(path)[prefix.Length..^suffix.Length];
            if (size.Contains('.'))
                continue; // hugetlb.2MB.rsvd.max
            result[size] = hierarchy.Version == 1
                ? CounterV1($"{prefix}{size}.", "hugetlb")
                : new(Number("hugetlb", $"{prefix}{size}.current"), 0,
                    CgroupText.Value(Text("hugetlb", $"{prefix}{size}.events"), "max"), Number("hugetlb", $"{prefix}{size}.max"));
        }

        return result;
    }

    private BlockIoStatistics BlockIoV1() => new()
    {
        Bytes = TableV1("io_service_bytes"),
        Operations = TableV1("io_serviced"),
        Queued = TableV1("io_queued"),
        ServiceTime = TableV1("io_service_time"),
        WaitTime = TableV1("io_wait_time"),
        Merged = TableV1("io_merged"),
        Time = TableV1("time"),
        Sectors = TableV1("sectors"),
    };

    /// <summary>By whichever counts it: the scheduler of old kernels, BFQ, or the throttling layer, which all I/O passes.</summary>
    private List<BlockIoEntry> TableV1(string name)
    {
        foreach (var scheduler in (ReadOnlySpan<string>)["", "bfq.", "throttle."])
        {
            var entries = new List<BlockIoEntry>();
            // 8:0 Read 4096, or 8:0 4096; "Total 4096" ends the table, and each device has one of its own.
            foreach (var row in CgroupText.Rows(Text("blkio", $"blkio.{scheduler}{name}_recursive")))
                if (row.Length >= 2 && Device(row[0]) is var (major, minor))
                    entries.Add(new(major, minor, row.Length > 2 ? row[1] : "", CgroupText.Number(row[^1])));
            if (entries.Count > 0)
                return entries;
        }

        return [];
    }

    /// <summary>Lines <c>8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6</c>.</summary>
    private BlockIoStatistics BlockIoV2()
    {
        var bytes = new List<BlockIoEntry>();
        var operations = new List<BlockIoEntry>();
        foreach (var row in CgroupText.Rows(Text("io", "io.stat")))
            if (Device(row[0]) is var (major, minor) && row.Length > 1)
                foreach (var (letter, name) in (ReadOnlySpan<(char, string)>)[('r', "Read"), ('w', "Write"), ('d', "Discard")])
                {
                    bytes.Add(new(major, minor, name, Field(row, letter + "bytes")));
                    operations.Add(new(major, minor, name, Field(row, letter + "ios")));
                }

        return new BlockIoStatistics { Bytes = bytes, Operations = operations, Pressure = PressureOf("io.pressure") };
    }

    private static (ulong Major, ulong Minor)? Device(string text) =>
        text.IndexOf(':') is var colon and > 0 && ulong.TryParse(text.AsSpan(0, colon), out var major) &&
        ulong.TryParse(text.AsSpan(colon + 1), out var minor)
            ? (major, minor)
            : null;
}
