using Vitrine.Linux;

namespace Vitrine.Insight.Differences;

/// <summary>
/// What <c>vitrine run IMAGE</c> gives a container of whom nothing else is asked (docs/security.md); a test compares it with one.
/// </summary>
public static class DefaultSettings
{
    private static readonly CapabilitySet s_capabilities = CapabilitySet.Of(
        Capability.CAP_CHOWN, Capability.CAP_DAC_OVERRIDE, Capability.CAP_FOWNER, Capability.CAP_FSETID, Capability.CAP_KILL, Capability.CAP_NET_BIND_SERVICE,
        Capability.CAP_SETFCAP, Capability.CAP_SETGID, Capability.CAP_SETPCAP, Capability.CAP_SETUID, Capability.CAP_SYS_CHROOT);

    private static readonly (string Section, string Group, string Name, string Value)[] s_single =
    [
        ("namespaces", "namespace", "user", "host"), ("namespaces", "namespace", "pid", "isolated"), ("namespaces", "namespace", "mnt", "isolated"),
        ("namespaces", "namespace", "net", "isolated"), ("namespaces", "namespace", "uts", "isolated"), ("namespaces", "namespace", "ipc", "isolated"),
        ("namespaces", "namespace", "cgroup", "isolated"), ("namespaces", "namespace", "time", "host"),
        ("root", "root", "kind", "pivoted"), ("root", "root", "filesystem", "overlay"), ("root", "root", "access", "writable"),
        ("mounts", "mount", "/dev", "tmpfs, rw,nosuid"), ("mounts", "mount", "/dev/shm", "tmpfs, rw,nosuid,nodev,noexec"),
        ("cgroups", "limit", "memory", "no limit"), ("cgroups", "limit", "memory and swap", "no limit"), ("cgroups", "limit", "memory reservation", "none"),
        ("cgroups", "limit", "cpus", "no limit"), ("cgroups", "limit", "cpu weight", "100"), ("cgroups", "limit", "pids", "2048"), ("cgroups", "limit", "disk", "no limit"),
        ("seccomp", "seccomp", "mode", "filter"),
        ("devices", "device", "b *:*", "m"), ("devices", "device", "c *:*", "m"),
        ("devices", "device", "/dev/null (c 1:3)", "rwm"), ("devices", "device", "/dev/zero (c 1:5)", "rwm"), ("devices", "device", "/dev/full (c 1:7)", "rwm"),
        ("devices", "device", "/dev/random (c 1:8)", "rwm"), ("devices", "device", "/dev/urandom (c 1:9)", "rwm"), ("devices", "device", "/dev/tty (c 5:0)", "rwm"),
        ("devices", "device", "/dev/console (c 5:1)", "rwm"), ("devices", "device", "/dev/ptmx (c 5:2)", "rwm"), ("devices", "device", "/dev/pts/* (c 136:*)", "rwm"),
    ];

    private static readonly HashSet<(string, string)> s_groups =
    [
        .. s_single.Select(setting => (setting.Section, setting.Group)),
        ("capabilities", "effective"), ("capabilities", "permitted"), ("capabilities", "bounding"), ("capabilities", "inheritable"), ("capabilities", "ambient"),
    ];

    /// <summary>The settings.</summary>
    /// <param name="isRoot">Whether the process is root inside; another user has the capabilities in its bounding set alone.</param>
    public static IReadOnlyList<Setting> For(bool isRoot)
    {
        var list = s_single.Select(setting => new Setting(setting.Section, setting.Group, setting.Name, setting.Value)).ToList();
        foreach (var set in isRoot ? ["effective", "permitted", "bounding"] : (string[])["bounding"])
            list.AddRange(s_capabilities.ToNames().Select(name => new Setting("capabilities", set, $"{set} {name}", "has it")));
        list.Add(new Setting("confinement", "confinement", "no_new_privs", isRoot ? "off" : "on"));
        return list;
    }

    /// <summary>Whether the defaults say anything of such a setting.</summary>
    public static bool Knows(Setting setting) => s_groups.Contains((setting.Section, setting.Group)) || setting.Name == "no_new_privs";
}
