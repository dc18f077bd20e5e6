using System.Globalization;

namespace Vitrine.Insight.Differences;

/// <summary>An explanation as a flat list of settings that can be compared with another's.</summary>
public static class Settings
{
    /// <summary>What is set, without what only tells two containers apart.</summary>
    public static IReadOnlyList<Setting> Of(ContainerExplanation explanation)
    {
        var list = new List<Setting>();
        Isolation(list, explanation);
        Mounts(list, explanation);
        Groups(list, explanation.Cgroups);
        Privileges(list, explanation);
        Contents(list, explanation);
        return list;
    }

    /// <summary>What is in use at this moment: processes, memory, processor time, connections.</summary>
    public static IReadOnlyList<Setting> UseOf(ContainerExplanation explanation)
    {
        var list = new List<Setting>();
        foreach (var process in explanation.Processes.Processes)
            Add(list, "processes", "process", $"process {process.Pid}", process.Command);
        var groups = explanation.Cgroups;
        Add(list, "cgroups", "use", "memory in use", Bytes(groups.Memory?.UsageBytes));
        Add(list, "cgroups", "use", "memory peak", Bytes(groups.Memory?.PeakBytes));
        Add(list, "cgroups", "use", "limit hits", Number(groups.Memory?.LimitHits));
        Add(list, "cgroups", "use", "oom kills", Number(groups.Memory?.OomKills));
        Add(list, "cgroups", "use", "processor seconds", groups.Cpu?.UsageMicroseconds is { } time ? (time / 1e6).ToString("0.0", CultureInfo.InvariantCulture) : null);
        Add(list, "cgroups", "use", "periods throttled", Number(groups.Cpu?.ThrottledPeriods));
        Add(list, "cgroups", "use", "tasks", Number(groups.Pids?.Current));
        foreach (var listener in explanation.Network.Listeners)
            Add(list, "network", "listener", $"listens on {listener.Address} port {listener.Port}/{listener.Protocol}", listener.Command ?? "somebody");
        Add(list, "network", "use", "connections", Number<int>(explanation.Network.EstablishedConnections));
        Add(list, "openFiles", "use", "open files", Number<int>(explanation.OpenFiles.Files.Count));
        return list;
    }

    private static void Isolation(List<Setting> list, ContainerExplanation explanation)
    {
        foreach (var fact in explanation.Namespaces.Namespaces)
            Add(list, "namespaces", "namespace", fact.Kind, fact.Scope.ToString().ToLowerInvariant());
        foreach (var (what, ranges) in new[] { ("users", explanation.UserMapping.Users), ("groups", explanation.UserMapping.Groups) })
        {
            foreach (var range in ranges)
                Add(list, "userMapping", what, $"{what} from {range.Inside}", string.Create(CultureInfo.InvariantCulture, $"{range.Count} from {range.Outside} on the host"));
        }

        var root = explanation.Root;
        Add(list, "root", "root", "kind", root.Kind.ToString().ToLowerInvariant());
        Add(list, "root", "root", "filesystem", root.FileSystem);
        Add(list, "root", "root", "access", root.ReadOnly switch { true => "read-only", false => "writable", null => null });
    }

    private static void Mounts(List<Setting> list, ContainerExplanation explanation)
    {
        foreach (var mount in explanation.Mounts.Mounts)
        {
            var from = mount.Class is MountClass.Bind ? $" of {mount.Source}" : mount.Class is MountClass.Volume ? $" {mount.Volume}" : "";
            var propagation = mount.Propagation == "private" ? "" : $", {mount.Propagation}";
            var options = string.Join(',', mount.Options.Where(option => option is "nosuid" or "nodev" or "noexec"));
            var isSystems = mount.Class is MountClass.Kernel or MountClass.Masked or MountClass.ReadOnlyPath or MountClass.EngineFile;
            Add(list, "mounts", isSystems ? "system" : "mount", mount.Destination,
                $"{Words(mount.Class)}{from}, {(mount.ReadOnly ? "ro" : "rw")}{(options.Length > 0 ? "," : "")}{options}{propagation}");
        }
    }

