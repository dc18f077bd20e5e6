using Vitrine.Engine.Docker;

namespace Vitrine.Engine.Creation;

/// <summary>The form of --device and --device-cgroup-rule; whether the device exists is seen when config.json is made.</summary>
internal static class DeviceRules
{
    public static void Check(HostConfig host, Problems problems)
    {
        foreach (var device in host.Devices ?? [])
        {
            problems.AddIf(!device.PathOnHost.StartsWith('/'), $"{device.PathOnHost} is not an absolute path");
            problems.AddIf(device.PathInContainer.Length > 0 && !device.PathInContainer.StartsWith('/'),
                $"{device.PathInContainer} is not an absolute path");
            problems.AddIf(!IsAccess(device.CgroupPermissions, emptyAllowed: true), $"bad mode specified: {device.CgroupPermissions}");
        }
        foreach (var rule in host.DeviceCgroupRules ?? [])
            problems.AddIf(Parse(rule) is null, $"invalid device cgroup rule format: '{rule}'");
    }

    /// <summary>Reads <c>c 13:* rwm</c>; null where it is malformed. A star is a null number.</summary>
    public static Vitrine.Oci.Runtime.DeviceRule? Parse(string rule)
    {
        if (rule.Split(' ') is not [("a" or "c" or "b") and var type, var numbers, var access] || !IsAccess(access, emptyAllowed: false))
            return null;
        if (numbers.Split(':') is not [var major, var minor] || !TryNumber(major, out var majorNumber) || !TryNumber(minor, out var minorNumber))
            return null;
        return new() { Allow = true, Type = type, Major = majorNumber, Minor = minorNumber, Access = access };
    }

    private static bool TryNumber(string text, out long? number)
    {
        number = null;
        if (text == "*")
            return true;
        if (!uint.TryParse(text, out var value))
            return false;
        number = value;
        return true;
    }

    private static bool IsAccess(string access, bool emptyAllowed) =>
        access.Length == 0 ? emptyAllowed : access.Length <= 3 && access.All(letter => letter is 'r' or 'w' or 'm');
}
