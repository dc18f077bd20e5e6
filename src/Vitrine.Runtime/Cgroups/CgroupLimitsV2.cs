using System.Globalization;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>Resources as files of the v2 controllers (Documentation/admin-guide/cgroup-v2.rst); v1 scales are converted as runc does.</summary>
internal static class CgroupLimitsV2
{
    private const string Unlimited = "max";
    private const ulong DefaultPeriod = 100_000;

    /// <param name="resources">The limits.</param>
    /// <param name="now">Reads what a file (controller, name) of the cgroup has now; null where there is none.</param>
    /// <exception cref="VitrineException">A limit that v2 cannot express.</exception>
    public static IEnumerable<CgroupWrite> Writes(Resources resources, Func<string, string, string?> now) =>
        Memory(resources.Memory, now)
            .Concat(Cpu(resources.Cpu, now))
            .Concat(Pids(resources.Pids))
            .Concat(BlockIo(resources.BlockIo, now))
            .Concat(Hugetlb(resources.HugepageLimits))
            .Concat(Rdma(resources.Rdma))
            .Concat(Unified(resources.Unified));

    private static IEnumerable<CgroupWrite> Memory(MemoryResources? memory, Func<string, string, string?> now)
    {
        if (memory is null)
            yield break;
        if (memory.CheckBeforeUpdate == true)
            CheckUsage(memory, now);
        // Without swap there is nothing to limit.
        if (SwapAlone(memory) is { } swap)
            yield return new("memory", "memory.swap.max", swap, Optional: true);
        if (memory.Limit is { } limit and not 0)
            yield return new("memory", "memory.max", limit < 0 ? Unlimited : Number(limit));
        if (memory.Reservation is { } reservation and not 0)
            yield return new("memory", "memory.low", reservation < 0 ? Unlimited : Number(reservation));
    }

    /// <summary>v1 counts memory and swap together, v2 swap alone.</summary>
    internal static string? SwapAlone(MemoryResources memory)
    {
        var (limit, swap) = (memory.Limit ?? 0, memory.Swap ?? 0);
        return (limit, swap) switch
        {
            (-1, 0) or (_, -1) => Unlimited,
            (_, 0) => null,
            (-1, _) => Number(swap),
            (0, _) => throw new VitrineException(ErrorKind.Invalid, "unable to set swap limit without memory limit"),
            _ when swap < limit =>
                throw new VitrineException(ErrorKind.Invalid, "Minimum memoryswap limit should be larger than memory limit, see usage"),
            _ => Number(swap - limit),
        };
    }

    /// <summary>v2 takes a limit below the use and lets the kernel kill; v1 refused it, and so is done where it was asked for.</summary>
    private static void CheckUsage(MemoryResources memory, Func<string, string, string?> now)
    {
        if (!long.TryParse(now("memory", "memory.current"), out var usage))
            return;
        if (memory.Swap > 0 && memory.Swap <= usage)
            throw new VitrineException(ErrorKind.Invalid, $"rejecting memory+swap limit {memory.Swap} <= usage {usage}");
        if (memory.Limit > 0 && memory.Limit <= usage)
            throw new VitrineException(ErrorKind.Invalid, $"rejecting memory limit {memory.Limit} <= usage {usage}");
    }

    private static IEnumerable<CgroupWrite> Cpu(CpuResources? cpu, Func<string, string, string?> now)
    {
        if (cpu is null)
            yield break;
        if (cpu.Idle is { } idle)
            yield return new("cpu", "cpu.idle", Number(idle));
        if (cpu.Shares is { } shares and not 0 && cpu.Idle is not 1)
            yield return new("cpu", "cpu.weight", Number(CgroupScale.WeightOfShares(shares)));
        var changes = cpu.Quota is not (null or 0) || cpu.Period is not (null or 0);
        if (cpu.Burst is { } burst)
            yield return new("cpu", "cpu.max.burst", Number(burst), Again: changes);
        if (changes)
            yield return new("cpu", "cpu.max", Bandwidth(cpu, now));
        if (!string.IsNullOrEmpty(cpu.Cpus))
            yield return new("cpuset", "cpuset.cpus", cpu.Cpus);
        if (!string.IsNullOrEmpty(cpu.Mems))
            yield return new("cpuset", "cpuset.mems", cpu.Mems);
    }

