using System.Globalization;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>Resources as files of the v1 controllers (Documentation/admin-guide/cgroup-v1).</summary>
internal static class CgroupLimitsV1
{
    public static IEnumerable<CgroupWrite> Writes(Resources resources) =>
        Memory(resources.Memory)
            .Concat(Cpu(resources.Cpu))
            .Concat(Pids(resources.Pids))
            .Concat(BlockIo(resources.BlockIo))
            .Concat(Hugetlb(resources.HugepageLimits))
            .Concat(Network(resources.Network));

    private static IEnumerable<CgroupWrite> Memory(MemoryResources? memory)
    {
        if (memory is null)
            yield break;
        // The kernel keeps memory <= memory and swap, so on a new cgroup the smaller one goes first.
        if (memory.Limit is { } limit and not 0)
            yield return new("memory", "memory.limit_in_bytes", Number(limit));
        if ((memory.Swap ?? (memory.Limit == -1 ? -1 : 0)) is var swap and not 0)
            yield return new("memory", "memory.memsw.limit_in_bytes", Number(swap), Optional: true);
        if (memory.Reservation is { } reservation and not 0)
            yield return new("memory", "memory.soft_limit_in_bytes", Number(reservation));
        if (memory.Swappiness is { } swappiness)
            yield return new("memory", "memory.swappiness", Number(swappiness));
        if (memory.DisableOomKiller == true)
            yield return new("memory", "memory.oom_control", "1");
    }

    private static IEnumerable<CgroupWrite> Cpu(CpuResources? cpu)
    {
        if (cpu is null)
            yield break;
        if (cpu.Shares is { } shares and not 0)
            yield return new("cpu", "cpu.shares", Number(shares));
        if (cpu.Period is { } period and not 0)
            yield return new("cpu", "cpu.cfs_period_us", Number(period));
        if (cpu.Quota is { } quota and not 0)
            yield return new("cpu", "cpu.cfs_quota_us", Number(quota));
        if (cpu.Burst is { } burst)
            yield return new("cpu", "cpu.cfs_burst_us", Number(burst));
        if (cpu.RealtimePeriod is { } realtimePeriod and not 0)
            yield return new("cpu", "cpu.rt_period_us", Number(realtimePeriod));
        if (cpu.RealtimeRuntime is { } realtimeRuntime and not 0)
            yield return new("cpu", "cpu.rt_runtime_us", Number(realtimeRuntime));
        if (cpu.Idle is { } idle)
            yield return new("cpu", "cpu.idle", Number(idle));
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

    private static IEnumerable<CgroupWrite> BlockIo(BlockIoResources? io)
    {
        if (io is null)
            yield break;
        if (io.Weight is { } weight and not 0)
            yield return new("blkio", "blkio.weight", Number(weight), Optional: true);
        foreach (var device in io.WeightDevice ?? [])
            if (device.Weight is { } deviceWeight)
                yield return new("blkio", "blkio.weight_device", $"{device.Major}:{device.Minor} {deviceWeight}", Optional: true);
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

    private static IEnumerable<CgroupWrite> Hugetlb(IReadOnlyList<HugepageLimit>? limits) =>
        (limits ?? []).Select(limit => new CgroupWrite("hugetlb", $"hugetlb.{limit.PageSize}.limit_in_bytes", Number(limit.Limit)));

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
