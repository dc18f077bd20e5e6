using Vitrine.Engine.Docker;

namespace Vitrine.Engine.Creation;

/// <summary>docker update: which limits of a container may change, and what they come to together with the others.</summary>
internal static class UpdateRules
{
    /// <summary>The limits that result.</summary>
    /// <param name="now">What the container has.</param>
    /// <param name="wanted">What is to change: everything that is not 0, empty or null.</param>
    /// <param name="problems">What is wrong with it.</param>
    public static HostConfig Merge(HostConfig now, HostConfig wanted, Problems problems)
    {
        CheckConflicts(now, wanted, problems);
        return now with
        {
            BlkioWeight = wanted.BlkioWeight != 0 ? wanted.BlkioWeight : now.BlkioWeight,
            CpuShares = Or(wanted.CpuShares, now.CpuShares),
            NanoCpus = Or(wanted.NanoCpus, now.NanoCpus),
            CpuPeriod = Or(wanted.CpuPeriod, now.CpuPeriod),
            CpuQuota = Or(wanted.CpuQuota, now.CpuQuota),
            CpuRealtimePeriod = Or(wanted.CpuRealtimePeriod, now.CpuRealtimePeriod),
            CpuRealtimeRuntime = Or(wanted.CpuRealtimeRuntime, now.CpuRealtimeRuntime),
            CpusetCpus = wanted.CpusetCpus.Length > 0 ? wanted.CpusetCpus : now.CpusetCpus,
            CpusetMems = wanted.CpusetMems.Length > 0 ? wanted.CpusetMems : now.CpusetMems,
            Memory = Or(wanted.Memory, now.Memory),
            MemoryReservation = Or(wanted.MemoryReservation, now.MemoryReservation),
            // A first limit of memory brings one of swap with it, as at creation.
            MemorySwap = wanted.MemorySwap != 0 ? wanted.MemorySwap : now is { Memory: 0, MemorySwap: 0 } ? wanted.Memory * 2 : now.MemorySwap,
            PidsLimit = wanted.PidsLimit ?? now.PidsLimit,
            RestartPolicy = wanted.RestartPolicy is { Name.Length: > 0 } policy ? policy : now.RestartPolicy,
        };
    }

    private static void CheckConflicts(HostConfig now, HostConfig wanted, Problems problems)
    {
        Conflict(wanted.NanoCpus > 0 && now.CpuPeriod > 0, "Nano CPUs cannot be updated as CPU Period has already been set");
        Conflict(wanted.NanoCpus > 0 && now.CpuQuota > 0, "Nano CPUs cannot be updated as CPU Quota has already been set");
        Conflict(wanted.CpuPeriod > 0 && now.NanoCpus > 0, "CPU Period cannot be updated as NanoCPUs has already been set");
        Conflict(wanted.CpuQuota > 0 && now.NanoCpus > 0, "CPU Quota cannot be updated as NanoCPUs has already been set");
        problems.AddIf(now.MemorySwap > 0 && wanted.MemorySwap == 0 && wanted.Memory > now.MemorySwap,
            "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time");
        problems.AddIf(now.AutoRemove && wanted.RestartPolicy is { Name: not ("" or "no") },
            "Restart policy cannot be updated because AutoRemove is enabled for the container");

        void Conflict(bool wrong, string what) => problems.AddIf(wrong, "Conflicting options: " + what);
    }

    private static long Or(long wanted, long now) => wanted != 0 ? wanted : now;
}
