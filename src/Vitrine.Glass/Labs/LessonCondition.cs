using Vitrine.Linux;

namespace Vitrine.Glass.Labs;

/// <summary>What a step may ask of the host (<c>only: cgroup v1</c>), and whether it is there.</summary>
internal static class LessonCondition
{
    /// <summary>All that may be asked for.</summary>
    public const string Known = "cgroup v1, cgroup v2, apparmor, selinux, controller NAME, program NAME";

    /// <summary>Whether anybody can tell if it is met.</summary>
    public static bool IsKnown(string condition) =>
        condition is "cgroup v1" or "cgroup v2" or "apparmor" or "selinux"
        || Words(condition) is ["controller" or "program", { Length: > 0 }];

    /// <summary>Why a step does not apply here; null where it does.</summary>
    public static string? Unmet(IEnumerable<string> conditions, CgroupLayout layout) =>
        conditions.FirstOrDefault(condition => !IsMet(condition, layout)) is { } unmet ? $"this host has no {Describe(unmet)}" : null;

    /// <summary>The version of the hierarchy that limits processes here: 1, 2, or 0 for none.</summary>
    public static int CgroupVersion(CgroupLayout layout) => (layout.Of("pids") ?? layout.Of("memory"))?.Version ?? 0;

    private static bool IsMet(string condition, CgroupLayout layout) => condition switch
    {
        "cgroup v1" => CgroupVersion(layout) == 1,
        "cgroup v2" => CgroupVersion(layout) == 2,
        "apparmor" => Directory.Exists("/sys/kernel/security/apparmor"),
        "selinux" => Directory.Exists("/sys/fs/selinux/policy_capabilities"),
        _ => Words(condition) switch
        {
            ["controller", var name] => layout.Of(name) is not null,
            ["program", var name] => LabProgram.Find(name) is not null,
            _ => false,
        },
    };

    private static string Describe(string condition) => condition switch
    {
        "cgroup v1" or "cgroup v2" => $"{condition} with the controllers pids and memory",
        "apparmor" => "AppArmor",
        "selinux" => "SELinux",
        _ when condition.StartsWith("controller ", StringComparison.Ordinal) => $"cgroup {condition}",
        _ => condition,
    };

    private static string[] Words(string condition) => condition.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
