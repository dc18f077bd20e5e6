namespace Vitrine.Linux;

/// <summary>
/// What a cgroup has used. Counters are of it and all below it; a part is empty where the host lacks its controller.
/// <see cref="ulong.MaxValue"/> stands for no limit.
/// </summary>
public sealed record CgroupStatistics
{
    public CpuStatistics Cpu { get; init; } = new();
    public CpusetStatistics Cpuset { get; init; } = new();
    public MemoryStatistics Memory { get; init; } = new();
    public PidsStatistics Pids { get; init; }
    public BlockIoStatistics BlockIo { get; init; } = new();

    /// <summary>By size of the pages, e.g. <c>2MB</c>.</summary>
    public IReadOnlyDictionary<string, UsageCounter> Hugetlb { get; init; } = new Dictionary<string, UsageCounter>();
    public IReadOnlyList<RdmaStatistics> Rdma { get; init; } = [];

    /// <summary>Reads them; a cgroup that does not exist has used nothing.</summary>
    /// <exception cref="LinuxException">A file cannot be read.</exception>
    public static CgroupStatistics Read(Cgroup cgroup) => new StatisticsReader(cgroup).Read();
}

/// <summary>Processor time, in nanoseconds.</summary>
public sealed record CpuStatistics
{
    public ulong Total { get; init; }
    public ulong User { get; init; }
    public ulong Kernel { get; init; }

    /// <summary>By processor; empty on v2, which does not count so.</summary>
    public IReadOnlyList<ulong> PerCpu { get; init; } = [];
    public IReadOnlyList<ulong> PerCpuUser { get; init; } = [];
    public IReadOnlyList<ulong> PerCpuKernel { get; init; } = [];

    /// <summary>Periods of the quota that have begun, and those of them in which it was used up.</summary>
    public ulong Periods { get; init; }
    public ulong ThrottledPeriods { get; init; }
    public ulong ThrottledTime { get; init; }
    public ulong Bursts { get; init; }
    public ulong BurstTime { get; init; }

    /// <summary>Null where the kernel does not measure it, as on v1.</summary>
    public Pressure? Pressure { get; init; }
}

/// <summary>Where it may run.</summary>
public sealed record CpusetStatistics
{
    public IReadOnlyList<ushort> Cpus { get; init; } = [];
    public IReadOnlyList<ushort> MemoryNodes { get; init; } = [];

    /// <summary>The v1 files <c>cpuset.NAME</c> that hold one number, by NAME.</summary>
    public IReadOnlyDictionary<string, long> Flags { get; init; } = new Dictionary<string, long>();
}

/// <summary>A use in bytes, its highest so far, how often it met the limit, and the limit.</summary>
public readonly record struct UsageCounter(ulong Usage, ulong Peak, ulong Failures, ulong Limit);

/// <summary>Memory, in bytes.</summary>
public sealed record MemoryStatistics
{
    /// <summary>Page cache: v1's <c>cache</c>, v2's <c>file</c>.</summary>
    public ulong Cache { get; init; }
    public UsageCounter Usage { get; init; }

    /// <summary>Memory and swap together, as v1 counts; the peak is 0 on v2, which does not know it.</summary>
    public UsageCounter MemoryAndSwap { get; init; }
    public UsageCounter Kernel { get; init; }
    public UsageCounter KernelTcp { get; init; }

    /// <summary>memory.stat.</summary>
    public IReadOnlyDictionary<string, ulong> Raw { get; init; } = new Dictionary<string, ulong>();
    public ulong OomKills { get; init; }
    public Pressure? Pressure { get; init; }

    /// <summary>What cannot be given back at once, as docker stats shows: usage less inactive file pages.</summary>
    public ulong WorkingSet =>
        Raw.GetValueOrDefault("total_inactive_file", Raw.GetValueOrDefault("inactive_file")) is var idle && idle < Usage.Usage
            ? Usage.Usage - idle
            : Usage.Usage;
}

/// <summary>Tasks there are, how many may be, and how often that was met; a limit of 0 is none.</summary>
public readonly record struct PidsStatistics(ulong Current, ulong Limit, ulong Refused);

/// <summary>One number of a block device; the operation is e.g. <c>Read</c>, or empty.</summary>
public readonly record struct BlockIoEntry(ulong Major, ulong Minor, string Operation, ulong Value);

/// <summary>Block devices. v2 has only bytes and operations.</summary>
public sealed record BlockIoStatistics
{
    public IReadOnlyList<BlockIoEntry> Bytes { get; init; } = [];
    public IReadOnlyList<BlockIoEntry> Operations { get; init; } = [];
    public IReadOnlyList<BlockIoEntry> Queued { get; init; } = [];
    public IReadOnlyList<BlockIoEntry> ServiceTime { get; init; } = [];
    public IReadOnlyList<BlockIoEntry> WaitTime { get; init; } = [];
    public IReadOnlyList<BlockIoEntry> Merged { get; init; } = [];
    public IReadOnlyList<BlockIoEntry> Time { get; init; } = [];
    public IReadOnlyList<BlockIoEntry> Sectors { get; init; } = [];
    public Pressure? Pressure { get; init; }
}

/// <summary>RDMA resources of a device, and their limits.</summary>
public readonly record struct RdmaStatistics(string Device, ulong Handles, ulong Objects, ulong HandleLimit, ulong ObjectLimit);

/// <summary>Pressure stall information (accounting/psi.rst): some tasks waited, and all of them did.</summary>
public sealed record Pressure(PressureLine Some, PressureLine Full);

/// <summary>Shares of time in percent over the last 10, 60 and 300 seconds, and the whole time in microseconds.</summary>
public readonly record struct PressureLine(double Average10, double Average60, double Average300, ulong Total);
