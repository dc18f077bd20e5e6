using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>When and where a process runs: scheduler, I/O priority, processors, memory nodes (config.md, Linux Process).</summary>
internal static class SchedulingSteps
{
    private static readonly string[] s_policies = ["SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", "SCHED_ISO", "SCHED_IDLE", "SCHED_DEADLINE"];

    private static readonly string[] s_flags =
    [
        "SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_RECLAIM", "SCHED_FLAG_DL_OVERRUN", "SCHED_FLAG_KEEP_POLICY", "SCHED_FLAG_KEEP_PARAMS",
        "SCHED_FLAG_UTIL_CLAMP_MIN", "SCHED_FLAG_UTIL_CLAMP_MAX",
    ];

    private static readonly string[] s_classes = ["IOPRIO_CLASS_NONE", "IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE"];

    private static readonly string[] s_memoryModes =
    [
        "MPOL_DEFAULT", "MPOL_PREFERRED", "MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_LOCAL", "MPOL_PREFERRED_MANY", "MPOL_WEIGHTED_INTERLEAVE",
    ];

    // From bit 13 on.
    private static readonly string[] s_memoryFlags = ["MPOL_F_NUMA_BALANCING", "MPOL_F_RELATIVE_NODES", "MPOL_F_STATIC_NODES"];

    /// <summary>All but the processors, for which a process's own time is another: see <see cref="EmitAffinity"/>.</summary>
    public static void Emit(ProgramBuilder b, ProcessSpec process, LinuxSpec? linux)
    {
        if (process.Scheduler is { } scheduler)
            SetScheduler(b, scheduler);
        if (process.IoPriority is { } priority)
            SetIoPriority(b, priority);
        if (linux?.MemoryPolicy is { } policy)
            SetMemoryPolicy(b, policy);
    }

    /// <summary>Binds the process to processors; does nothing where none are named.</summary>
    public static void EmitAffinity(ProgramBuilder b, string? processors, string when)
    {
        if (string.IsNullOrEmpty(processors))
            return;
        var set = IdList.Parse(processors) ?? throw Invalid.Configuration($"process.execCPUAffinity.{when}: \"{processors}\" is no list of CPUs");
        b.Step($"run on the {when} processors", processors);
        b.Call(Syscall.sched_setaffinity, 0, set.Length * sizeof(ulong), b.Bytes(MemoryMarshal.AsBytes(set.AsSpan())));
    }

    /// <summary>What is wrong with these settings, one line each.</summary>
    public static void Check(ProcessSpec process, LinuxSpec? linux, Problems problems)
    {
        if (process.Scheduler is { } scheduler)
            CheckScheduler(scheduler, problems);
        if (process.IoPriority is { } priority)
        {
            problems.Unless(Array.IndexOf(s_classes, priority.Class) > 0, $"process.ioPriority.class: unknown class \"{priority.Class}\"");
            problems.Unless(priority.Priority is >= 0 and <= 7, $"process.ioPriority.priority: {priority.Priority} is not from 0 to 7");
        }

        if (linux?.MemoryPolicy is not { } policy)
            return;
        problems.Unless(Array.IndexOf(s_memoryModes, policy.Mode) >= 0, $"linux.memoryPolicy.mode: unknown mode \"{policy.Mode}\"");
        problems.Unless(string.IsNullOrEmpty(policy.Nodes) || IdList.Parse(policy.Nodes) is not null,
            $"linux.memoryPolicy.nodes: \"{policy.Nodes}\" is no list of nodes");
        CheckNames(policy.Flags, s_memoryFlags, "linux.memoryPolicy.flags", problems);
    }

    private static void CheckScheduler(Scheduler scheduler, Problems problems)
    {
        problems.Unless(Array.IndexOf(s_policies, scheduler.Policy) >= 0, $"process.scheduler.policy: unknown policy \"{scheduler.Policy}\"");
        problems.Unless(scheduler.Nice is null or (>= -20 and <= 19), $"process.scheduler.nice: {scheduler.Nice ?? 0} is not from -20 to 19");
        problems.Unless(scheduler.Priority is null or (>= 0 and <= 99), $"process.scheduler.priority: {scheduler.Priority ?? 0} is not from 0 to 99");
        CheckNames(scheduler.Flags, s_flags, "process.scheduler.flags", problems);
    }

    private static void CheckNames(IReadOnlyList<string>? names, string[] known, string field, Problems problems)
    {
        foreach (var name in names ?? [])
            problems.Unless(Array.IndexOf(known, name) >= 0, $"{field}: unknown flag \"{name}\"");
    }

    private static void SetScheduler(ProgramBuilder b, Scheduler scheduler)
    {
        var attributes = new SchedulerAttributes
        {
            size = (uint)Unsafe.SizeOf<SchedulerAttributes>(),
            sched_policy = (uint)Array.IndexOf(s_policies, scheduler.Policy),
            sched_flags = Bits(scheduler.Flags, s_flags),
            sched_nice = scheduler.Nice ?? 0,
            sched_priority = (uint)(scheduler.Priority ?? 0),
            sched_runtime = scheduler.Runtime ?? 0,
            sched_deadline = scheduler.Deadline ?? 0,
            sched_period = scheduler.Period ?? 0,
        };
        b.Step("set scheduler", scheduler.Policy, scheduler.Flags);
        b.Call(Syscall.sched_setattr, 0, b.Struct(attributes), 0);
    }

    private static void SetIoPriority(ProgramBuilder b, IoPriority priority)
    {
        b.Step("set I/O priority", $"{priority.Class} {priority.Priority}");
        b.Call(Syscall.ioprio_set, 1, 0, Array.IndexOf(s_classes, priority.Class) << 13 | priority.Priority);
    }

    private static void SetMemoryPolicy(ProgramBuilder b, MemoryPolicy policy)
    {
        var nodes = string.IsNullOrEmpty(policy.Nodes) ? null : IdList.Parse(policy.Nodes);
        b.Step("set memory policy", $"{policy.Mode} {policy.Nodes}".TrimEnd(), policy.Flags);
        var mode = (long)Array.IndexOf(s_memoryModes, policy.Mode) | (long)Bits(policy.Flags, s_memoryFlags) << 13;
        // The kernel takes one less than the number of bits that it is given.
        if (nodes is null)
            b.Call(Syscall.set_mempolicy, mode, 0, 0);
        else
            b.Call(Syscall.set_mempolicy, mode, b.Bytes(MemoryMarshal.AsBytes(nodes.AsSpan())), (nodes.Length * 64) + 1);
    }

    /// <summary>Flags of a list that has one for each bit.</summary>
    private static ulong Bits(IReadOnlyList<string>? names, string[] known)
    {
        var bits = 0UL;
        foreach (var name in names ?? [])
            bits |= 1UL << Array.IndexOf(known, name);
        return bits;
    }
}
