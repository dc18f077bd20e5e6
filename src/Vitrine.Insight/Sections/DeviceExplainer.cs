using Vitrine.Insight.Cgroups;
using Vitrine.Oci.Runtime;

namespace Vitrine.Insight.Sections;

/// <summary>Which devices the process may open and make, by the device cgroup.</summary>
internal static class DeviceExplainer
{
    /// <summary>Devices that every container has (config-linux.md, Default Devices): harmless.</summary>
    private static readonly (char Type, uint Major, uint? Minor, string Name)[] Known =
    [
        ('c', 1, 3, "/dev/null"), ('c', 1, 5, "/dev/zero"), ('c', 1, 7, "/dev/full"), ('c', 1, 8, "/dev/random"),
        ('c', 1, 9, "/dev/urandom"), ('c', 5, 0, "/dev/tty"), ('c', 5, 1, "/dev/console"), ('c', 5, 2, "/dev/ptmx"),
        ('c', 136, null, "/dev/pts/*"), ('c', 10, 200, "/dev/net/tun"), ('c', 10, 229, "/dev/fuse"), ('c', 10, 232, "/dev/kvm"),
        ('c', 1, 1, "/dev/mem"), ('c', 1, 2, "/dev/kmem"), ('c', 1, 4, "/dev/port"), ('c', 1, 11, "/dev/kmsg"),
        ('c', 195, null, "/dev/nvidia*"), ('c', 226, null, "/dev/dri/*"), ('c', 116, null, "/dev/snd/*"),
        ('b', 7, null, "/dev/loop*"), ('b', 8, null, "/dev/sd*"), ('b', 252, null, "/dev/vd*"), ('b', 253, null, "/dev/dm-*"),
        ('b', 254, null, "/dev/vd*"), ('b', 259, null, "/dev/nvme*"),
    ];

    public static DeviceSection Explain(ExplainContext context, CgroupView cgroups)
    {
        var notes = context.Notes();
        var rules = notes.Read("rules", "devices.list", () => FromKernel(context, cgroups, notes) ?? FromSpec(context, notes));
        if (rules is null)
        {
            notes.Fact("devices", "not known", context.Source("cgroup"), cgroups.In("pids") is { Version: 2 }
                ? "cgroup v2 decides by a BPF program that no file shows."
                : "There is no device cgroup here: only file permissions and CAP_MKNOD decide.");
            return new DeviceSection { Facts = notes.Facts, Warnings = notes.Warnings };
        }

        var all = rules.Exists(rule => rule.Type == 'a' || (rule.Major is null && rule.Minor is null && rule.Access.Contains('w')));
        Warn(context, notes, rules, all);
        return new DeviceSection { Rules = rules, AllAllowed = all, Facts = notes.Facts, Warnings = notes.Warnings };
    }

    private static List<DeviceRuleFact>? FromKernel(ExplainContext context, CgroupView cgroups, SectionNotes notes)
    {
        if (cgroups.Read("devices", "devices.list") is not { } text)
            return null;
        var rules = new List<DeviceRuleFact>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Parse(line) is { } rule)
                rules.Add(rule);
        }

        var all = rules is [{ Type: 'a' }];
        notes.Fact("devices", all ? "every device" : $"{rules.Count} rules", cgroups.PathOf("devices", "devices.list") ?? context.Source("cgroup"),
            all ? "Only file permissions and CAP_MKNOD decide." : "What is not listed cannot be opened, whatever node lies in /dev; r reads, w writes, m is mknod.");
        return rules;
    }

    private static List<DeviceRuleFact>? FromSpec(ExplainContext context, SectionNotes notes)
    {
        if (context.Spec?.Linux?.Resources?.Devices is not { } rules || context.SpecPath is not { } path)
            return null;
        notes.Fact("devices", "by the engine's specification", path,
            "The kernel enforces them by a BPF program on the cgroup, which cannot be read back from a file.");
        return [.. rules.Where(rule => rule.Allow).Select(FromSpec)];
    }

    private static DeviceRuleFact FromSpec(DeviceRule rule)
    {
        var type = rule.Type is { Length: 1 } name ? name[0] : 'a';
        uint? major = rule.Major is >= 0 ? (uint)rule.Major : null;
        uint? minor = rule.Minor is >= 0 ? (uint)rule.Minor : null;
        return new DeviceRuleFact
        {
            Type = type, Major = major, Minor = minor, Access = rule.Access ?? "rwm", Name = NameOf(type, major, minor),
        };
    }

    // c 1:3 rwm - and "a *:* rwm" for everything (Documentation/admin-guide/cgroup-v1/devices.rst).
    internal static DeviceRuleFact? Parse(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not [{ Length: 1 } type, var device, var access] || device.Split(':') is not [var major, var minor])
            return null;
        if (!TryNumber(major, out var majorNumber) || !TryNumber(minor, out var minorNumber))
            return null;
        return new DeviceRuleFact
        {
            Type = type[0],
            Major = majorNumber,
            Minor = minorNumber,
            Access = access,
            Name = NameOf(type[0], majorNumber, minorNumber),
        };
    }

    private static bool TryNumber(string text, out uint? number)
    {
        number = null;
        if (text == "*")
            return true;
        var valid = uint.TryParse(text, out var value);
        number = value;
        return valid;
    }

    private static string? NameOf(char type, uint? major, uint? minor)
    {
        foreach (var known in Known)
        {
            if (known.Type == type && known.Major == major && (known.Minor is null || known.Minor == minor))
                return known.Name;
        }

        return null;
    }

    private static void Warn(ExplainContext context, SectionNotes notes, List<DeviceRuleFact> rules, bool all)
    {
        if (all)
        {
            notes.Warn(context.IsHostRoot ? Severity.High : Severity.Low, "devices.all",
                "Every device of the host is allowed: with CAP_MKNOD or a node in /dev, disks and memory can be opened.",
                "run without --privileged and name single devices with --device");
            return;
        }

        foreach (var rule in rules)
        {
            var reads = rule.Access.AsSpan().ContainsAny('r', 'w');
            if (reads && (rule.Type == 'b' || rule.Name is "/dev/mem" or "/dev/kmem" or "/dev/port"))
            {
                notes.Warn(Severity.High, "devices.raw",
                    $"{rule.Name ?? $"device {rule.Type} {rule.Major}:{rule.Minor}"} may be opened: raw access to the host's disk or memory.",
                    "run without that --device");
            }
        }
    }
}
