namespace Vitrine.Images.Layers;

/// <summary>What a layer may take at most, so that a small download cannot fill the disk or keep the machine busy for hours.</summary>
public sealed record LayerLimits
{
    /// <summary>Uncompressed length in bytes.</summary>
    public long MaxBytes { get; init; } = 128L * 1024 * 1024 * 1024;

    /// <summary>Number of files, directories, links and whiteouts.</summary>
    public long MaxEntries { get; init; } = 5_000_000;

    /// <summary>
    /// Uncompressed bytes for each compressed one, judged beyond <see cref="RatioFreeBytes"/>. gzip cannot exceed 1032; what
    /// zstd can is unlimited.
    /// </summary>
    public long MaxRatio { get; init; } = 2000;

    /// <summary>Uncompressed bytes below which no ratio is too high.</summary>
    public long RatioFreeBytes { get; init; } = 1024L * 1024 * 1024;

    internal void Check(long compressed, long uncompressed)
    {
        if (uncompressed > MaxBytes)
            throw new VitrineException(ErrorKind.Invalid, $"layer is larger than the limit of {MaxBytes} bytes");
        if (uncompressed > RatioFreeBytes && uncompressed / MaxRatio > compressed)
            throw new VitrineException(ErrorKind.Invalid,
                $"layer unpacks to more than {MaxRatio} times its compressed size: refused as a decompression bomb");
    }
}
