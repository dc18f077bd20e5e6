using System.Text.Json.Serialization;
using Vitrine.Linux;

namespace Vitrine.Engine.Docker;

/// <summary>What is at a path of a container: the JSON of X-Docker-Container-Path-Stat (base64, standard alphabet).</summary>
public sealed record PathStat
{
    private static readonly (uint Bit, uint GoBit)[] s_special = [(0x800, 1u << 23), (0x400, 1u << 22), (0x200, 1u << 20)];

    /// <summary>The last part of the path as it was asked for; "." where it ended so.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Bytes.</summary>
    [JsonPropertyName("size")]
    public long Size { get; init; }

    /// <summary>Go's os.FileMode: permissions, and bits of its own for types.</summary>
    [JsonPropertyName("mode")]
    public uint Mode { get; init; }

    /// <summary>RFC 3339.</summary>
    [JsonPropertyName("mtime")]
    public required string Mtime { get; init; }

    /// <summary>Of a symbolic link: the path it leads to in the end; empty otherwise.</summary>
    [JsonPropertyName("linkTarget")]
    public string LinkTarget { get; init; } = "";

    [JsonIgnore]
    public bool IsDirectory => (Mode & (1u << 31)) != 0;

    [JsonIgnore]
    public bool IsLink => (Mode & (1u << 27)) != 0;

    [JsonIgnore]
    public bool IsDevice => (Mode & (1u << 26)) != 0;

    /// <summary>The kernel's mode as Go's os.FileMode.</summary>
    public static uint GoMode(FileStatus status)
    {
        var mode = status.Permissions & 0b111_111_111;
        foreach (var (bit, goBit) in s_special)
            mode |= (status.Permissions & bit) != 0 ? goBit : 0;
        return mode | status.Kind switch
        {
            FileKind.Directory => 1u << 31,
            FileKind.Symlink => 1u << 27,
            FileKind.BlockDevice => 1u << 26,
            FileKind.CharacterDevice => 1u << 26 | 1u << 21,
            FileKind.Fifo => 1u << 25,
            FileKind.Socket => 1u << 24,
            _ => 0,
        };
    }
}

/// <summary>A path that a container has changed (GET /containers/{id}/changes).</summary>
public sealed record FilesystemChange
{
    public const int Modified = 0;
    public const int Added = 1;
    public const int Deleted = 2;

    public required string Path { get; init; }

    /// <summary>0 modified, 1 added, 2 deleted.</summary>
    public int Kind { get; init; }
}
