using Vitrine.Linux;

namespace Vitrine.Insight.Cgroups;

/// <summary>Reads limits and use from v1 and v2 files into the same records.</summary>
internal static class CgroupReader
{
    /// <param name="view">Where.</param>
    /// <param name="withUse">Whether use is read too, and every limit; else only what nothing else bounds it by, which is a third of the files.</param>
    public static MemoryFacts? Memory(CgroupView view, bool withUse) => view.In("memory") switch
    {
        null => null,
        { Version: 1 } => MemoryV1(view, withUse),
        var place => MemoryV2(view, place, withUse),
    };

    /// <inheritdoc cref="Memory"/>
    public static CpuFacts? Cpu(CgroupView view, bool withUse) => view.In("cpu") switch
    {
        null => null,
        { Version: 1 } => CpuV1(view, withUse),
        _ => CpuV2(view, withUse),
    };

    public static CpusetFacts? Cpuset(CgroupView view)
    {
        if (view.In("cpuset") is null)
            return null;
        var cpus = FirstText(view, "cpuset.cpus.effective", "cpuset.effective_cpus", "cpuset.cpus");
        var nodes = FirstText(view, "cpuset.mems.effective", "cpuset.effective_mems", "cpuset.mems");
        return new CpusetFacts { Cpus = cpus, MemoryNodes = nodes };
    }

    /// <inheritdoc cref="Memory"/>
    public static PidsFacts? Pids(CgroupView view, bool withUse)
    {
        if (view.In("pids") is null)
            return null;
        var max = view.Read("pids", "pids.max");
        if (max is null && view.In("pids") is not { Path: "/" })
            return null;
        var limit = new PidsFacts { Limit = CgroupView.ParseLimit(max) };
        return !withUse ? limit : limit with { Current = view.Number("pids", "pids.current"), Refused = view.Keyed("pids", "pids.events", "max") };
    }

    public static BlockIoFacts? BlockIo(CgroupView view)
    {
        if (view.In("blkio") is not null)
            return BlockIoTables.V1(view);
        return view.In("io") is not null ? BlockIoTables.V2(view) : null;
    }

    /// <summary>Whether the container is paused; null where there is no freezer.</summary>
    public static bool? Frozen(CgroupView view)
    {
        if (view.Read("freezer", "freezer.state") is { } state)
            return state is "FROZEN" or "FREEZING";
        return view.Places.FirstOrDefault(place => place is { Version: 2, Directory: not null }) is { } unified
            && CgroupView.ParseKeyed(view.ReadFile("cgroup.events", $"{unified.Directory}/cgroup.events"), "frozen") is { } frozen
            ? frozen == 1
            : null;
    }

    private static MemoryFacts? MemoryV1(CgroupView view, bool withUse)
    {
        // Every group has this file: without it the hierarchy is not where the mount table says, and what the limits are is not
        // known. The root has none.
        var stat = view.Read("memory", "memory.stat");
        if (stat is null && view.In("memory") is not { Path: "/" })
            return null;
        var oom = view.Read("memory", "memory.oom_control");
        var bounds = new MemoryFacts
        {
            LimitBytes = view.Limit("memory", "memory.limit_in_bytes"),
            EffectiveLimitBytes = CgroupView.ParseKeyed(stat, "hierarchical_memory_limit") is { } limit and < 1L << 60 ? limit : null,
            OomKillDisabled = CgroupView.ParseKeyed(oom, "oom_kill_disable") is { } disabled ? disabled == 1 : null,
        };
        if (!withUse)
            return bounds;
        var usage = view.Number("memory", "memory.usage_in_bytes");
        return bounds with
        {
            MemoryAndSwapLimitBytes = view.Limit("memory", "memory.memsw.limit_in_bytes"),
            ReservationBytes = view.Limit("memory", "memory.soft_limit_in_bytes"),
            UsageBytes = usage,
            WorkingSetBytes = usage - CgroupView.ParseKeyed(stat, "total_inactive_file"),
            PeakBytes = view.Number("memory", "memory.max_usage_in_bytes"),
            LimitHits = view.Number("memory", "memory.failcnt"),
            OomKills = CgroupView.ParseKeyed(oom, "oom_kill"),
        };
    }

