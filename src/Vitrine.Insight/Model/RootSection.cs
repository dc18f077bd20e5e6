namespace Vitrine.Insight;

/// <summary>Where the container's root directory comes from.</summary>
public sealed record RootSection : Section
{
    public required RootKind Kind { get; init; }

    /// <summary>overlay, ext4, btrfs...; null where no mount of the root is visible.</summary>
    public string? FileSystem { get; init; }

    /// <summary>The directory on the host that is the root, where it can be named.</summary>
    public string? HostPath { get; init; }

    public bool? ReadOnly { get; init; }

    /// <summary>Overlay layers from the top (written to) to the bottom; empty for other filesystems.</summary>
    public IReadOnlyList<LayerFact> Layers { get; init; } = [];
}

public enum RootKind
{
    /// <summary>Another root mount in a mount namespace of its own: pivot_root(2) or the like.</summary>
    Pivoted,

    /// <summary>A directory below the root of its mount namespace: chroot(2).</summary>
    Chroot,

    /// <summary>The same root filesystem as the host.</summary>
    Host,

    Unknown,
}

/// <summary>One directory of an overlay mount.</summary>
public sealed record LayerFact
{
    /// <summary>The directory on the host.</summary>
    public required string Directory { get; init; }

    /// <summary>Whether the container's changes go here (overlay's upperdir).</summary>
    public required bool Writable { get; init; }

    /// <summary>Whether no image has it: the engine made it for the container, as places for its own files.</summary>
    public bool ByEngine { get; init; }

    /// <summary>Bytes of file content; null where it was not measured.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>Number of files and directories; null where it was not counted.</summary>
    public long? Entries { get; init; }

    /// <summary>Whether measuring stopped early, so that both numbers are too low.</summary>
    public bool Incomplete { get; init; }

    /// <summary>Digest of the image layer (uncompressed), where the engine told.</summary>
    public string? Digest { get; init; }

    /// <summary>The build step that made it, where the engine told.</summary>
    public string? CreatedBy { get; init; }
}
