using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>From the configuration's resources to what is written where (runtime-spec config-linux.md, Control groups).</summary>
internal static class CgroupLimits
{
    // What every container may use: making any node (but opening only what is allowed), and the default devices with
    // terminals. The list is runc's.
    private static readonly string[] s_defaultDevices =
        ["c *:* m", "b *:* m", "c 1:3 rwm", "c 1:8 rwm", "c 1:7 rwm", "c 5:0 rwm", "c 1:5 rwm", "c 1:9 rwm", "c 136:* rwm", "c 5:2 rwm"];

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

    /// <summary>The v1 devices controller's rules: deny everything, then the configuration's, then what every container may use.</summary>
    public static IEnumerable<CgroupWrite> DeviceWrites(IReadOnlyList<DeviceRule>? rules, CgroupLayout layout)
    {
        if (layout.Of("devices") is not { Version: 1 })
            yield break;
        yield return Deny("a");
        var all = false;
        foreach (var rule in rules ?? [])
        {
            var text = Text(rule);
            all = rule.Allow && text == "a";
            yield return rule.Allow ? Allow(text) : Deny(text);
        }

        // After "allow everything" a further rule would take the place of all.
        if (all)
            yield break;
        foreach (var text in s_defaultDevices)
            yield return Allow(text);
    }

    private static CgroupWrite Allow(string rule) => new("devices", "devices.allow", rule);

    private static CgroupWrite Deny(string rule) => new("devices", "devices.deny", rule);

    private static string Text(DeviceRule rule)
    {
        var access = string.IsNullOrEmpty(rule.Access) ? "rwm" : rule.Access;
        if (access.AsSpan().ContainsAnyExcept('r', 'w', 'm'))
            throw new VitrineException(ErrorKind.Invalid, $"invalid device access \"{rule.Access}\": only r, w and m");
        return rule.Type switch
        {
            null or "" or "a" => "a",
            "c" or "b" => $"{rule.Type} {Number(rule.Major)}:{Number(rule.Minor)} {access}",
            _ => throw new VitrineException(ErrorKind.Invalid, $"invalid device type \"{rule.Type}\" in linux.resources.devices"),
        };
    }

    private static string Number(long? value) => value is null or < 0 ? "*" : value.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
