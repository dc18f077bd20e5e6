using System.Globalization;
using Vitrine.Engine.Docker;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine.Creation;

/// <summary>--log-driver and --log-opt: json-file (also by the name local) with max-size and max-file, or none.</summary>
internal static class LogSettings
{
    public const string DefaultDriver = "json-file";

    public static void Check(LogConfig? config, Problems problems)
    {
        if (config is null)
            return;
        problems.AddIf(config.Type is not ("" or DefaultDriver or "local" or "none"), $"logger: no log driver named '{config.Type}' is registered");
        foreach (var (name, value) in config.Config ?? new Dictionary<string, string>())
            CheckOption(config.Type, name, value, problems);
    }

    /// <summary>For the shim; the options were checked at creation.</summary>
    public static LogPlan ToPlan(LogConfig config)
    {
        var plan = new LogPlan { Driver = config.Type == "none" ? "none" : DefaultDriver };
        if (config.Config?.GetValueOrDefault("max-size") is { } size && TryParseSize(size, out var bytes))
            plan = plan with { MaxSize = bytes };
        if (config.Config?.GetValueOrDefault("max-file") is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var files))
            plan = plan with { MaxFiles = files };
        return plan;
    }

    private static void CheckOption(string driver, string name, string value, Problems problems)
    {
        switch (name)
        {
            case "max-size":
                problems.AddIf(!TryParseSize(value, out _), $"invalid size: '{value}'");
                break;
            case "max-file":
                problems.AddIf(!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var files) || files < 1,
                    $"max-file must be a number of at least 1: '{value}'");
                break;
            case "mode" or "max-buffer-size" or "compress" or "labels" or "labels-regex" or "env" or "env-regex" or "tag":
                problems.Warn($"log option {name} is ignored by this version");
                break;
            default:
                problems.Add($"unknown log opt '{name}' for {(driver.Length > 0 ? driver : DefaultDriver)} log driver");
                break;
        }
    }

    /// <summary>Reads go-units' sizes: a number with k, m, g or t, each 1024 of the one before; -1 is without limit.</summary>
    internal static bool TryParseSize(string text, out long bytes)
    {
        bytes = 0;
        if (text == "-1")
            return true;
        var digits = text.AsSpan().TrimEnd("iIbB");
        var shift = digits.Length == 0 ? 0 : char.ToLowerInvariant(digits[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, 't' => 40, _ => 0 };
        if (shift > 0)
            digits = digits[..^1];
        if (!double.TryParse(digits.TrimEnd(' '), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;
        number *= 1L << shift;
        bytes = number < long.MaxValue ? (long)number : 0;
        return bytes > 0;
    }
}
