using System.Text.Json;

namespace Vitrine.Insight.Audit;

/// <summary>A running dockerd: its command line, and its daemon.json.</summary>
internal sealed class DockerDaemon
{
    private const string DefaultConfiguration = "/etc/docker/daemon.json";

    private readonly IReadOnlyList<string> arguments;
    private readonly JsonElement? configuration;

    /// <param name="pid">Its process.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="hostRoot">Put before the path of its configuration.</param>
    public DockerDaemon(int pid, IReadOnlyList<string> arguments, string hostRoot)
    {
        (Pid, this.arguments) = (pid, arguments);
        ConfigurationPath = Argument("config-file") ?? DefaultConfiguration;
        configuration = Read(hostRoot + ConfigurationPath);
    }

    public int Pid { get; }

    public string ConfigurationPath { get; }

    /// <summary>Where its settings were read.</summary>
    public string Source => $"/proc/{Pid}/cmdline, {ConfigurationPath}";

    /// <summary>Where it listens: -H, --host, and hosts of daemon.json.</summary>
    public IEnumerable<string> Hosts => Values("host", "-H").Concat(Texts("hosts"));

    public bool VerifiesClients => IsOn("tlsverify", isOnByDefault: false);

    /// <summary>A switch, from the command line or else from daemon.json.</summary>
    public bool IsOn(string name, bool isOnByDefault)
    {
        foreach (var argument in arguments)
        {
            if (argument == $"--{name}")
                return true;
            if (argument.StartsWith($"--{name}=", StringComparison.Ordinal))
                return argument[(name.Length + 3)..] is "true" or "1";
        }

        return Property(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : isOnByDefault;
    }

    /// <summary>A setting's text, from the command line or else from daemon.json; null where it is not set.</summary>
    public string? Text(string name) =>
        Argument(name) ?? (Property(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null);

    public IEnumerable<string> Texts(string name)
    {
        if (Property(name) is not { ValueKind: JsonValueKind.Array } list)
            yield break;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String)
                yield return item.GetString()!;
        }
    }

    /// <summary>Every value that a repeated option of the command line has.</summary>
    public IEnumerable<string> Values(string name, string? shorthand = null)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].StartsWith($"--{name}=", StringComparison.Ordinal))
                yield return arguments[i][(name.Length + 3)..];
            else if ((arguments[i] == $"--{name}" || arguments[i] == shorthand) && i + 1 < arguments.Count)
                yield return arguments[i + 1];
        }
    }

    /// <summary>Whether log-opts bounds a log, on the command line or in daemon.json.</summary>
    public bool BoundsLogs =>
        Values("log-opt").Any(value => value.StartsWith("max-size=", StringComparison.Ordinal))
        || (Property("log-opts") is { ValueKind: JsonValueKind.Object } options && options.TryGetProperty("max-size", out _));

    private string? Argument(string name) => Values(name).LastOrDefault();

    private JsonElement? Property(string name) =>
        configuration is { ValueKind: JsonValueKind.Object } settings && settings.TryGetProperty(name, out var value) ? value : null;

    private static JsonElement? Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // Without one, the defaults hold.
        }
    }
}
