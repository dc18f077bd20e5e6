using System.Globalization;
using Vitrine.Engine.Docker;

namespace Vitrine.Engine.Storage;

/// <summary>volume.json beside a volume's _data.</summary>
internal sealed record VolumeRecord
{
    public required string Name { get; init; }
    public DateTimeOffset Created { get; init; }

    /// <summary>Made for one container, without a name given by a user.</summary>
    public bool Anonymous { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>type, device and o of what is mounted on _data while a container uses it; null for a plain directory.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }

    /// <summary>The file in a volume's directory that says that it is not its first container's alone (the shim looks for it too).</summary>
    public const string SharedMark = "shared";

    /// <summary>Docker's label of volumes that were made without a name.</summary>
    public const string AnonymousLabel = "com.docker.volume.anonymous";

    /// <summary>The volume as the Engine API tells it.</summary>
    /// <param name="data">Its directory.</param>
    public Volume ToDocker(string data) => new()
    {
        Name = Name,
        CreatedAt = Created.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture),
        Mountpoint = data,
        Labels = Anonymous ? new Dictionary<string, string>(Labels ?? new Dictionary<string, string>()) { [AnonymousLabel] = "" } : Labels,
        Options = Options,
    };
}
