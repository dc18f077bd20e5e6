using Vitrine.Linux;

namespace Vitrine.Insight.Files;

/// <summary>A file of a container.</summary>
/// <param name="Path">As the container has it. Foreign text: bytes that are no UTF-8 and control characters are written as \xNN.</param>
/// <param name="Status">What it is; owners as the host numbers them.</param>
/// <param name="Target">Where a symbolic link leads; null for anything else.</param>
public sealed record FileItem(string Path, FileStatus Status, string? Target = null)
{
    /// <summary>The path as the kernel has it, from the directory that was walked over and without a slash before it.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>The last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
