using System.Globalization;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>Resources as files of the v2 controllers (Documentation/admin-guide/cgroup-v2.rst); v1 scales are converted as runc does.</summary>
internal static class CgroupLimitsV2
{
    private const string Unlimited = "max";
    private const ulong DefaultPeriod = 100_000;

    /// <exception cref="VitrineException">A limit that v2 cannot express.</exception>
    public static IEnumerable<CgroupWrite> Writes(Resources resources) =>
        Memory(resources.Memory)
            .Concat(Cpu(resources.Cpu))
            .Concat(Pids(resources.Pids))
            .Concat(BlockIo(resources.BlockIo))
            .Concat(Hugetlb(resources.HugepageLimits))
            .Concat(Rdma(resources.Rdma))
            .Concat(Unified(resources.Unified));

    private static IEnumerable<CgroupWrite> Memory(MemoryResources? memory)
    {
        if (memory is null)
            yield break;
        if (SwapAlone(memory) is { } swap)
            yield return new("memory", "memory.swap.max", swap, Optional: true);
        if (memory.Limit is { } limit and not 0)
            yield return new("memory", "memory.max", limit < 0 ? Unlimited : Number(limit));
        if (memory.Reservation is { } reservation and not 0)
            yield return new("memory", "memory.low", reservation < 0 ? Unlimited : Number(reservation));
    }

    /// <summary>v1 counts memory and swap together, v2 swap alone.</summary>
    private static string? SwapAlone(MemoryResources memory)
    {
        if ((memory.Swap ?? (memory.Limit == -1 ? -1 : 0)) is not (var swap and not 0))
            return null;
        if (swap < 0)
            return Unlimited;
        if (memory.Limit is not { } limit || limit <= 0 || swap < limit)
            throw new VitrineException(ErrorKind.Invalid, "Minimum memoryswap limit should be larger than memory limit, see usage");
        return Number(swap - limit);
    }

    private static IEnumerable<CgroupWrite> Cpu(CpuResources? cpu)
    {
        if (cpu is null)
            yield break;
        if (cpu.Idle is { } idle)
            yield return new("cpu", "cpu.idle", Number(idle));
        if (cpu.Shares is { } shares and not 0 && cpu.Idle is not 1)
            yield return new("cpu", "cpu.weight", Number(WeightOfShares(shares)));
        if (cpu.Quota is not (null or 0) || cpu.Period is not (null or 0))
        {
            var quota = cpu.Quota is > 0 and var given ? Number(given) : Unlimited;
            yield return new("cpu", "cpu.max", $"{quota} {(cpu.Period is > 0 and var period ? period : DefaultPeriod)}");
        }

        if (cpu.Burst is { } burst)
            yield return new("cpu", "cpu.max.burst", Number(burst));
        if (!string.IsNullOrEmpty(cpu.Cpus))
            yield return new("cpuset", "cpuset.cpus", cpu.Cpus);
        if (!string.IsNullOrEmpty(cpu.Mems))
            yield return new("cpuset", "cpuset.mems", cpu.Mems);
    }

    /// <summary>Shares of 2 to 262144 onto weights of 1 to 10000.</summary>
    internal static ulong WeightOfShares(ulong shares) => 1 + (Math.Clamp(shares, 2, 262_144) - 2) * 9_999 / 262_142;

    private static IEnumerable<CgroupWrite> Pids(PidsResources? pids)
    {
        if (pids?.Limit is { } limit)
            yield return new("pids", "pids.max", limit > 0 ? Number(limit) : Unlimited);
    }

    private static IEnumerable<CgroupWrite> BlockIo(BlockIoResources? io)
    {
        if (io is null)
            yield break;
        if (io.Weight is { } weight and not 0)
            yield return new("io", "io.weight", Number(WeightOfBlockIo(weight)), Optional: true);
        foreach (var device in io.WeightDevice ?? [])
            if (device.Weight is { } deviceWeight and not 0)
                yield return new("io", "io.weight", $"{device.Major}:{device.Minor} {WeightOfBlockIo(deviceWeight)}", Optional: true);
        foreach (var (key, devices) in ((string, IReadOnlyList<ThrottleDevice>?)[])
            [
                ("rbps", io.ThrottleReadBpsDevice),
                ("wbps", io.ThrottleWriteBpsDevice),
                ("riops", io.ThrottleReadIopsDevice),
                ("wiops", io.ThrottleWriteIopsDevice),
            ])
            foreach (var device in devices ?? [])
                yield return new("io", "io.max", $"{device.Major}:{device.Minor} {key}={device.Rate}");
    }

    /// <summary>Weights of 10 to 1000 onto 1 to 10000.</summary>
    internal static ulong WeightOfBlockIo(ushort weight) => 1 + (ulong)(Math.Clamp(weight, (ushort)10, (ushort)1000) - 10) * 9_999 / 990;

    private static IEnumerable<CgroupWrite> Hugetlb(IReadOnlyList<HugepageLimit>? limits) =>
        (limits ?? []).Select(limit => new CgroupWrite("hugetlb", $"hugetlb.{limit.PageSize}.max", Number(limit.Limit)));

    private static IEnumerable<CgroupWrite> Rdma(IReadOnlyDictionary<string, RdmaLimit>? limits)
    {
        foreach (var (device, limit) in limits ?? new Dictionary<string, RdmaLimit>())
            yield return new("rdma", "rdma.max", $"{device} hca_handle={OrUnlimited(limit.HcaHandles)} hca_object={OrUnlimited(limit.HcaObjects)}");
    }

    /// <summary>Files given as they are; the part before the first dot is the controller.</summary>
    private static IEnumerable<CgroupWrite> Unified(IReadOnlyDictionary<string, string>? files)
    {
        foreach (var (file, value) in files ?? new Dictionary<string, string>())
        {
            if (file.Contains('/') || !file.Contains('.'))
                throw new VitrineException(ErrorKind.Invalid, $"unified resource \"{file}\" must be a file name of a cgroup");
            yield return new(file[..file.IndexOf('.')], file, value);
        }
    }

    private static string OrUnlimited(uint? value) => value is { } number ? Number(number) : Unlimited;

    private static string Number<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
