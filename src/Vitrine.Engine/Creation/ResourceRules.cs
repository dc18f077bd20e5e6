using System.Globalization;
using Vitrine.Engine.Docker;
using Vitrine.Linux;

namespace Vitrine.Engine.Creation;

/// <summary>Docker's rules for limits, in its words.</summary>
internal static class ResourceRules
{
    private const long MinimumMemory = 6 << 20;

    public static void Check(HostConfig host, HostFacts facts, Problems problems)
    {
        CheckMemory(host, problems);
        CheckCpu(host, facts, problems);
        CheckCpuset("cpus", "CPUs", host.CpusetCpus, () => facts.OnlineCpus, problems);
        CheckCpuset("mems", "memory nodes", host.CpusetMems, () => facts.OnlineMems, problems);
        CheckBlockIo(host, problems);
        CheckUlimits(host.Ulimits, problems);
        problems.AddIf(host.OomScoreAdj is < -1000 or > 1000,
            $"Invalid value {host.OomScoreAdj}, range for oom score adj is [-1000, 1000]");
        problems.AddIf(host.ShmSize < 0, "SHM size can not be less than 0");
    }

    private static void CheckMemory(HostConfig host, Problems problems)
    {
        problems.AddIf(host.Memory != 0 && host.Memory < MinimumMemory, "Minimum memory limit allowed is 6MB");
        problems.AddIf(host.Memory > 0 && host.MemorySwap > 0 && host.MemorySwap < host.Memory,
            "Minimum memoryswap limit should be larger than memory limit, see usage");
        problems.AddIf(host.Memory == 0 && host.MemorySwap > 0,
            "You should always set the Memory limit when using Memoryswap limit, see usage");
        problems.AddIf(host.MemorySwappiness is < -1 or > 100,
            $"Invalid value: {host.MemorySwappiness}, valid memory swappiness range is 0-100");
        problems.AddIf(host.MemoryReservation > 0 && host.MemoryReservation < MinimumMemory,
            "Minimum memory reservation allowed is 6MB");
        problems.AddIf(host.Memory > 0 && host.MemoryReservation > 0 && host.Memory < host.MemoryReservation,
            "Minimum memory limit can not be less than memory reservation limit, see usage");
        if (host.KernelMemory > 0 || host.KernelMemoryTcp > 0)
            problems.Warn("Your kernel does not support kernel memory limit capabilities or the cgroup is not mounted. Limitation discarded.");
        if (host.OomKillDisable is true && host.Memory == 0)
            problems.Warn("OOM killer is disabled for the container, but no memory limit is set, this can result in the system running out of resources.");
    }

    private static void CheckCpu(HostConfig host, HostFacts facts, Problems problems)
    {
        problems.AddIf(host.NanoCpus > 0 && host.CpuPeriod > 0, "Conflicting options: Nano CPUs and CPU Period cannot both be set");
        problems.AddIf(host.NanoCpus > 0 && host.CpuQuota > 0, "Conflicting options: Nano CPUs and CPU Quota cannot both be set");
        if (host.NanoCpus != 0 && (host.NanoCpus < 0 || host.NanoCpus > facts.Processors * 1_000_000_000L))
            problems.Add($"Range of CPUs is from 0.01 to {facts.Processors}.00, as there are only {facts.Processors} CPUs available");
        problems.AddIf(host.CpuPeriod != 0 && host.CpuPeriod is < 1000 or > 1_000_000,
            "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
        problems.AddIf(host.CpuQuota is > 0 and < 1000, "CPU cfs quota can not be less than 1ms (i.e. 1000)");
        problems.AddIf(host.CpuShares < 0, "CPU shares can not be less than 0");
        problems.AddIf(host.CpuRealtimePeriod != 0 && host.CpuRealtimeRuntime > host.CpuRealtimePeriod,
            "cpu real-time runtime cannot be higher than cpu real-time period");
        if (host.CpuPercent > 0)
            problems.Warn("linux does not support CPU percent. Percent discarded.");
    }

    private static void CheckCpuset(string file, string what, string wanted, Func<string> available, Problems problems)
    {
        if (wanted.Length == 0)
            return;
        if (HostFacts.ParseList(wanted) is not { } list)
            problems.Add($"Invalid value {wanted} for cpuset {file}");
        else if (available() is var present && HostFacts.ParseList(present) is { } online && !list.IsSubsetOf(online))
            problems.Add($"Requested {what} are not available - requested {wanted}, available: {present}");
    }

    private static void CheckBlockIo(HostConfig host, Problems problems)
    {
        problems.AddIf(host.BlkioWeight is > 0 and (< 10 or > 1000), "Range of blkio weight is from 10 to 1000");
        problems.AddIf(host.IoMaximumBandwidth != 0 || host.IoMaximumIops != 0,
            "Invalid QoS settings: linux does not support Maximum IO Bandwidth or Maximum IO IOps");
        foreach (var device in host.BlkioWeightDevice ?? [])
            problems.AddIf(device.Weight is < 10 or > 1000, $"invalid weight for device: {device.Path}:{device.Weight}");
    }

    private static void CheckUlimits(IReadOnlyList<Ulimit>? ulimits, Problems problems)
    {
        foreach (var ulimit in ulimits ?? [])
        {
            problems.AddIf(!Rlimits.TryParse(ulimit.Name, out _), $"invalid ulimit type: {ulimit.Name}");
            problems.AddIf(ulimit.Hard != -1 && (ulimit.Soft == -1 || ulimit.Soft > ulimit.Hard), string.Create(
                CultureInfo.InvariantCulture, $"ulimit soft limit must be less than or equal to hard limit: {ulimit.Soft} > {ulimit.Hard}"));
        }
    }
}
