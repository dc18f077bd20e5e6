using System.Globalization;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>Resources as files of the v1 controllers (Documentation/admin-guide/cgroup-v1).</summary>
internal static class CgroupLimitsV1
{
    private const ulong MinimumShares = 2;
    private const ulong MaximumShares = 262_144;

    /// <param name="resources">The limits.</param>
    /// <param name="now">Reads what a file (controller, name) of the cgroup has now; null where there is none.</param>
    /// <exception cref="VitrineException">A limit that v1 cannot express.</exception>
    public static IEnumerable<CgroupWrite> Writes(Resources resources, Func<string, string, string?> now) =>
        Memory(resources.Memory, now)
            .Concat(Cpu(resources.Cpu))
            .Concat(Pids(resources.Pids))
            .Concat(BlockIo(resources.BlockIo, now))
            .Concat(Hugetlb(resources.HugepageLimits))
            .Concat(Network(resources.Network))
            .Concat(CgroupLimitsV2.Rdma(resources.Rdma));

    private static IEnumerable<CgroupWrite> Memory(MemoryResources? memory, Func<string, string, string?> now)
    {
        if (memory is null)
            yield break;
        var limit = memory.Limit is { } given and not 0 ? new CgroupWrite("memory", "memory.limit_in_bytes", Number(given)) : null;
        var swap = memory.Swap is { } asked and not 0 ? new CgroupWrite("memory", "memory.memsw.limit_in_bytes", Number(asked), Optional: true)
            // Memory without limit that may not be swapped out were no use.
            : memory.Limit == -1 && now("memory", "memory.memsw.limit_in_bytes") is not null ? new("memory", "memory.memsw.limit_in_bytes", "-1", Optional: true)
            : null;
        // At any time memory <= memory and swap: the sum goes first where it grows beyond the memory limit of now.
        var swapFirst = limit is not null && swap is not null && (swap.Value == "-1" ||
            (ulong.TryParse(now("memory", "memory.limit_in_bytes"), out var current) && memory.Swap > 0 && current < (ulong)memory.Swap));
        if (swapFirst)
            yield return swap!;
        if (limit is not null)
            yield return limit;
        if (swap is not null && !swapFirst)
            yield return swap;
        if (memory.Reservation is { } reservation and not 0)
            yield return new("memory", "memory.soft_limit_in_bytes", Number(reservation));
        // -1, which arrives as the highest number, is "as the parent has it".
        if (memory.Swappiness is { } swappiness and not ulong.MaxValue)
            yield return swappiness <= 100
                ? new("memory", "memory.swappiness", Number(swappiness))
                : throw new VitrineException(ErrorKind.Invalid, $"invalid memory swappiness value: {swappiness} (valid range is 0-100)");
        if (memory.DisableOomKiller is { } disable)
            yield return new("memory", "memory.oom_control", disable ? "1" : "0", Optional: !disable);
    }

