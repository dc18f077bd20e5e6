
namespace Vitrine.Insight.ByHand;

/// <summary>Reads which files of a control group have been changed from what a new group has (cgroup-v1/*.rst, cgroup-v2.rst).</summary>
internal static class GroupSettings
{
    /// <summary>A file, and the text that it has in a new group; null is "as the parent has it".</summary>
    private sealed record Known(string Controller, string File, string? Default, bool IsEarly = false);

    // In the order in which they must be written: memory before memory and swap, the period before the quota.
    private static readonly Known[] s_v1 =
    [
        new("cpuset", "cpuset.cpus", "", IsEarly: true),
        new("cpuset", "cpuset.mems", "", IsEarly: true),
        new("memory", "memory.limit_in_bytes", null),
        new("memory", "memory.memsw.limit_in_bytes", null),
        new("memory", "memory.soft_limit_in_bytes", null),
        new("memory", "memory.swappiness", null),
        new("cpu", "cpu.shares", "1024"),
        new("cpu", "cpu.cfs_period_us", "100000"),
        new("cpu", "cpu.cfs_quota_us", "-1"),
        new("cpu", "cpu.idle", "0"),
        new("blkio", "blkio.weight", null),
        new("blkio", "blkio.bfq.weight", null),
        new("blkio", "blkio.throttle.read_bps_device", ""),
        new("blkio", "blkio.throttle.write_bps_device", ""),
        new("blkio", "blkio.throttle.read_iops_device", ""),
        new("blkio", "blkio.throttle.write_iops_device", ""),
        new("net_cls", "net_cls.classid", "0"),
        new("pids", "pids.max", "max"),
    ];

    private static readonly Known[] s_v2 =
    [
        new("cpuset", "cpuset.cpus", "", IsEarly: true),
        new("cpuset", "cpuset.mems", "", IsEarly: true),
        new("memory", "memory.max", "max"),
        new("memory", "memory.high", "max"),
        new("memory", "memory.low", "0"),
        new("memory", "memory.min", "0"),
        new("memory", "memory.swap.max", "max"),
        new("memory", "memory.oom.group", "0"),
        new("cpu", "cpu.max", "max 100000"),
        new("cpu", "cpu.weight", "100"),
        new("cpu", "cpu.idle", "0"),
        new("io", "io.max", ""),
        new("io", "io.weight", "default 100"),
        new("pids", "pids.max", "max"),
    ];

    /// <param name="place">The group; its directory must be known.</param>
    /// <param name="read">Reads a file of the host; null where it is not there.</param>
    public static List<HandSetting> Read(CgroupPlace place, Func<string, string?> read)
    {
        var settings = new List<HandSetting>();
        foreach (var known in place.Version == 1 ? s_v1 : s_v2)
        {
            if (!place.Controllers.Contains(known.Controller) || read($"{place.Directory}/{known.File}") is not { } value)
                continue;
            var usual = known.Default ?? read($"{Path.GetDirectoryName(place.Directory)}/{known.File}") ?? "";
            // A file of several devices takes one line at each write.
            if (value != usual)
                settings.AddRange(value.Split('\n').Select(line => new HandSetting(known.File, line, known.IsEarly)));
        }

        if (place.Version == 1 && place.Controllers.Contains("memory")
            && read($"{place.Directory}/memory.oom_control")?.Contains("oom_kill_disable 1", StringComparison.Ordinal) == true)
            settings.Add(new HandSetting("memory.oom_control", "1"));
        if (place.Version == 1 && place.Controllers.Contains("devices") && read($"{place.Directory}/devices.list") is { } devices)
            settings.AddRange(Devices(devices));
        return settings;
    }

    /// <summary>First nothing is allowed, then what is listed; nothing is written where everything is.</summary>
    private static IEnumerable<HandSetting> Devices(string list)
    {
        if (list is "" or "a *:* rwm")
            yield break;
        yield return new HandSetting("devices.deny", "a");
        foreach (var line in list.Split('\n'))
            yield return new HandSetting("devices.allow", line);
    }
}