    /// <summary>Quota and period stand in one file on v2: the one that is not given stays as it is.</summary>
    internal static string Bandwidth(CpuResources cpu, Func<string, string, string?> now)
    {
        var current = (now("cpu", "cpu.max") ?? "").Split(' ');
        var quota = cpu.Quota switch
        {
            null or 0 => current[0] is { Length: > 0 } kept ? kept : Unlimited,
            > 0 and var given => Number(given),
            _ => Unlimited,
        };
        var period = cpu.Period is > 0 and var asked ? Number(asked) : current.Length == 2 ? current[1] : Number(DefaultPeriod);
        return $"{quota} {period}";
    }

    private static IEnumerable<CgroupWrite> Pids(PidsResources? pids)
    {
        if (pids?.Limit is { } limit)
            yield return new("pids", "pids.max", limit > 0 ? Number(limit) : Unlimited);
    }

    /// <summary>BFQ has v1's scale; the cost model of io.weight has its own.</summary>
    private static IEnumerable<CgroupWrite> BlockIo(BlockIoResources? io, Func<string, string, string?> now)
    {
        if (io is null)
            yield break;
        var bfq = now("io", "io.bfq.weight") is not null;
        CgroupWrite Weight(string device, ushort weight) => bfq
            ? new("io", "io.bfq.weight", device + Number(weight))
            : new("io", "io.weight", device + Number(CgroupScale.WeightOfBlockIo(weight)), Optional: true);
        if (io.Weight is { } weight and not 0)
            yield return Weight("", weight);
        foreach (var device in io.WeightDevice ?? [])
            if (device.Weight is { } deviceWeight and not 0)
                yield return Weight($"{device.Major}:{device.Minor} ", deviceWeight);
        foreach (var (key, devices) in ((string, IReadOnlyList<ThrottleDevice>?)[])
            [
                ("rbps", io.ThrottleReadBpsDevice),
                ("wbps", io.ThrottleWriteBpsDevice),
                ("riops", io.ThrottleReadIopsDevice),
                ("wiops", io.ThrottleWriteIopsDevice),
            ])
            foreach (var device in devices ?? [])
                yield return new("io", "io.max", $"{device.Major}:{device.Minor} {key}={(device.Rate == 0 ? Unlimited : Number(device.Rate))}");
    }

    /// <summary>The use and, where the kernel has it, the reservation, which fails at mmap and not by a signal.</summary>
    private static IEnumerable<CgroupWrite> Hugetlb(IReadOnlyList<HugepageLimit>? limits)
    {
        foreach (var limit in limits ?? [])
        {
            yield return new("hugetlb", $"hugetlb.{limit.PageSize}.max", Number(limit.Limit));
            yield return new("hugetlb", $"hugetlb.{limit.PageSize}.rsvd.max", Number(limit.Limit), Optional: true);
        }
    }

    /// <summary>The same on v1.</summary>
    internal static IEnumerable<CgroupWrite> Rdma(IReadOnlyDictionary<string, RdmaLimit>? limits)
    {
        foreach (var (device, limit) in limits ?? new Dictionary<string, RdmaLimit>())
            yield return new("rdma", "rdma.max", $"{device} hca_handle={OrUnlimited(limit.HcaHandles)} hca_object={OrUnlimited(limit.HcaObjects)}");
    }

    /// <summary>Files given as they are; the part before the first dot is the controller. The kernel takes one line at a time.</summary>
    private static IEnumerable<CgroupWrite> Unified(IReadOnlyDictionary<string, string>? files)
    {
        foreach (var (file, value) in files ?? new Dictionary<string, string>())
        {
            if (file.Contains('/'))
                throw new VitrineException(ErrorKind.Invalid, $"unified resource \"{file}\" must be a file name of a cgroup (no slashes)");
            if (file.IndexOf('.') is not (var dot and > 0))
                throw new VitrineException(ErrorKind.Invalid, $"unified resource \"{file}\" must be in the form CONTROLLER.PARAMETER");
            foreach (var line in value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                yield return new(file[..dot], file, line);
        }
    }

    private static string OrUnlimited(uint? value) => value is { } number ? Number(number) : Unlimited;

    private static string Number<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
