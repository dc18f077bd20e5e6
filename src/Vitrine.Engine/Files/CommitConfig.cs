using Vitrine.Engine.Docker;
using Vitrine.Oci.Image;

namespace Vitrine.Engine.Files;

/// <summary>What a container gives to an image that is made of it.</summary>
internal static class CommitConfig
{
    /// <param name="own">The container's.</param>
    /// <param name="asked">What the caller wants instead, where it says something.</param>
    public static ImageExecution Of(ContainerConfig own, ContainerConfig? asked) => new()
    {
        User = Text(asked?.User, own.User),
        ExposedPorts = Set(asked?.ExposedPorts ?? own.ExposedPorts),
        Env = List(asked?.Env, own.Env),
        Entrypoint = List(asked?.Entrypoint, own.Entrypoint),
        Cmd = List(asked?.Cmd, own.Cmd),
        Volumes = Set(asked?.Volumes ?? own.Volumes),
        WorkingDir = Text(asked?.WorkingDir, own.WorkingDir),
        Labels = Labels(own.Labels, asked?.Labels),
        StopSignal = Text(asked?.StopSignal, own.StopSignal ?? ""),
        Healthcheck = (asked?.Healthcheck ?? own.Healthcheck) is { } health ? Health(health) : null,
        OnBuild = List(asked?.OnBuild, own.OnBuild),
        Shell = List(asked?.Shell, own.Shell),
        ArgsEscaped = own.ArgsEscaped,
    };

    private static string? Text(string? asked, string own) => asked is { Length: > 0 } ? asked : own.Length > 0 ? own : null;

    private static IReadOnlyList<string>? List(IReadOnlyList<string>? asked, IReadOnlyList<string>? own) =>
        asked is { Count: > 0 } ? asked : own is { Count: > 0 } ? own : null;

    private static Dictionary<string, Oci.Image.EmptyObject?>? Set(IReadOnlyDictionary<string, Docker.EmptyObject>? keys) => keys is { Count: > 0 }
        ? keys.Keys.ToDictionary(static key => key, static Oci.Image.EmptyObject? (_) => Oci.Image.EmptyObject.Instance)
        : null;

    private static Dictionary<string, string>? Labels(IReadOnlyDictionary<string, string>? own, IReadOnlyDictionary<string, string>? asked)
    {
        var labels = new Dictionary<string, string>(own ?? new Dictionary<string, string>());
        foreach (var (name, value) in asked ?? new Dictionary<string, string>())
            labels[name] = value;
        return labels.Count > 0 ? labels : null;
    }

    private static HealthcheckConfig Health(HealthConfig health) => new()
    {
        Test = health.Test,
        Interval = health.Interval,
        Timeout = health.Timeout,
        StartPeriod = health.StartPeriod,
        StartInterval = health.StartInterval,
        Retries = health.Retries,
    };
}
