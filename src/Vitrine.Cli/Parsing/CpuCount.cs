using System.Globalization;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Parsing;

/// <summary><c>--cpus</c>: a number of CPUs, kept exactly in billionths.</summary>
internal static class CpuCount
{
    /// <summary>Billionths of a CPU.</summary>
    public static long ParseNano(string text)
    {
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var cpus) || Math.Abs(cpus) > 1_000_000)
            throw new FlagValueException($"failed to parse {text} as a rational number");
        var nano = cpus * 1_000_000_000;
        return nano == decimal.Truncate(nano) ? (long)nano : throw new FlagValueException("value is too precise");
    }
}
