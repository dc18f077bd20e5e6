using System.Text.Json.Serialization;
using Vitrine.Engine.Docker;

namespace Vitrine.Engine.Storage;

/// <summary>
/// container.json: what was asked and what was decided at creation. It changes only when the container is renamed or updated;
/// what the container does is in state.json and in the kernel.
/// </summary>
internal sealed record ContainerRecord
{
    public required string Id { get; init; }

    /// <summary>Without Docker's slash. The names/ link of this name leads here; any other that does is left over from a rename.</summary>
    public required string Name { get; init; }
    public DateTimeOffset Created { get; init; }

    /// <summary>Digest of the image's configuration; empty where the root file system is a directory.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>The unpacked layers, bottom first.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>The directory of --rootfs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RootFs { get; init; }

    /// <summary>The image's, merged with the request.</summary>
    public required ContainerConfig Config { get; init; }

    /// <summary>With every default filled in.</summary>
    public required HostConfig HostConfig { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NetworkingConfig? Networking { get; init; }
    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];

    /// <summary>The cgroup, absolute below each hierarchy.</summary>
    public required string CgroupPath { get; init; }

    /// <summary>The command: entrypoint, then arguments.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Command => [.. Config.Entrypoint ?? [], .. Config.Cmd ?? []];

    [JsonIgnore]
    public bool AutoRemove => HostConfig.AutoRemove;

    [JsonIgnore]
    public IEnumerable<string> AnonymousVolumes => Mounts.Where(mount => mount.Anonymous).Select(mount => mount.Name!);
}
