using Vitrine.Engine.Docker;

namespace Vitrine.Engine.Creation;

/// <summary>
/// What a container runs: the request, filled up from its image by Docker's rules. The image's Cmd belongs to the
/// image's Entrypoint: a request that sets an entrypoint does not inherit the command.
/// </summary>
internal static class ConfigMerge
{
    public static ContainerConfig Merge(ContainerConfig request, ImageConfigInfo image)
    {
        var noEntrypoint = request.Entrypoint is not { Count: > 0 };
        var merged = request with
        {
            User = request.User.Length > 0 ? request.User : image.User ?? "",
            ExposedPorts = Union(request.ExposedPorts, image.ExposedPorts),
            Env = MergeEnv(request.Env, image.Env),
            Labels = Union(request.Labels, image.Labels) ?? new Dictionary<string, string>(),
            Cmd = noEntrypoint && request.Cmd is not { Count: > 0 } ? image.Cmd : request.Cmd,
            Entrypoint = request.Entrypoint ?? image.Entrypoint,
            Healthcheck = MergeHealth(request.Healthcheck, image.Healthcheck),
            WorkingDir = request.WorkingDir.Length > 0 ? request.WorkingDir : image.WorkingDir ?? "",
            Volumes = Union(request.Volumes, image.Volumes),
            StopSignal = string.IsNullOrEmpty(request.StopSignal) ? NullIfEmpty(image.StopSignal) : request.StopSignal,
            OnBuild = request.OnBuild ?? image.OnBuild,
            Shell = request.Shell ?? image.Shell,
        };
        // [""] is how a client says "no entrypoint at all".
        return merged.Entrypoint is [""] ? merged with { Entrypoint = null } : merged;
    }

    /// <summary>The request's variables first, then those of the image that it does not name.</summary>
    private static IReadOnlyList<string>? MergeEnv(IReadOnlyList<string>? request, IReadOnlyList<string>? image)
    {
        if (request is not { Count: > 0 } || image is not { Count: > 0 })
            return request is { Count: > 0 } ? request : image;
        var merged = new List<string>(request);
        foreach (var variable in image)
        {
            if (!request.Any(mine => EnvKey(mine).SequenceEqual(EnvKey(variable))))
                merged.Add(variable);
        }
        return merged;
    }

    internal static ReadOnlySpan<char> EnvKey(string variable)
    {
        var equals = variable.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? variable : variable.AsSpan(0, equals);
    }

    private static HealthConfig? MergeHealth(HealthConfig? request, HealthConfig? image)
    {
        if (request is null || image is null)
            return request ?? image;
        return new HealthConfig
        {
            Test = request.Test is { Count: > 0 } ? request.Test : image.Test,
            Interval = request.Interval != 0 ? request.Interval : image.Interval,
            Timeout = request.Timeout != 0 ? request.Timeout : image.Timeout,
            StartPeriod = request.StartPeriod != 0 ? request.StartPeriod : image.StartPeriod,
            StartInterval = request.StartInterval != 0 ? request.StartInterval : image.StartInterval,
            Retries = request.Retries != 0 ? request.Retries : image.Retries,
            OnFailure = request.OnFailure,
        };
    }

    private static IReadOnlyDictionary<string, T>? Union<T>(IReadOnlyDictionary<string, T>? request, IReadOnlyDictionary<string, T>? image)
    {
        if (request is not { Count: > 0 } || image is not { Count: > 0 })
            return request is { Count: > 0 } ? request : image ?? request;
        var union = new Dictionary<string, T>(image);
        foreach (var (key, value) in request)
            union[key] = value;
        return union;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
