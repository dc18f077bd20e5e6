using Vitrine.Engine.Docker;
using Vitrine.Images;
using Vitrine.Oci.Image;

namespace Vitrine.Engine;

/// <summary>Images of the store in Docker's records.</summary>
internal static class ImageRecords
{
    /// <summary>What an image gives to its containers.</summary>
    public static ImageConfigInfo Config(Image image)
    {
        var config = image.Config.Config ?? new ImageExecution();
        return new ImageConfigInfo
        {
            User = NullIfEmpty(config.User),
            ExposedPorts = Set(config.ExposedPorts?.Keys),
            Env = config.Env,
            Entrypoint = config.Entrypoint,
            Cmd = config.Cmd,
            Volumes = Set(config.Volumes?.Keys),
            WorkingDir = NullIfEmpty(config.WorkingDir),
            Labels = config.Labels,
            StopSignal = NullIfEmpty(config.StopSignal),
            ArgsEscaped = config.ArgsEscaped,
            Healthcheck = config.Healthcheck is { } health ? Health(health) : null,
            OnBuild = config.OnBuild,
            Shell = config.Shell,
        };
    }

    public static ImageInspect Inspect(Image image, Func<string, string> layerPath) => new()
    {
        Id = image.Id.ToString(),
        RepoTags = image.RepoTags,
        RepoDigests = image.RepoDigests,
        Comment = image.Config.History is { Count: > 0 } history ? history[^1].Comment ?? "" : "",
        Created = image.Config.Created is { } created ? DockerTime.Format(created) : null,
        Author = image.Config.Author ?? "",
        Config = Config(image),
        Architecture = image.Config.Architecture ?? "",
        Variant = NullIfEmpty(image.Config.Variant),
        Os = image.Config.Os ?? "",
        OsVersion = NullIfEmpty(image.Config.OsVersion),
        Size = image.Size,
        GraphDriver = Driver([.. image.ChainIds.Reverse().Select(chain => layerPath(chain.ToString()))]),
        RootFs = new() { Layers = [.. image.Config.RootFs.DiffIds.Select(layer => layer.ToString())] },
        Metadata = new ImageMetadata(),
        Descriptor = new()
        {
            MediaType = image.Manifest.MediaType,
            Digest = image.Manifest.Digest.ToString(),
            Size = image.Manifest.Size,
        },
    };

    public static ImageSummary Summary(Image image, long containers) => new()
    {
        Id = image.Id.ToString(),
        RepoTags = image.RepoTags,
        RepoDigests = image.RepoDigests,
        Created = image.Config.Created?.ToUnixTimeSeconds() ?? 0,
        Labels = image.Config.Config?.Labels,
        Size = image.Size,
        Containers = containers,
    };

    /// <summary>Where overlayfs finds the layers, as docker inspect names them.</summary>
    /// <param name="layers">Directories, the topmost first.</param>
    private static DriverData Driver(IReadOnlyList<string> layers)
    {
        var data = new Dictionary<string, string>();
        if (layers.Count > 1)
            data["LowerDir"] = string.Join(':', layers.Skip(1));
        if (layers.Count > 0)
            data["UpperDir"] = layers[0];
        return new DriverData { Name = "overlay2", Data = data };
    }

    private static HealthConfig Health(HealthcheckConfig health) => new()
    {
        Test = health.Test,
        Interval = health.Interval,
        Timeout = health.Timeout,
        StartPeriod = health.StartPeriod,
        StartInterval = health.StartInterval,
        Retries = health.Retries,
    };

    private static Dictionary<string, Docker.EmptyObject>? Set(IEnumerable<string>? keys) =>
        keys?.ToDictionary(key => key, _ => default(Docker.EmptyObject));

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
