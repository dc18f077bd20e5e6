namespace Vitrine.Insight;

/// <summary>The control groups of a process: what it may use, and what it uses.</summary>
public sealed record CgroupSection : Section
{
    /// <summary>v1, v2, hybrid, or none.</summary>
    public required string Version { get; init; }

    /// <summary>Where the process is in each hierarchy.</summary>
    public IReadOnlyList<CgroupPlace> Places { get; init; } = [];

    public MemoryFacts? Memory { get; init; }
    public CpuFacts? Cpu { get; init; }
    public CpusetFacts? Cpuset { get; init; }
    public PidsFacts? Pids { get; init; }
    public BlockIoFacts? BlockIo { get; init; }

    /// <summary>How much of the time its tasks wait for a resource; of the whole host where the group has no such file.</summary>
    public IReadOnlyList<PressureFact> Pressure { get; init; } = [];

    /// <summary>Whom the kernel killed for want of memory, as far as its log goes back; only where there was a kill.</summary>
    public IReadOnlyList<OomKillFact> OomHistory { get; init; } = [];

    /// <summary>Whether the container is paused.</summary>
    public bool? Frozen { get; init; }
}

/// <summary>A process's cgroup in one hierarchy.</summary>
public sealed record CgroupPlace
{
    /// <summary>Controllers of this hierarchy; those enabled for the cgroup in v2.</summary>
    public required IReadOnlyList<string> Controllers { get; init; }

    /// <summary>1 or 2.</summary>
    public required int Version { get; init; }

    /// <summary>Below the hierarchy's root.</summary>
    public required string Path { get; init; }

    /// <summary>The directory with the cgroup's files; null where the hierarchy is not mounted here.</summary>
    public string? Directory { get; init; }
}

/// <summary>Memory in bytes; a null limit is no limit.</summary>
public sealed record MemoryFacts
{
    public long? LimitBytes { get; init; }

    /// <summary>The lowest limit of this cgroup and all above it, which is the one that counts.</summary>
    public long? EffectiveLimitBytes { get; init; }

    /// <summary>Memory and swap together, as v1 counts and docker's --memory-swap means.</summary>
    public long? MemoryAndSwapLimitBytes { get; init; }

    public long? ReservationBytes { get; init; }
    public long? UsageBytes { get; init; }

    /// <summary>Usage without the page cache that is given back first, as docker stats shows.</summary>
    public long? WorkingSetBytes { get; init; }

    public long? PeakBytes { get; init; }

    /// <summary>How often the limit was hit.</summary>
    public long? LimitHits { get; init; }

    /// <summary>How many processes the kernel killed for want of memory.</summary>
    public long? OomKills { get; init; }

    public bool? OomKillDisabled { get; init; }
}

/// <summary>CPU limits and use; times in microseconds.</summary>
public sealed record CpuFacts
{
    public long? QuotaMicroseconds { get; init; }
    public long? PeriodMicroseconds { get; init; }

    /// <summary>Quota by period: the processors it may use at most; null is no limit.</summary>
    public double? Cpus { get; init; }

    /// <summary>cgroup v1's relative share (1024 is normal); computed from the weight in v2.</summary>
    public long? Shares { get; init; }

    /// <summary>cgroup v2's relative share (100 is normal); computed from the shares in v1.</summary>
    public long? Weight { get; init; }

    public long? UsageMicroseconds { get; init; }
    public long? Periods { get; init; }
    public long? ThrottledPeriods { get; init; }
    public long? ThrottledMicroseconds { get; init; }
}

public sealed record CpusetFacts
{
    /// <summary>Processors it may run on, as a list of ranges (<c>0-3,7</c>).</summary>
    public string? Cpus { get; init; }
    public string? MemoryNodes { get; init; }
}

public sealed record PidsFacts
{
    /// <summary>The most tasks at once; null is no limit.</summary>
    public long? Limit { get; init; }
    public long? Current { get; init; }

    /// <summary>How often a fork was refused.</summary>
    public long? Refused { get; init; }
}

public sealed record BlockIoFacts
{
    public long? Weight { get; init; }

    /// <summary>Throttles as the kernel lists them: <c>8:0 read 1048576 B/s</c>.</summary>
    public IReadOnlyList<string> Throttles { get; init; } = [];

    public long? ReadBytes { get; init; }
    public long? WrittenBytes { get; init; }
}

/// <summary>Pressure stall information: the share of time, in percent, in which tasks waited.</summary>
public sealed record PressureFact
{
    /// <summary>cpu, memory or io.</summary>
    public string Resource { get; init; } = "";

    /// <summary>At least one task waited: over 10 seconds, a minute, five minutes.</summary>
    public double Some10 { get; init; }
    public double Some60 { get; init; }
    public double Some300 { get; init; }

    /// <summary>All tasks waited at once, over 10 seconds.</summary>
    public double Full10 { get; init; }

    public long TotalMicroseconds { get; init; }

    /// <summary>Whether it is the whole host's, as with cgroup v1.</summary>
    public bool OfHost { get; init; }

    public string Source { get; init; } = "";
}

/// <summary>A process that the kernel killed for want of memory.</summary>
public sealed record OomKillFact
{
    /// <summary>On the host.</summary>
    public required int Pid { get; init; }
    public required string Command { get; init; }
    public required double SecondsSinceBoot { get; init; }
}
