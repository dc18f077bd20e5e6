namespace Vitrine.Insight.Control;

/// <summary>Which settings of cgroup v1 and v2 are the same thing (docs/cgroups.md has the table).</summary>
internal static partial class Counterparts
{
    private static IReadOnlyList<Counterpart>? s_all;

    // Made at first use: the parts are fields of other files, which have no order among them.
    private static IReadOnlyList<Counterpart> All => s_all ??=
    [
        SameBytes("memory.limit_in_bytes", "memory.max"),
        SoftLimit("memory.low"),
        SoftLimit("memory.high"),
        Swap,
        SameNumber("memory.usage_in_bytes", "memory.current"),
        SameNumber("memory.max_usage_in_bytes", "memory.peak"),
        SwapUse,
        Failures,
        Shares,
        Bandwidth,
        Quota,
        Period,
        SameNumber("cpu.cfs_burst_us", "cpu.max.burst"),
        ProcessorTime,
        SameNumber("cpuset.effective_cpus", "cpuset.cpus.effective"),
        SameNumber("cpuset.effective_mems", "cpuset.mems.effective"),
        Weight("blkio.bfq.weight"),
        Weight("blkio.weight"),
        .. Throttles,
        Freezer,
    ];

    /// <summary>What a name is in the other version; the first that a host can have, where several are near it; empty where there is none.</summary>
    public static IEnumerable<Counterpart> Of(string name)
    {
        foreach (var counterpart in All)
        {
            if (counterpart.V1 == name || counterpart.V2 == name)
                yield return counterpart;
        }

        if (HugePages(name) is { } pages)
            yield return pages;
    }

    /// <summary>Why a name of one version has no counterpart in the other; null where it is not known.</summary>
    public static string? Missing(string name) => name switch
    {
        _ when name.StartsWith("devices.", StringComparison.Ordinal) =>
            "v2 has no devices controller: an eBPF program at the cgroup decides which devices open, and only who attached it can change it",
        "memory.swappiness" => "v2 has no swappiness for a cgroup: memory.swap.max bounds its swap, and memory.reclaim takes a swappiness for one time",
        "memory.oom_control" => "v2 cannot turn the OOM killer off: memory.high slows a cgroup down before it, memory.oom.group kills all of it together",
        "memory.oom.group" => "v1 kills one process at a time; who wants all of them gone must watch memory.oom_control",
        "memory.min" => "v1 protects no memory for sure: memory.soft_limit_in_bytes only says who gives back first",
        "memory.force_empty" => "v2 has memory.reclaim, which is told how much",
        _ when name.StartsWith("memory.kmem", StringComparison.Ordinal) => "v2 counts the kernel's memory in memory.max, without a limit of its own",
        _ when name.StartsWith("cpu.rt_", StringComparison.Ordinal) => "v2 has no realtime bandwidth for a cgroup",
        _ when name.StartsWith("net_", StringComparison.Ordinal) => "v2 has no network classes: eBPF programs and nftables' 'socket cgroupv2' tell cgroups apart",
        _ when name.EndsWith(".pressure", StringComparison.Ordinal) => "v1 does not measure pressure for a cgroup; /proc/pressure has the host's",
        "cgroup.kill" => "v1 has no kill file: freeze it, signal each process of cgroup.procs, thaw it",
        _ => null,
    };

    private static Counterpart SameNumber(string v1, string v2) => new(v1, v2, $"{v2} = {v1}")
    {
        ReadV2 = files => files.Read(v1),
        ReadV1 = files => files.Read(v2),
        WriteV2 = (_, value) => [new(v1, value)],
        WriteV1 = (_, value) => [new(v2, value)],
    };

    private static Counterpart SameBytes(string v1, string v2, string? formula = null) => new(v1, v2, formula ?? $"{v2} = {v1}; no limit is max in v2, -1 in v1")
    {
        ReadV2 = files => files.Read(v1) is { } text ? Limit(v2, text) : null,
        ReadV1 = files => files.Read(v2) is { } text ? Limit(v1, text) : null,
        WriteV2 = (_, value) => [new(v1, Limit(v1, value))],
        WriteV1 = (_, value) => [new(v2, Limit(v2, value))],
    };

    /// <summary>hugetlb.SIZE.limit_in_bytes and hugetlb.SIZE.max, for each size of pages; with .rsvd too.</summary>
    private static Counterpart? HugePages(string name)
    {
        if (!name.StartsWith("hugetlb.", StringComparison.Ordinal))
            return null;
        foreach (var (v1, v2) in ((string, string)[])[(".limit_in_bytes", ".max"), (".usage_in_bytes", ".current")])
        {
            var end = name.EndsWith(v1, StringComparison.Ordinal) ? v1 : name.EndsWith(v2, StringComparison.Ordinal) ? v2 : null;
            if (end is not null && name[..^end.Length] is { Length: > 8 } pages)
                return SameBytes(pages + v1, pages + v2);
        }

        return null;
    }

    private static string Limit(string name, string text) => ControlValue.Limit(name, ControlValue.ParseLimit(text));
}
