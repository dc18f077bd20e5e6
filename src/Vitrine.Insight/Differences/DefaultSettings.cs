namespace Vitrine.Insight.Differences;

/// <summary>A container's settings against those that its engine gives where nothing else is asked, as far as the engine decides them.</summary>
public static class DefaultSettings
{
    // The same for every engine.
    private static readonly (string Section, string Group, string Name, string Value)[] s_common =
    [
        ("namespaces", "namespace", "user", "host"), ("namespaces", "namespace", "pid", "isolated"), ("namespaces", "namespace", "mnt", "isolated"),
        ("namespaces", "namespace", "time", "host"),
        ("root", "root", "kind", "pivoted"), ("root", "root", "filesystem", "overlay"), ("root", "root", "access", "writable"),
        ("cgroups", "limit", "memory", "no limit"), ("cgroups", "limit", "memory and swap", "no limit"), ("cgroups", "limit", "memory reservation", "none"),
        ("cgroups", "limit", "cpus", "no limit"), ("cgroups", "limit", "disk", "no limit"),
        ("devices", "device", "b *:*", "m"), ("devices", "device", "c *:*", "m"),
        ("devices", "device", "/dev/null (c 1:3)", "rwm"), ("devices", "device", "/dev/zero (c 1:5)", "rwm"), ("devices", "device", "/dev/full (c 1:7)", "rwm"),
        ("devices", "device", "/dev/random (c 1:8)", "rwm"), ("devices", "device", "/dev/urandom (c 1:9)", "rwm"), ("devices", "device", "/dev/tty (c 5:0)", "rwm"),
        ("devices", "device", "/dev/console (c 5:1)", "rwm"), ("devices", "device", "/dev/ptmx (c 5:2)", "rwm"), ("devices", "device", "/dev/pts/* (c 136:*)", "rwm"),
    ];

    // Of the kernel's files that every engine covers, those that every kernel has.
    private static readonly (string Place, string Value)[] s_covers =
        [("/proc/bus", ReadOnly), ("/proc/fs", ReadOnly), ("/proc/irq", ReadOnly), ("/proc/sys", ReadOnly), ("/sys/firmware", Masked)];

    private const string ReadOnly = "read-only";
    private const string Masked = "masked";
    private const string Cover = "cover";

    private static readonly HashSet<(string, string)> s_groups =
    [
        .. s_common.Select(setting => (setting.Section, setting.Group)), ("mounts", "mount"), ("mounts", Cover), ("seccomp", "seccomp"),
        ("capabilities", "effective"), ("capabilities", "permitted"), ("capabilities", "bounding"), ("capabilities", "inheritable"), ("capabilities", "ambient"),
    ];

    /// <summary>In what a container differs from a default.</summary>
    /// <param name="explanation">The container.</param>
    /// <param name="engine">Whose default.</param>
    /// <param name="wanted">Which settings count.</param>
    public static IReadOnlyList<SettingDifference> Compare(ContainerExplanation explanation, EngineDefault engine, Func<Setting, bool> wanted)
    {
        var here = Settings.Of(explanation).ToList();
        var covers = explanation.Mounts.Mounts.ToLookup(mount => mount.Destination);
        here.AddRange(s_covers.Select(cover => new Setting("mounts", Cover, cover.Place, Covered(covers[cover.Place].LastOrDefault()))));
        var left = engine.Left.ToHashSet();
        return ExplanationDiff.Compare(here, For(engine, explanation), setting => !left.Contains(setting.Name) && Knows(setting, engine, explanation) && wanted(setting));
    }

    private static List<Setting> For(EngineDefault engine, ContainerExplanation explanation)
    {
        var list = s_common.Select(setting => new Setting(setting.Section, setting.Group, setting.Name, setting.Value)).ToList();
        foreach (var kind in (string[])["net", "uts", "ipc"])
            list.Add(new Setting("namespaces", "namespace", kind, engine.PodNamespace));
        list.Add(new Setting("namespaces", "namespace", "cgroup", IsUnified(explanation) ? engine.UnifiedCgroupNamespace ?? "" : engine.CgroupNamespace));
        list.AddRange(engine.Mounts.Select(mount => new Setting("mounts", "mount", mount.Place, mount.Value)));
        list.AddRange(s_covers.Select(cover => new Setting("mounts", Cover, cover.Place, cover.Value)));
        list.Add(new Setting("cgroups", "limit", "cpu weight", engine.CpuWeight));
        list.Add(new Setting("cgroups", "limit", "pids", engine.Pids));
        list.Add(new Setting("seccomp", "seccomp", "mode", engine.Seccomp));
        Privileges(list, engine, explanation);
        return list;
    }

    private static void Privileges(List<Setting> list, EngineDefault engine, ContainerExplanation explanation)
    {
        // Another user than root has the capabilities in its bounding set alone.
        var isRoot = explanation.Processes.Processes.FirstOrDefault(process => process.Pid == explanation.Target.Pid) is not { ContainerUid: not 0 };
        var besides = engine.Besides.ToNames();
        var capabilities = besides.Except(explanation.Capabilities.Bounding).Any() ? engine.Capabilities : engine.Capabilities | engine.Besides;
        foreach (var set in isRoot ? ["effective", "permitted", "bounding"] : (string[])["bounding"])
            list.AddRange(capabilities.ToNames().Select(name => new Setting("capabilities", set, $"{set} {name}", "has it")));
        list.Add(new Setting("confinement", "confinement", "no_new_privs", (isRoot ? engine.NoNewPrivileges.Root : engine.NoNewPrivileges.Other) ? "on" : "off"));
        // A profile's name may end with the version of who made it.
        var label = explanation.Confinement.Label;
        var isIt = engine.Profile.EndsWith('-') && label?.StartsWith(engine.Profile, StringComparison.Ordinal) == true;
        list.Add(new Setting("confinement", "confinement", "label", isIt ? label! : engine.Profile));
    }

    /// <summary>Whether the defaults say anything of such a setting.</summary>
    private static bool Knows(Setting setting, EngineDefault engine, ContainerExplanation explanation) => setting switch
    {
        { Section: "confinement", Name: "label" } => explanation.Confinement.Module == "apparmor",
        { Section: "namespaces", Name: "cgroup" } => engine.UnifiedCgroupNamespace is not null || !IsUnified(explanation),
        // Without cgroup v1 the specification tells what is allowed, and other runtimes add what every container has.
        { Section: "devices" } when engine.Engine != "vitrine" && IsUnified(explanation) => !Array.Exists(s_common, common => common.Name == setting.Name),
        _ => s_groups.Contains((setting.Section, setting.Group)) || setting.Name == "no_new_privs",
    };

    private static bool IsUnified(ContainerExplanation explanation) => explanation.Cgroups.Version == "v2";

    private static string Covered(MountFact? mount) => mount?.Class switch
    {
        MountClass.Masked => Masked,
        MountClass.ReadOnlyPath => ReadOnly,
        _ => "open",
    };
}
