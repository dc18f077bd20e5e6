using System.Globalization;
using Vitrine.Insight.Cgroups;

namespace Vitrine.Insight.Sections;

/// <summary>What the container may use of the machine, and what it uses.</summary>
internal static class CgroupExplainer
{
    private const double Tight = 0.9;
    private const double OftenThrottled = 0.1;
    private const double HighPressure = 25;

    public static CgroupSection Explain(ExplainContext context, CgroupView view, SectionNotes notes)
    {
        var isWhole = !context.Options.OnlySettings;
        var memory = CgroupReader.Memory(view, isWhole);
        var cpu = CgroupReader.Cpu(view, isWhole);
        var pids = CgroupReader.Pids(view, isWhole);
        var cpuset = isWhole ? CgroupReader.Cpuset(view) : null;
        var section = new CgroupSection
        {
            Version = view.Version,
            Places = view.Places,
            Memory = memory,
            Cpu = cpu,
            Cpuset = cpuset,
            Pids = pids,
            BlockIo = isWhole ? CgroupReader.BlockIo(view) : null,
            Pressure = isWhole ? Pressure.Read(view, context.Proc.SystemText) : [],
            OomHistory = isWhole && memory is { OomKills: > 0 } && view.In("memory") is { } group ? OomHistory.Of(context.Options.KernelRecords(), group.Path) : [],
            Frozen = isWhole ? CgroupReader.Frozen(view) : null,
        };
        notes.Fact("version", view.Version, $"{ExplainContext.ProcRoot}/self/mountinfo", Version(view.Version));
        NoteOwnGroup(context, notes, view);
        NoteMissing(notes, view, "memory", memory is null);
        NoteMissing(notes, view, "pids", pids is null);
        NoteMemory(notes, view, memory);
        NoteCpu(notes, view, cpu, cpuset);
        NotePids(notes, view, pids);
        NotePressure(notes, section.Pressure);
        if (section.Frozen == true)
            notes.Fact("state", "frozen", context.Source("cgroup"), "It is paused: its processes are not scheduled, and keep their memory.");
        return section with { Facts = notes.Facts, Warnings = notes.Warnings };
    }

    private static string Version(string version) => version switch
    {
        "v1" => "Each controller has a tree of its own; a process is in one group of each.",
        "v2" => "One tree for all controllers.",
        "hybrid" => "Some controllers have a v1 tree each, the rest is in the v2 tree beside them.",
        _ => "No cgroup hierarchy is mounted here.",
    };

    private static void NoteOwnGroup(ExplainContext context, SectionNotes notes, CgroupView view)
    {
        var paths = view.Places.Where(place => place.Directory is not null).Select(place => place.Path).Distinct().ToList();
        notes.Fact("path", paths.Count == 0 ? "none" : string.Join(", ", paths), context.Source("cgroup"), paths is ["/"]
            ? "It is in the root groups, like any process that nobody limits."
            : "These directories are its limits: echo a number into a file there and it is in force at once.");
        if (paths is ["/"])
        {
            notes.Warn(Severity.Medium, "cgroups.none", "It is in no cgroup of its own: nothing bounds its memory, processor time or number of processes.",
                "start it with an engine that makes one, or with systemd-run --scope");
        }
    }

    /// <summary>The mount table has the controller's hierarchy, and its files are not there: something is mounted over it.</summary>
    private static void NoteMissing(SectionNotes notes, CgroupView view, string controller, bool isMissing)
    {
        if (isMissing && view.In(controller) is { } place && !notes.Facts.Any(fact => fact.Error is not null && fact.Source.StartsWith(place.Directory!, StringComparison.Ordinal)))
            notes.Unreadable(controller, place.Directory!, Linux.Errno.ENOENT);
    }

