using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Parsing;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Parsing;

/// <summary>Devices: <c>--device host[:container][:rwm]</c>, <c>--device-read-bps path:rate</c>, <c>--blkio-weight-device path:weight</c>.</summary>
internal static class DeviceSyntax
{
    public static DeviceMapping Parse(string text)
    {
        var parts = text.Split(':');
        var (target, permissions) = parts switch
        {
            [_] => ("", "rwm"),
            [_, var only] when IsPermissions(only) => ("", only),
            [_, var path] => (path, "rwm"),
            [_, var path, var mode] when IsPermissions(mode) => (path, mode),
            [_, _, var mode] => throw Invalid($"bad mode specified: {mode}"),
            _ => throw Invalid($"invalid device specification: {text}"),
        };
        if (parts[0].Length == 0)
            throw Invalid($"invalid device specification: {text}");
        return new DeviceMapping
        {
            PathOnHost = parts[0],
            PathInContainer = target.Length == 0 ? parts[0] : target,
            CgroupPermissions = permissions,
        };
    }

    /// <summary><c>path:rate</c> with a size in bytes for a second.</summary>
    public static ThrottleDevice ParseBytesRate(string text) => ParseRate(text, ByteSize.Parse,
            "<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb");

    /// <summary><c>path:rate</c> with a number of operations for a second.</summary>
    public static ThrottleDevice ParseOperationsRate(string text) =>
        ParseRate(text, GoValue.ParseInt, "<number>. Number must be a positive integer");

    /// <summary><c>path:weight</c>, the weight from 10 to 1000 or 0.</summary>
    public static WeightDevice ParseWeight(string text)
    {
        var (path, value) = SplitPath(text);
        if (!ushort.TryParse(value, out var weight) || weight is not (0 or (>= 10 and <= 1000)))
            throw new FlagValueException($"invalid weight for device: {text}");
        return new WeightDevice { Path = path, Weight = weight };
    }

    private static ThrottleDevice ParseRate(string text, Func<string, long> parse, string format)
    {
        var (path, value) = SplitPath(text);
        try
        {
            var rate = parse(value);
            if (rate >= 0)
                return new ThrottleDevice { Path = path, Rate = (ulong)rate };
        }
        catch (FlagValueException)
        {
            // Told below, with the whole value.
        }

        throw new FlagValueException(
            $"invalid rate for device: {text}. The correct format is <device-path>:{format}");
    }

    private static (string Path, string Value) SplitPath(string text)
    {
        var (path, value) = KeyValues.Cut(text, ':');
        if (path.Length == 0 || value is null)
            throw new FlagValueException($"bad format: {text}");
        return path.StartsWith("/dev/", StringComparison.Ordinal)
            ? (path, value)
            : throw new FlagValueException($"bad format for device path: {text}");
    }

    private static bool IsPermissions(string text) =>
        text is "r" or "w" or "m" or "rw" or "wr" or "rm" or "mr" or "wm" or "mw" or "rwm" or "rmw" or "wrm" or "wmr" or "mrw" or "mwr";

    private static VitrineException Invalid(string message) => new(ErrorKind.Invalid, message);
}
