using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>From the configuration's resources to what is written where (runtime-spec config-linux.md, Control groups).</summary>
internal static class CgroupLimits
{
    /// <summary>The writes for the limits that are given, in an order the kernel accepts.</summary>
    /// <param name="resources">The limits; those not given stay as they are.</param>
    /// <param name="layout">The host's hierarchies.</param>
    /// <param name="now">Reads what a file (controller, name) of the cgroup has now; null stands for a new cgroup.</param>
    /// <remarks>On a hybrid host each controller is of one version: the v1 files for those there or nowhere, the v2 files for the rest.</remarks>
    /// <exception cref="VitrineException">A limit that the version cannot express.</exception>
    public static IEnumerable<CgroupWrite> Writes(Resources resources, CgroupLayout layout, Func<string, string, string?>? now = null)
    {
        now ??= (_, _) => null;
        if (layout.IsUnified)
            return CgroupLimitsV2.Writes(resources, now);
        if (resources.Unified is { Count: > 0 } && layout.Unified is null)
            throw new VitrineException(ErrorKind.Invalid, "cannot use linux.resources.unified: this host has cgroup v1 only");
        bool IsUnified(CgroupWrite write) => write.Controller == "cgroup" || layout.Of(write.Controller) is { Version: 2 };
        // v2 cannot express every v1 combination of memory and swap: it is not asked where memory is v1's.
        var rest = layout.Of("memory") is { Version: 2 } ? resources : resources with { Memory = null };
        return CgroupLimitsV1.Writes(resources, now).Where(write => !IsUnified(write))
            .Concat(CgroupLimitsV2.Writes(rest, now).Where(write => IsUnified(write) || resources.Unified?.ContainsKey(write.File) == true));
    }

    /// <summary>What was asked for and this version of a controller, or any kernel of today, does not have: one line each.</summary>
    public static IEnumerable<string> Ignored(Resources resources, CgroupLayout layout)
    {
        bool IsV2(string controller) => layout.Of(controller) is { Version: 2 };
        var (memory, cpu) = (resources.Memory, resources.Cpu);
        if (memory?.Kernel is not (null or 0))
            yield return "memory.kernel: no kernel since 5.16 has this limit; it is ignored, memory.limit covers it";
        if (memory?.KernelTcp is not (null or 0))
            yield return "memory.kernelTCP: cgroup v2 does not have this limit, and v1's is obsolete; it is ignored, memory.limit covers it";
        if (memory?.UseHierarchy == false)
            yield return "memory.useHierarchy: every kernel of today counts hierarchically; false is ignored";
        if (IsV2("memory") || layout.IsUnified)
        {
            if (memory?.Swappiness is not (null or ulong.MaxValue))
                yield return "memory.swappiness: cgroup v2 does not have it; it is ignored";
            if (memory?.DisableOomKiller == true)
                yield return "memory.disableOOMKiller: cgroup v2 does not have it; it is ignored";
        }

        if ((IsV2("cpu") || layout.IsUnified) && (cpu?.RealtimePeriod is not (null or 0) || cpu?.RealtimeRuntime is not (null or 0)))
            yield return "cpu.realtimePeriod, cpu.realtimeRuntime: cgroup v2 does not have them; they are ignored";
        if (!layout.IsUnified)
            yield break;
        if (resources.BlockIo?.LeafWeight is not (null or 0))
            yield return "blockIO.leafWeight: cgroup v2 does not have it; it is ignored";
        if (resources.Network is { ClassId: not null } or { Priorities.Count: > 0 })
            yield return "network.classID, network.priorities: cgroup v2 does not have them; match the cgroup in the firewall instead";
    }
}
