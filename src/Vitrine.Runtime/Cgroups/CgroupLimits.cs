using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>From the configuration's resources to what is written where (runtime-spec config-linux.md, Control groups).</summary>
internal static class CgroupLimits
{
    // What every container may use: making any node (but opening only what is allowed), and the default devices with
    // terminals. The list is runc's.
    private static readonly DevicePermission[] s_defaultDevices =
    [
        new(true, DeviceKind.Character, null, null, DeviceAccess.MakeNode),
        new(true, DeviceKind.Block, null, null, DeviceAccess.MakeNode),
        Character(1, 3),
        Character(1, 8),
        Character(1, 7),
        Character(5, 0),
        Character(1, 5),
        Character(1, 9),
        Character(136, null),
        Character(5, 2),
    ];

    /// <summary>The writes for the limits that are given, in an order the kernel accepts for a new cgroup.</summary>
    /// <remarks>On a hybrid host each controller is of one version: the v1 files for those there or nowhere, the v2 files for the rest.</remarks>
    public static IEnumerable<CgroupWrite> Writes(Resources resources, CgroupLayout layout)
    {
        if (layout.IsUnified)
            return CgroupLimitsV2.Writes(resources);
        bool IsUnified(CgroupWrite write) => layout.Of(write.Controller) is { Version: 2 };
        // v2 cannot express every v1 combination of memory and swap: it is not asked where memory is v1's.
        var rest = layout.Of("memory") is { Version: 2 } ? resources : resources with { Memory = null };
        return CgroupLimitsV1.Writes(resources).Where(write => !IsUnified(write))
            .Concat(CgroupLimitsV2.Writes(rest).Where(IsUnified));
    }

    /// <summary>All rules for devices: deny everything, then the configuration's, then what every container may use.</summary>
    /// <exception cref="VitrineException">A rule is malformed.</exception>
    public static List<DevicePermission> Devices(IReadOnlyList<DeviceRule>? rules)
    {
        var result = new List<DevicePermission> { DevicePermission.Everything(false) };
        foreach (var rule in rules ?? [])
            result.Add(Permission(rule));
        // After "allow everything" a further rule of v1 would take the place of all.
        if (result[^1] != DevicePermission.Everything(true))
            result.AddRange(s_defaultDevices);
        return result;
    }

    /// <summary>The rules as the v1 devices controller takes them.</summary>
    public static IEnumerable<CgroupWrite> DeviceWrites(IReadOnlyList<DevicePermission> rules) =>
        rules.Select(rule => new CgroupWrite("devices", rule.Allow ? "devices.allow" : "devices.deny", rule.ToString()));

    private static DevicePermission Character(uint major, uint? minor) =>
        new(true, DeviceKind.Character, major, minor, DeviceAccess.All);

    private static DevicePermission Permission(DeviceRule rule)
    {
        var kind = rule.Type switch
        {
            null or "" or "a" => DeviceKind.Any,
            "b" => DeviceKind.Block,
            "c" => DeviceKind.Character,
            _ => throw new VitrineException(ErrorKind.Invalid, $"invalid device type \"{rule.Type}\" in linux.resources.devices"),
        };
        return kind == DeviceKind.Any
            ? DevicePermission.Everything(rule.Allow)
            : new DevicePermission(rule.Allow, kind, Number(rule.Major), Number(rule.Minor), Access(rule.Access));
    }

    private static DeviceAccess Access(string? text)
    {
        var access = DeviceAccess.None;
        foreach (var letter in string.IsNullOrEmpty(text) ? "rwm" : text)
            access |= letter switch
            {
                'r' => DeviceAccess.Read,
                'w' => DeviceAccess.Write,
                'm' => DeviceAccess.MakeNode,
                _ => throw new VitrineException(ErrorKind.Invalid, $"invalid device access \"{text}\": only r, w and m"),
            };
        return access;
    }

    private static uint? Number(long? value) => value is >= 0 and <= int.MaxValue ? (uint)value : null;
}