    private static IEnumerable<CgroupWrite> Cpu(CpuResources? cpu)
    {
        if (cpu is null)
            yield break;
        if (cpu.Shares is { } shares and not 0)
            yield return shares switch
            {
                // The kernel would take another value in silence.
                < MinimumShares => throw new VitrineException(ErrorKind.Invalid, $"the minimum allowed cpu-shares is {MinimumShares}"),
                > MaximumShares => throw new VitrineException(ErrorKind.Invalid, $"the maximum allowed cpu-shares is {MaximumShares}"),
                _ => new("cpu", "cpu.shares", Number(shares)),
            };
        // A period or burst may fit the new quota and not the old one.
        var quota = cpu.Quota is { } given and not 0 ? new CgroupWrite("cpu", "cpu.cfs_quota_us", Number(given)) : null;
        if (cpu.Period is { } period and not 0)
            yield return new("cpu", "cpu.cfs_period_us", Number(period), Again: quota is not null);
        if (cpu.Burst is { } burst)
            yield return new("cpu", "cpu.cfs_burst_us", Number(burst), Again: quota is not null);
        if (quota is not null)
            yield return quota with { Again = cpu.Period is not (null or 0) };
        if (cpu.Idle is { } idle)
            yield return new("cpu", "cpu.idle", Number(idle));
        if (cpu.RealtimePeriod is { } realtimePeriod and not 0)
            yield return new("cpu", "cpu.rt_period_us", Number(realtimePeriod), Again: cpu.RealtimeRuntime is not (null or 0));
        if (cpu.RealtimeRuntime is { } realtimeRuntime and not 0)
            yield return new("cpu", "cpu.rt_runtime_us", Number(realtimeRuntime));
        if (!string.IsNullOrEmpty(cpu.Cpus))
            yield return new("cpuset", "cpuset.cpus", cpu.Cpus);
        if (!string.IsNullOrEmpty(cpu.Mems))
            yield return new("cpuset", "cpuset.mems", cpu.Mems);
    }

    private static IEnumerable<CgroupWrite> Pids(PidsResources? pids)
    {
        if (pids?.Limit is { } limit)
            yield return new("pids", "pids.max", limit > 0 ? Number(limit) : "max");
    }

    private static IEnumerable<CgroupWrite> BlockIo(BlockIoResources? io, Func<string, string, string?> now)
    {
        if (io is null)
            yield break;
        // Which scheduler divides decides the name of the file.
        var prefix = now("blkio", "blkio.bfq.weight") is null ? "blkio." : "blkio.bfq.";
        if (io.Weight is { } weight and not 0)
            yield return new("blkio", prefix + "weight", Number(weight), Optional: true);
        if (io.LeafWeight is { } leaf and not 0)
            yield return new("blkio", "blkio.leaf_weight", Number(leaf), Optional: true);
        foreach (var device in io.WeightDevice ?? [])
        {
            if (device.Weight is { } deviceWeight and not 0)
                yield return new("blkio", prefix + "weight_device", $"{device.Major}:{device.Minor} {deviceWeight}", Optional: true);
            if (device.LeafWeight is { } deviceLeaf and not 0)
                yield return new("blkio", "blkio.leaf_weight_device", $"{device.Major}:{device.Minor} {deviceLeaf}", Optional: true);
        }

        foreach (var (file, devices) in ((string, IReadOnlyList<ThrottleDevice>?)[])
            [
                ("blkio.throttle.read_bps_device", io.ThrottleReadBpsDevice),
                ("blkio.throttle.write_bps_device", io.ThrottleWriteBpsDevice),
                ("blkio.throttle.read_iops_device", io.ThrottleReadIopsDevice),
                ("blkio.throttle.write_iops_device", io.ThrottleWriteIopsDevice),
            ])
            foreach (var device in devices ?? [])
                yield return new("blkio", file, $"{device.Major}:{device.Minor} {device.Rate}");
    }

    /// <summary>The use and, where the kernel has it, the reservation, which fails at mmap and not by a signal.</summary>
    private static IEnumerable<CgroupWrite> Hugetlb(IReadOnlyList<HugepageLimit>? limits)
    {
        foreach (var limit in limits ?? [])
        {
            yield return new("hugetlb", $"hugetlb.{limit.PageSize}.limit_in_bytes", Number(limit.Limit));
            yield return new("hugetlb", $"hugetlb.{limit.PageSize}.rsvd.limit_in_bytes", Number(limit.Limit), Optional: true);
        }
    }

    private static IEnumerable<CgroupWrite> Network(NetworkResources? network)
    {
        if (network?.ClassId is { } classId)
            yield return new("net_cls", "net_cls.classid", Number(classId));
        foreach (var priority in network?.Priorities ?? [])
            yield return new("net_prio", "net_prio.ifpriomap", $"{priority.Name} {priority.Priority}");
    }

    private static string Number<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
