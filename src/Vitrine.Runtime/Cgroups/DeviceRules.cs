using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>From the configuration's device rules to a cgroup's list, which is enforced by the v1 controller or by a v2 filter.</summary>
internal static class DeviceRules
{
    // What every container may use: making any node (but opening only what is allowed), and the default devices with
    // terminals. The list is runc's.
    private static readonly DevicePermission[] s_defaults =
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

    /// <summary>Nothing is allowed, then the configuration's rules apply one by one, then what every container may use.</summary>
    /// <exception cref="VitrineException">A rule is malformed, or cannot be enforced.</exception>
    public static DeviceList Compile(IReadOnlyList<DeviceRule>? rules)
    {
        var list = new DeviceList();
        foreach (var rule in rules ?? [])
            Apply(list, Permission(rule));
        foreach (var rule in s_defaults)
            Apply(list, rule);
        return list;
    }

    /// <summary>The list as the v1 devices controller takes it.</summary>
    /// <param name="list">The list.</param>
    /// <param name="current">devices.list of the cgroup.</param>
    public static IEnumerable<CgroupWrite> WritesV1(DeviceList list, string? current)
    {
        var rules = list.Rules;
        // A cgroup below one that is restricted may not be told that everything is allowed; one that allows it need not be.
        if (rules.Count == 1 && list.AllowsByDefault && current is "a *:* rwm")
            yield break;
        foreach (var rule in rules)
            yield return new("devices", rule.Allow ? "devices.allow" : "devices.deny", rule.ToString());
    }

    /// <summary>Enforces the list, by the v1 controller where there is one, else by a filter in the v2 tree.</summary>
    /// <exception cref="VitrineException">The kernel refused a rule.</exception>
    /// <exception cref="LinuxException">The filter was refused.</exception>
    public static void Enforce(Cgroup cgroup, DeviceList list)
    {
        if (cgroup.Layout.Of("devices") is not null)
            CgroupWrite.ApplyAll(WritesV1(list, cgroup.Read("devices", "devices.list")), cgroup);
        else if (cgroup.Layout.Unified is { } unified)
            DeviceFilter.Attach(cgroup.DirectoryIn(unified), DeviceFilter.Compile(list.Rules));
    }

    private static void Apply(DeviceList list, DevicePermission rule)
    {
        if (list.Apply(rule) is { } wider)
            throw new VitrineException(ErrorKind.Invalid,
                $"device rule \"{rule}\" in linux.resources.devices would take a part out of \"{wider}\", which cgroups cannot do: list what is meant instead");
    }

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
