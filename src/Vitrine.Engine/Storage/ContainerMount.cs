using System.Text.Json.Serialization;
using Vitrine.Engine.Docker;

namespace Vitrine.Engine.Storage;

/// <summary>A mount of a container as it was decided at creation: what docker inspect tells, and what making it takes.</summary>
internal sealed record ContainerMount
{
    /// <summary>bind, volume or tmpfs.</summary>
    public required string Type { get; init; }

    /// <summary>The volume's name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>For a bind: the host's path. A volume's path follows from its name.</summary>
    public string Source { get; init; } = "";
    public required string Destination { get; init; }
    public bool ReadOnly { get; init; }

    /// <summary>The options of -v as written.</summary>
    public string Mode { get; init; } = "";
    public string Propagation { get; init; } = "";
    public bool NonRecursive { get; init; }

    /// <summary>ro does not reach the mounts below the source.</summary>
    public bool ReadOnlyNonRecursive { get; init; }

    /// <summary>A bind made by -v: its source is made as a directory where it is missing.</summary>
    public bool CreateSource { get; init; }

    /// <summary>A volume without a name given by the user: goes with the container.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Taken over from another container (--volumes-from).</summary>
    public bool Inherited { get; init; }

    /// <summary>Do not fill the new volume from the image.</summary>
    public bool NoCopy { get; init; }

    /// <summary>Labels of a volume that is made for this mount.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Driver options of a volume that is made for this mount.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? DriverOptions { get; init; }

    /// <summary>What of the volume is mounted, from its top; null for all of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Subpath { get; init; }

    /// <summary>Mount options of a tmpfs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? TmpfsOptions { get; init; }

    /// <summary>--tmpfs, which docker inspect tells in HostConfig and not among the mounts.</summary>
    public bool Hidden { get; init; }

    [JsonIgnore]
    public bool IsVolume => Type == "volume";

    /// <summary>The entry of docker inspect.</summary>
    public MountPoint ToMountPoint(Func<string, string> volumePath) => new()
    {
        Type = Type,
        Name = Name,
        Source = IsVolume ? volumePath(Name!) : Source,
        Destination = Destination,
        Driver = IsVolume ? "local" : null,
        Mode = Mode,
        Rw = !ReadOnly,
        Propagation = Propagation,
    };
}