    private static MemoryFacts? MemoryV2(CgroupView view, CgroupPlace place, bool withUse)
    {
        var max = view.Read("memory", "memory.max");
        if (max is null && place.Path != "/")
            return null;
        var limit = CgroupView.ParseLimit(max);
        var bounds = new MemoryFacts { LimitBytes = limit, EffectiveLimitBytes = LowestAbove(view, place, limit) };
        if (!withUse)
            return bounds;
        var usage = view.Number("memory", "memory.current");
        var swap = view.Limit("memory", "memory.swap.max");
        return bounds with
        {
            MemoryAndSwapLimitBytes = limit + swap,
            ReservationBytes = view.Limit("memory", "memory.low") is { } low and > 0 ? low : null,
            UsageBytes = usage,
            WorkingSetBytes = usage - view.Keyed("memory", "memory.stat", "inactive_file"),
            PeakBytes = view.Number("memory", "memory.peak"),
            LimitHits = view.Keyed("memory", "memory.events", "max"),
            OomKills = view.Keyed("memory", "memory.events", "oom_kill"),
        };
    }

    /// <summary>The lowest memory.max on the way up to the root, which has none.</summary>
    private static long? LowestAbove(CgroupView view, CgroupPlace place, long? limit)
    {
        var directory = place.Directory!;
        for (var path = place.Path; path.LastIndexOf('/') is var slash and >= 0 && path.Length > 1; path = path[..slash])
        {
            var here = CgroupView.ParseLimit(view.ReadFile("memory.max", $"{directory}/memory.max"));
            if (here < (limit ?? long.MaxValue))
                limit = here;
            directory = directory[..directory.LastIndexOf('/')];
        }

        return limit;
    }

    private static CpuFacts CpuV1(CgroupView view, bool withUse)
    {
        var bounds = Cpus(view.Limit("cpu", "cpu.cfs_quota_us"), view.Number("cpu", "cpu.cfs_period_us"));
        if (!withUse)
            return bounds;
        var stat = view.Read("cpu", "cpu.stat");
        var shares = view.Number("cpu", "cpu.shares");
        return bounds with
        {
            Shares = shares,
            Weight = shares is null ? null : (long)CgroupScale.WeightOfShares((ulong)shares),
            UsageMicroseconds = view.Number("cpuacct", "cpuacct.usage") / 1000,
            Periods = CgroupView.ParseKeyed(stat, "nr_periods"),
            ThrottledPeriods = CgroupView.ParseKeyed(stat, "nr_throttled"),
            ThrottledMicroseconds = CgroupView.ParseKeyed(stat, "throttled_time") / 1000,
        };
    }

    private static CpuFacts CpuV2(CgroupView view, bool withUse)
    {
        var max = view.Read("cpu", "cpu.max")?.Split(' ');
        var bounds = Cpus(CgroupView.ParseLimit(max?[0]), max is { Length: 2 } ? CgroupView.ParseNumber(max[1]) : null);
        if (!withUse)
            return bounds;
        var stat = view.Read("cpu", "cpu.stat");
        var weight = view.Number("cpu", "cpu.weight");
        return bounds with
        {
            Weight = weight,
            Shares = weight is null ? null : (long)CgroupScale.SharesOfWeight((ulong)weight),
            UsageMicroseconds = CgroupView.ParseKeyed(stat, "usage_usec"),
            Periods = CgroupView.ParseKeyed(stat, "nr_periods"),
            ThrottledPeriods = CgroupView.ParseKeyed(stat, "nr_throttled"),
            ThrottledMicroseconds = CgroupView.ParseKeyed(stat, "throttled_usec"),
        };
    }

    private static CpuFacts Cpus(long? quota, long? period) => new()
    {
        QuotaMicroseconds = quota,
        PeriodMicroseconds = period,
        Cpus = quota is not null && period is > 0 ? (double)quota / period : null,
    };

    private static string? FirstText(CgroupView view, params ReadOnlySpan<string> files)
    {
        foreach (var file in files)
        {
            if (view.Read("cpuset", file) is { Length: > 0 } text)
                return text;
        }

        return null;
    }
}
