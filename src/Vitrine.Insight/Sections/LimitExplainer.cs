using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Sections;

/// <summary>Resource limits of the process (getrlimit(2)).</summary>
internal static class LimitExplainer
{
    private static readonly (string Kernel, string Name, string Meaning)[] Known =
    [
        ("Max cpu time", "cpu", "Seconds of processor time; SIGXCPU at the soft limit, SIGKILL at the hard one."),
        ("Max file size", "fsize", "The largest file it may write; SIGXFSZ beyond."),
        ("Max data size", "data", "Heap and private writable memory."),
        ("Max stack size", "stack", "The main thread's stack, and the default of new ones."),
        ("Max core file size", "core", "The largest core dump; a core file holds every secret in memory."),
        ("Max resident set", "rss", "Has no effect on today's kernels; the memory cgroup limits instead."),
        ("Max processes", "nproc", "Tasks of this user id on the whole host, all its containers together; the pids cgroup limits by container."),
        ("Max open files", "nofile", "The highest file descriptor; some programs walk all of them at start."),
        ("Max locked memory", "memlock", "Memory kept from swapping."),
        ("Max address space", "as", "Virtual memory as a whole."),
        ("Max file locks", "locks", "Has no effect on today's kernels."),
        ("Max pending signals", "sigpending", "Signals waiting for this user id."),
        ("Max msgqueue size", "msgqueue", "Bytes in POSIX message queues of this user id."),
        ("Max nice priority", "nice", "How far it may raise its priority: nice value 20 minus this."),
        ("Max realtime priority", "rtprio", "The highest realtime priority it may take."),
        ("Max realtime timeout", "rttime", "Microseconds a realtime task may run without a blocking call."),
    ];

    public static LimitSection Explain(ExplainContext context)
    {
        var notes = context.Notes();
        var limits = notes.Read("limits", context.Source("limits"), () => context.Proc.Limits(context.Pid)) ?? [];
        return new LimitSection { Limits = [.. limits.Select(Describe)], Facts = notes.Facts, Warnings = notes.Warnings };
    }

    internal static LimitFact Describe(ProcLimit limit)
    {
        var known = Array.Find(Known, entry => entry.Kernel == limit.Name);
        return new LimitFact
        {
            Name = known.Name ?? limit.Name,
            Soft = limit.Soft,
            Hard = limit.Hard,
            Unit = limit.Unit,
            Meaning = known.Meaning ?? "A limit that this version does not know.",
        };
    }
}
