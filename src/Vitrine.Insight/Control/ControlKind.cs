namespace Vitrine.Insight.Control;

/// <summary>What the value of a control file is.</summary>
public enum ControlKind
{
    /// <summary>Passed on as it is.</summary>
    Text,

    /// <summary>Bytes, or no limit.</summary>
    Bytes,

    /// <summary>A number, or no limit.</summary>
    Count,

    /// <summary>Processor time in a period: <c>cpu.cfs_quota_us</c>.</summary>
    Quota,

    /// <summary>Both: <c>cpu.max</c>.</summary>
    Bandwidth,

    /// <summary>A device and a number of bytes for it.</summary>
    DeviceBytes,

    /// <summary>FROZEN and THAWED.</summary>
    Freezer,

    /// <summary>A counter: the kernel writes it.</summary>
    Counter,
}

/// <summary>What kind each control file is of (cgroup-v1/memory.rst and its neighbours, cgroup-v2.rst of the kernel's documentation).</summary>
public static class ControlKinds
{
    /// <summary>The kind of a file by its name.</summary>
    public static ControlKind Of(string name) => name switch
    {
        "memory.limit_in_bytes" or "memory.soft_limit_in_bytes" or "memory.memsw.limit_in_bytes" or "memory.kmem.limit_in_bytes"
            or "memory.kmem.tcp.limit_in_bytes" or "memory.max" or "memory.high" or "memory.low" or "memory.min" or "memory.swap.max"
            or "memory.swap.high" or "memory.zswap.max" => ControlKind.Bytes,
        "pids.max" or "cgroup.max.depth" or "cgroup.max.descendants" => ControlKind.Count,
        "cpu.cfs_quota_us" => ControlKind.Quota,
        "cpu.max" => ControlKind.Bandwidth,
        "blkio.throttle.read_bps_device" or "blkio.throttle.write_bps_device" => ControlKind.DeviceBytes,
        "freezer.state" => ControlKind.Freezer,
        _ when name.StartsWith("hugetlb.", StringComparison.Ordinal)
            && (name.EndsWith(".limit_in_bytes", StringComparison.Ordinal) || name.EndsWith(".max", StringComparison.Ordinal)) => ControlKind.Bytes,
        _ when IsCounter(name) => ControlKind.Counter,
        _ => ControlKind.Text,
    };

    /// <summary>Whether no limit is written <c>max</c>, as all of v2 does, and v1's pids; the rest of v1 writes -1.</summary>
    public static bool SaysMax(string name) => !name.EndsWith("_in_bytes", StringComparison.Ordinal) && !name.EndsWith("_us", StringComparison.Ordinal);

    private static bool IsCounter(string name) => name is "memory.current" or "memory.swap.current" or "memory.stat" or "memory.events"
        or "memory.usage_in_bytes" or "memory.memsw.usage_in_bytes" or "cpu.stat" or "cpuacct.stat" or "pids.current" or "pids.events" or "io.stat"
        or "cgroup.events" or "cgroup.stat" or "cgroup.controllers" or "cpuset.effective_cpus" or "cpuset.effective_mems" or "cpuset.cpus.effective"
        or "cpuset.mems.effective" || name.EndsWith(".pressure", StringComparison.Ordinal);
}
