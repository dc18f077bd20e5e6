using System.Buffers;
using System.Globalization;
using Vitrine.Oci.Image;

namespace Vitrine.Images.Archives;

/// <summary>The arguments of HEALTHCHECK: <c>NONE</c>, or options and <c>CMD</c> with a command.</summary>
internal static class HealthcheckInstruction
{
    // Docker refuses what its timers could not keep (container.MinimumDuration).
    private const long MinimumNanoseconds = 1_000_000;

    private const decimal MaxNumber = 1_000_000_000_000;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <exception cref="VitrineException">Invalid, in docker's words.</exception>
    public static HealthcheckConfig Parse(string arguments)
    {
        var result = new HealthcheckConfig();
        while (arguments.StartsWith("--", StringComparison.Ordinal))
        {
            var end = arguments.AsSpan().IndexOfAny(" \t");
            var option = end < 0 ? arguments : arguments[..end];
            arguments = end < 0 ? "" : arguments[end..].Trim();
            result = WithOption(result, option);
        }

        var (type, rest) = ImageChanges.SplitName(arguments);
        return type switch
        {
            "NONE" when rest.Length == 0 => new HealthcheckConfig { Test = ["NONE"] },
            "NONE" => throw ImageChanges.Invalid("HEALTHCHECK NONE takes no arguments"),
            "CMD" when rest.Length > 0 => result with { Test = Test(rest) },
            "CMD" => throw ImageChanges.Invalid("Missing command after HEALTHCHECK CMD"),
            _ => throw ImageChanges.Invalid($"Unknown type \"{type}\" in HEALTHCHECK (try CMD)"),
        };
    }

    private static IReadOnlyList<string> Test(string command) =>
        ImageChanges.TryJson(command) is { } arguments ? ["CMD", .. arguments] : ["CMD-SHELL", command];

    private static HealthcheckConfig WithOption(HealthcheckConfig config, string option)
    {
        var equals = option.IndexOf('=');
        var (name, value) = equals < 0 ? (option, "") : (option[..equals], option[(equals + 1)..]);
        return name switch
        {
            "--interval" => config with { Interval = Duration(name, value) },
            "--timeout" => config with { Timeout = Duration(name, value) },
            "--start-period" => config with { StartPeriod = Duration(name, value) },
            "--start-interval" => config with { StartInterval = Duration(name, value) },
            "--retries" => config with { Retries = Count(value) },
            _ => throw ImageChanges.Invalid($"unknown flag: {name}"),
        };
    }

    private static int Count(string value) => int.TryParse(value, NumberStyles.None, null, out var count) && count > 0
        ? count
        : throw ImageChanges.Invalid($"--retries must be at least 1 (not {value})");

    /// <summary>Go's duration: numbers with units, like <c>1m30s</c> or <c>1.5h</c>; in nanoseconds.</summary>
    private static long Duration(string name, string text)
    {
        decimal total = 0;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                || number > MaxNumber)
                throw ImageChanges.Invalid($"time: invalid duration \"{text}\"");
            rest = rest[digits..];
            var unit = rest.IndexOfAny(NumberCharacters);
            unit = unit < 0 ? rest.Length : unit;
            total += number * Nanoseconds(rest[..unit], text);
            rest = rest[unit..];
        }

        return total is 0 or >= MinimumNanoseconds and <= long.MaxValue && text.Length > 0
            ? (long)total
            : throw ImageChanges.Invalid($"Interval \"{name[2..]}\" cannot be less than 1ms");
    }

    private static long Nanoseconds(ReadOnlySpan<char> unit, string text) => unit switch
    {
        "ns" => 1,
        "us" or "µs" or "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => throw ImageChanges.Invalid($"time: unknown unit in duration \"{text}\""),
    };
}
