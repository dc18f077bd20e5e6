using System.Text.Json;
using Vitrine.Linux;
using Vitrine.Oci.Image;

namespace Vitrine.Images.Archives;

/// <summary>
/// Applies Dockerfile instructions to an image's configuration, as <c>docker import --change</c> and <c>docker commit --change</c> do.
/// </summary>
public static class ImageChanges
{
    /// <summary>The configuration after all <paramref name="changes"/>, in order.</summary>
    /// <exception cref="VitrineException">Invalid: not an instruction that may stand there, or one without sense.</exception>
    public static ImageExecution Apply(ImageExecution config, IEnumerable<string> changes) =>
        changes.Aggregate(config, static (current, change) => Apply(current, change));

    private static ImageExecution Apply(ImageExecution config, string change)
    {
        var (name, arguments) = SplitName(change);
        if (arguments.Length == 0)
            throw Invalid($"{name} requires at least one argument");
        return name switch
        {
            "CMD" => config with { Cmd = Command(config, arguments) },
            "ENTRYPOINT" => config with { Entrypoint = Command(config, arguments) },
            "ENV" => config with { Env = Environment(config.Env, InstructionWords.Pairs(name, arguments)) },
            "EXPOSE" => config with { ExposedPorts = Add(config.ExposedPorts, PortSpecification.Expand(InstructionWords.Split(arguments))) },
            "HEALTHCHECK" => config with { Healthcheck = HealthcheckInstruction.Parse(arguments) },
            "LABEL" => config with { Labels = Labels(config.Labels, InstructionWords.Pairs(name, arguments)) },
            "ONBUILD" => config with { OnBuild = [.. config.OnBuild ?? [], Trigger(arguments)] },
            "STOPSIGNAL" => config with { StopSignal = Signal(Single(arguments)) },
            "USER" => config with { User = Single(arguments) },
            "VOLUME" => config with { Volumes = Add(config.Volumes, Volumes(arguments)) },
            "WORKDIR" => config with { WorkingDir = WorkingDirectory(config.WorkingDir, Single(arguments)) },
            _ => throw Invalid($"{name} is not a valid change command"),
        };
    }

    /// <summary>An exec form as it stands; a shell form as the shell's argument.</summary>
    internal static IReadOnlyList<string> Command(ImageExecution config, string arguments) =>
        TryJson(arguments) ?? [.. config.Shell is { Count: > 0 } shell ? shell : ["/bin/sh", "-c"], arguments];

    /// <summary>A JSON array of strings; null for anything else.</summary>
    internal static List<string>? TryJson(string text)
    {
        if (!text.StartsWith('['))
            return null;
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String)
                ? [.. json.RootElement.EnumerateArray().Select(static item => item.GetString()!)]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static VitrineException Invalid(string message) => new(ErrorKind.Invalid, message);

    internal static (string Name, string Arguments) SplitName(string instruction)
    {
        var text = instruction.Trim();
        var end = text.AsSpan().IndexOfAny(" \t\n");
        return end < 0 ? (text.ToUpperInvariant(), "") : (text[..end].ToUpperInvariant(), text[end..].Trim());
    }

    private static List<string> Environment(IReadOnlyList<string>? before, IEnumerable<(string Key, string Value)> pairs)
    {
        var result = new List<string>(before ?? []);
        foreach (var (key, value) in pairs)
        {
            var index = result.FindIndex(known => known.StartsWith(key + "=", StringComparison.Ordinal));
            if (index >= 0)
                result[index] = $"{key}={value}";
            else
                result.Add($"{key}={value}");
        }

        return result;
    }

    private static SortedDictionary<string, string> Labels(IReadOnlyDictionary<string, string>? before, IEnumerable<(string Key, string Value)> pairs)
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in before ?? new Dictionary<string, string>())
            result[key] = value;
        foreach (var (key, value) in pairs)
            result[key] = value;
        return result;
    }

    private static SortedDictionary<string, EmptyObject?> Add(IReadOnlyDictionary<string, EmptyObject?>? before, IEnumerable<string> keys)
    {
        var result = new SortedDictionary<string, EmptyObject?>(StringComparer.Ordinal);
        foreach (var key in (before?.Keys ?? []).Concat(keys))
            result[key] = EmptyObject.Instance;
        return result;
    }

    private static List<string> Volumes(string arguments)
    {
        var paths = TryJson(arguments) ?? InstructionWords.Split(arguments);
        return paths.TrueForAll(static path => path.Trim().Length > 0) ? paths : throw Invalid("VOLUME specified can not be an empty string");
    }

    private static string Trigger(string arguments) => SplitName(arguments).Name switch
    {
        "ONBUILD" => throw Invalid("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"),
        "FROM" or "MAINTAINER" => throw Invalid($"{SplitName(arguments).Name} isn't allowed as an ONBUILD trigger"),
        _ => arguments,
    };

    private static string Signal(string text) => Signals.TryParse(text, out _) ? text : throw Invalid($"invalid signal: {text}");

    private static string Single(string arguments) =>
        InstructionWords.Split(arguments) is [var only] ? only : throw Invalid("this instruction requires exactly one argument");

    private static string WorkingDirectory(string? before, string path) =>
        Path.GetFullPath(path, string.IsNullOrEmpty(before) ? "/" : before);
}
