using Vitrine.Images.Tar;

namespace Vitrine.Images.Layers;

/// <summary>What is different between unpacking a layer and copying files into a container or to the host.</summary>
internal sealed record SinkRules
{
    public static SinkRules OfLayers { get; } = new();

    /// <summary>Who owns what is made, whatever the archive says.</summary>
    public (uint Uid, uint Gid)? Owner { get; init; }

    /// <summary>Whether the archive's owners are kept where <see cref="Owner"/> is null; otherwise it is whoever runs this.</summary>
    public bool KeepsOwners { get; init; } = true;

    /// <summary>Whether it is an error that a directory would be replaced by something else, or something else by a directory.</summary>
    public bool KeepsKinds { get; init; }

    /// <summary>Whether attributes that this file system does not take are left out, and files that are mounted are written over.</summary>
    public bool IsLenient { get; init; }

    /// <summary>The owner to set, or null to leave it.</summary>
    public (uint Uid, uint Gid)? OwnerOf(TarEntry entry) => Owner ?? (KeepsOwners ? (entry.Uid, entry.Gid) : null);
}