    private static void Groups(List<Setting> list, CgroupSection groups)
    {
        const string none = "no limit";
        if (groups.Memory is { } memory)
        {
            Add(list, "cgroups", "limit", "memory", Bytes(memory.EffectiveLimitBytes) ?? none);
            Add(list, "cgroups", "limit", "memory and swap", Bytes(memory.MemoryAndSwapLimitBytes) ?? none);
            Add(list, "cgroups", "limit", "memory reservation", Bytes(memory.ReservationBytes is 0 ? null : memory.ReservationBytes) ?? "none");
        }

        if (groups.Cpu is { } cpu)
        {
            Add(list, "cgroups", "limit", "cpus", cpu.Cpus?.ToString("0.##", CultureInfo.InvariantCulture) ?? none);
            Add(list, "cgroups", "limit", "cpu weight", Number(cpu.Weight));
        }

        Add(list, "cgroups", "cpuset", "processors", groups.Cpuset?.Cpus);
        if (groups.Pids is { } pids)
            Add(list, "cgroups", "limit", "pids", Number(pids.Limit) ?? none);
        if (groups.BlockIo is { } disk)
            Add(list, "cgroups", "limit", "disk", disk.Throttles.Count == 0 ? none : string.Join("; ", disk.Throttles));
        Add(list, "cgroups", "state", "state", groups.Frozen switch { true => "frozen", false => "running", null => null });
    }

    private static void Privileges(List<Setting> list, ContainerExplanation explanation)
    {
        var sets = explanation.Capabilities;
        foreach (var (set, names) in new[]
        {
            ("effective", sets.Effective), ("permitted", sets.Permitted), ("inheritable", sets.Inheritable), ("bounding", sets.Bounding), ("ambient", sets.Ambient),
        })
        {
            foreach (var name in names)
                Add(list, "capabilities", set, $"{set} {name}", "has it");
        }

        Add(list, "seccomp", "seccomp", "mode", explanation.Seccomp.Mode.ToString().ToLowerInvariant());
        Add(list, "seccomp", "rules", "calls refused", Number(explanation.Seccomp.BlockedCount));
        Add(list, "confinement", "confinement", "label", explanation.Confinement.Label);
        Add(list, "confinement", "confinement", "no_new_privs", explanation.Confinement.NoNewPrivileges switch { true => "on", false => "off", null => null });
        if (explanation.Devices.AllAllowed == true)
            Add(list, "devices", "device", "every device", "allowed");
        foreach (var rule in explanation.Devices.Rules)
        {
            var number = string.Create(CultureInfo.InvariantCulture, $"{rule.Type} {(rule.Major is { } major ? $"{major}" : "*")}:{(rule.Minor is { } minor ? $"{minor}" : "*")}");
            Add(list, "devices", "device", rule.Name is { } name ? $"{name} ({number})" : number, rule.Access);
        }

        foreach (var limit in explanation.Limits.Limits)
            Add(list, "limits", "limit", limit.Name, $"{Number(limit.Soft)}:{Number(limit.Hard)}");
    }

    private static void Contents(List<Setting> list, ContainerExplanation explanation)
    {
        foreach (var device in explanation.Network.Interfaces)
            Add(list, "network", "interface", $"interface {device.Name}", device.Bridge is { } bridge ? $"in bridge {bridge}" : "no bridge known");
        foreach (var port in explanation.Network.PublishedPorts)
            Add(list, "network", "port", $"published {port.HostAddress} port {port.HostPort}/{port.Protocol}", $"port {port.Port}");
        // A value that is hidden shows its fingerprint, which is equal for equal secrets.
        foreach (var variable in explanation.Secrets.Environment)
            Add(list, "secrets", "variable", variable.Name, variable.Value);
        Add(list, "secrets", "arguments", "arguments", string.Join(' ', explanation.Secrets.Arguments));
        Add(list, "processes", "program", "program", explanation.Processes.Program?.Path);
        Add(list, "processes", "program", "program written since the start", explanation.Processes.Program?.WrittenHere switch { true => "yes", false => "no", null => null });
    }

    private static void Add(List<Setting> list, string section, string group, string name, string? value)
    {
        if (value is not null)
            list.Add(new Setting(section, group, name, value));
    }

    private static string Words(MountClass kind) => kind switch
    {
        MountClass.ReadOnlyPath => "read-only part",
        MountClass.EngineFile => "engine file",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static string? Bytes(long? bytes) => bytes is { } number ? ByteText.Format(number) : null;

    private static string? Number<T>(T? number)
        where T : struct, IFormattable => number?.ToString(null, CultureInfo.InvariantCulture);
}
