namespace Vitrine.Images.Tar;

/// <summary>Bytes that are no tar archive, or one that breaks the rules; says where.</summary>
public sealed class TarException(string reason, long offset)
    : VitrineException(ErrorKind.Invalid, $"invalid tar archive: {reason} (at byte {offset})")
{
    /// <summary>Where in the uncompressed archive, in bytes from its start.</summary>
    public long Offset { get; } = offset;
}