    private static void NoteMemory(SectionNotes notes, CgroupView view, MemoryFacts? memory)
    {
        if (memory is null || view.In("memory") is not { } place)
            return;
        var file = place.Version == 1 ? "memory.limit_in_bytes" : "memory.max";
        notes.Fact("memory", $"{Bytes(memory.UsageBytes)} of {Limit(memory.EffectiveLimitBytes)}", $"{place.Directory}/{file}",
            memory.EffectiveLimitBytes is null
                ? "It may use all the memory of the host."
                : "Beyond it the kernel first drops its page cache, then kills one of its processes (OOM).");
        if (memory.OomKills > 0)
        {
            notes.Fact("oom kills", $"{memory.OomKills}", $"{place.Directory}/{(place.Version == 1 ? "memory.oom_control" : "memory.events")}",
                "So many processes of this group were killed for want of memory.");
        }

        if (place.Path == "/")
            return;
        if (memory.EffectiveLimitBytes is null)
            notes.Warn(Severity.Medium, "cgroups.memory-unlimited", "No memory limit: one leak takes the whole host down.", "--memory 512m");
        else if (memory.WorkingSetBytes > memory.EffectiveLimitBytes * Tight)
            notes.Warn(Severity.Low, "cgroups.memory-tight", "More than 90 % of its memory is in use: the next allocation may be its end.", "raise --memory");
        if (memory.OomKillDisabled == true)
        {
            notes.Warn(Severity.Low, "cgroups.oom-disabled", "At its limit its processes wait for memory, possibly for ever, instead of being killed.",
                "run without --oom-kill-disable");
        }
    }

    private static void NoteCpu(SectionNotes notes, CgroupView view, CpuFacts? cpu, CpusetFacts? cpuset)
    {
        if (cpu is null || view.In("cpu") is not { } place)
            return;
        notes.Fact("cpu", cpu.Cpus is { } cpus ? $"at most {cpus.ToString("0.##", CultureInfo.InvariantCulture)} processors" : "no limit",
            $"{place.Directory}/{(place.Version == 1 ? "cpu.cfs_quota_us" : "cpu.max")}", cpu.Cpus is null
                ? "It may use every processor that nobody else wants."
                : $"In each {cpu.PeriodMicroseconds / 1000} ms its threads together run for {cpu.QuotaMicroseconds / 1000.0:0.#} ms at most, then wait.");
        notes.Fact("cpu weight", $"cpu.shares {cpu.Shares} (v1) = cpu.weight {cpu.Weight} (v2)",
            $"{place.Directory}/{(place.Version == 1 ? "cpu.shares" : "cpu.weight")}",
            "Its share against its neighbours when all want to run; 1024 shares are the usual.");
        if (cpuset?.Cpus is { } list)
            notes.Fact("cpuset", $"processors {list}", $"{view.In("cpuset")?.Directory}/cpuset.cpus", "It runs on these processors only.");
        if (cpu is { Periods: > 0, ThrottledPeriods: { } throttled } && throttled > cpu.Periods * OftenThrottled)
        {
            notes.Warn(Severity.Note, "cgroups.cpu-throttled",
                $"It was made to wait in {throttled} of {cpu.Periods} periods: its processor limit slows it down.", "raise --cpus");
        }
    }

    private static void NotePids(SectionNotes notes, CgroupView view, PidsFacts? pids)
    {
        if (pids is null || view.In("pids") is not { } place || place.Path == "/")
            return;
        notes.Fact("pids", $"{pids.Current} of {pids.Limit?.ToString(CultureInfo.InvariantCulture) ?? "no limit"}", $"{place.Directory}/pids.max",
            pids.Limit is null ? "It may start processes until the host has no pids left." : "Threads count too; a fork beyond it fails with EAGAIN.");
        if (pids.Limit is null)
            notes.Warn(Severity.Medium, "cgroups.pids-unlimited", "No limit of processes: a fork bomb inside stops the host.", "--pids-limit 2048");
        if (pids.Refused > 0)
            notes.Warn(Severity.Note, "cgroups.pids-refused", $"{pids.Refused} forks were refused at the limit.", "raise --pids-limit");
    }

    private static void NotePressure(SectionNotes notes, IReadOnlyList<PressureFact> pressure)
    {
        foreach (var fact in pressure)
        {
            notes.Fact($"{fact.Resource} pressure", string.Create(CultureInfo.InvariantCulture, $"{fact.Some10:0.##} % of the last 10 s, {fact.Some300:0.##} % of 5 min"), fact.Source,
                fact.OfHost ? "So long some task of the whole host waited; cgroup v1 does not count it by group." : "So long some task of it waited for this resource.");
            if (!fact.OfHost && fact.Some10 > HighPressure)
                notes.Warn(Severity.Note, $"cgroups.{fact.Resource}-pressure", $"Its tasks wait for {fact.Resource} in {fact.Some10.ToString("0", CultureInfo.InvariantCulture)} % of the time.", "give it more, or less to do");
        }
    }

    private static string Limit(long? bytes) => bytes is null ? "no limit" : Bytes(bytes);

    private static string Bytes(long? bytes) => bytes is { } number ? ByteText.Format(number) : "unknown";
}
