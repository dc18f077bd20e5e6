using System.Globalization;
using System.Text.Json;
using Vitrine.TestKit;

namespace Vitrine.Tests.Integration.Dropin;

/// <summary>What an engine itself says of one of its containers.</summary>
internal sealed record GlassSubject
{
    public required string Engine { get; init; }
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required int Pid { get; init; }
    public required string Image { get; init; }

    /// <summary>Digests of the image's layers, the lowest first.</summary>
    public required IReadOnlyList<string> Layers { get; init; }
    public required long Memory { get; init; }

    /// <summary>0 for no limit.</summary>
    public long Pids { get; init; }

    /// <summary>Name, directory and place of its volume.</summary>
    public (string Name, string Source, string Destination)? Volume { get; init; }

    /// <summary>Address and port on the host of its port 80.</summary>
    public (string Address, int Port)? Published { get; init; }

    /// <summary>What its OCI runtime is called.</summary>
    public required string Runtime { get; init; }

    /// <summary>Lines of its own diff.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>By inspect and diff, which docker and podman have alike.</summary>
    public static GlassSubject OfDocker(string engine, string id, string name, Func<IEnumerable<string>, CommandResult> run)
    {
        using var document = JsonDocument.Parse(run(["inspect", "--type", "container", name]).ShouldSucceed().Text);
        using var image = JsonDocument.Parse(run(["image", "inspect", "nginx"]).ShouldSucceed().Text);
        var container = document.RootElement[0];
        var volume = container.GetProperty("Mounts").EnumerateArray().Single(mount => mount.GetProperty("Type").GetString() == "volume");
        var port = container.GetProperty("NetworkSettings").GetProperty("Ports").GetProperty("80/tcp")[0];
        return new GlassSubject
        {
            Engine = engine,
            Id = id,
            Name = name,
            Pid = container.GetProperty("State").GetProperty("Pid").GetInt32(),
            Image = (container.TryGetProperty("ImageName", out var full) ? full : container.GetProperty("Config").GetProperty("Image")).GetString()!,
            Layers = Texts(image.RootElement[0].GetProperty("RootFS").GetProperty("Layers")),
            Memory = container.GetProperty("HostConfig").GetProperty("Memory").GetInt64(),
            Pids = container.GetProperty("HostConfig").GetProperty("PidsLimit").GetInt64(),
            Volume = (volume.GetProperty("Name").GetString()!, volume.GetProperty("Source").GetString()!, volume.GetProperty("Destination").GetString()!),
            Published = (port.GetProperty("HostIp").GetString()!, int.Parse(port.GetProperty("HostPort").GetString()!, CultureInfo.InvariantCulture)),
            Runtime = (container.TryGetProperty("OCIRuntime", out var path) ? path : container.GetProperty("HostConfig").GetProperty("Runtime")).GetString()!.Split('/')[^1],
            Changes = run(["diff", name]).ShouldSucceed().Lines,
        };
    }

    /// <summary>By ctr, which shows the snapshot's difference as an archive.</summary>
    public static GlassSubject OfContainerd(string name, string image, Func<IEnumerable<string>, CommandResult> run)
    {
        using var document = JsonDocument.Parse(run(["containers", "info", name]).ShouldSucceed().Text);
        var task = run(["tasks", "list"]).ShouldSucceed().Lines.Single(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        var manifest = run(["images", "list"]).ShouldSucceed().Lines.Single(line => line.StartsWith(image + " ", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).First(word => word.StartsWith("sha256:", StringComparison.Ordinal));
        using var layers = JsonDocument.Parse(run(["content", "get", manifest]).ShouldSucceed().Text);
        using var config = JsonDocument.Parse(run(["content", "get", layers.RootElement.GetProperty("config").GetProperty("digest").GetString()!]).ShouldSucceed().Text);
        return new GlassSubject
        {
            Engine = "containerd",
            Runtime = "runc",
            Id = name,
            Name = name,
            Pid = int.Parse(task.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture),
            Image = document.RootElement.GetProperty("Image").GetString()!,
            Layers = Texts(config.RootElement.GetProperty("rootfs").GetProperty("diff_ids")),
            Memory = document.RootElement.GetProperty("Spec").GetProperty("linux").GetProperty("resources").GetProperty("memory").GetProperty("limit").GetInt64(),
        };
    }

    private static List<string> Texts(JsonElement list) => [.. list.EnumerateArray().Select(text => text.GetString()!)];
}
