using Vitrine.Oci.Runtime;

namespace Vitrine.Engine.Bundle;

/// <summary>The device cgroup's rules: nothing, then what every container needs, then what was asked for.</summary>
internal static class DeviceAccess
{
    /// <summary>null, zero, full, random, urandom, tty, the console, ptmx and the ptys; mknod of anything, which gives no access.</summary>
    private static readonly DeviceRule[] Always =
    [
        new() { Allow = true, Type = "c", Access = "m" },
        new() { Allow = true, Type = "b", Access = "m" },
        Character(1, 3), Character(1, 5), Character(1, 7), Character(1, 8), Character(1, 9),
        Character(5, 0), Character(5, 1), Character(5, 2), Character(136, null),
    ];

    public static IReadOnlyList<DeviceRule> Rules(BundleInput input)
    {
        var host = input.Container.HostConfig;
        if (host.Privileged)
            return [new DeviceRule { Allow = true, Access = "rwm" }];
        var rules = new List<DeviceRule> { new() { Allow = false, Access = "rwm" } };
        rules.AddRange(Always);
        foreach (var device in input.Devices)
        {
            rules.Add(new()
            {
                Allow = true,
                Type = device.Node.Type == "p" ? "c" : device.Node.Type,
                Major = device.Node.Major,
                Minor = device.Node.Minor,
                Access = device.Access,
            });
        }
        foreach (var rule in host.DeviceCgroupRules ?? [])
            rules.Add(Creation.DeviceRules.Parse(rule)!);
        return rules;
    }

    private static DeviceRule Character(long major, long? minor) =>
        new() { Allow = true, Type = "c", Major = major, Minor = minor, Access = "rwm" };
}
