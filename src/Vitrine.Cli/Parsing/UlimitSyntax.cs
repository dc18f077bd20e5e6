using Vitrine.Commands.CommandLine;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Parsing;

/// <summary><c>--ulimit name=soft[:hard]</c>; the hard limit is the soft one where it is not given, -1 is unlimited.</summary>
internal static class UlimitSyntax
{
    public static Ulimit Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
            throw new FlagValueException($"invalid ulimit argument: {text}");
        var name = text[..equals];
        if (!IsKnown(name))
            throw new FlagValueException($"invalid ulimit type: {name}");
        var limits = text[(equals + 1)..].Split(':');
        if (limits.Length > 2)
            throw new FlagValueException($"too many limit value arguments - {text[(equals + 1)..]}, can only have up to two, `soft[:hard]`");
        var soft = GoValue.ParseInt(limits[0]);
        var hard = limits.Length == 2 ? GoValue.ParseInt(limits[1]) : soft;
        if (hard != -1 && soft == -1)
            throw new FlagValueException($"ulimit soft limit must be less than or equal to hard limit: soft: -1 (unlimited), hard: {hard}");
        if (hard != -1 && soft > hard)
            throw new FlagValueException($"ulimit soft limit must be less than or equal to hard limit: {soft} > {hard}");
        return new Ulimit { Name = name, Soft = soft, Hard = hard };
    }

    private static bool IsKnown(string name) => name is "as" or "core" or "cpu" or "data" or "fsize" or "locks" or "memlock"
        or "msgqueue" or "nice" or "nofile" or "nproc" or "rss" or "rtprio" or "rttime" or "sigpending" or "stack";
}
