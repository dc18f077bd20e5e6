using Microsoft.Win32.SafeHandles;
using Vitrine.Images.Tar;
using Vitrine.Linux;

namespace Vitrine.Images.Layers;

/// <summary>How files of an archive come into a directory.</summary>
public sealed record TreeExtractOptions
{
    /// <summary>Who owns what is made; null keeps the archive's owners, if <see cref="KeepOwners"/> says so.</summary>
    public (uint Uid, uint Gid)? Owner { get; init; }

    /// <summary>False makes everything belong to whoever runs this.</summary>
    public bool KeepOwners { get; init; } = true;

    /// <summary>A directory is not replaced by something else, nor something else by a directory: that is an error.</summary>
    public bool KeepKinds { get; init; }
}

/// <summary>Plain tar archives of living directory trees, whoever changes these meanwhile: what docker cp is made of.</summary>
public static class TreeArchive
{
    /// <summary>Writes what has a name as one whole archive: a file, a link itself, or a directory with all below it.</summary>
    /// <param name="parent">The directory of the name.</param>
    /// <param name="name">One component; "." is the directory itself.</param>
    /// <param name="archivedAs">Its name in the archive; what is below it follows.</param>
    /// <param name="output">Stays open.</param>
    /// <param name="cancellation">Ends the work between files.</param>
    /// <exception cref="LinuxException">Something cannot be read.</exception>
    public static void Write(SafeFileHandle parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> archivedAs, Stream output,
        CancellationToken cancellation = default) =>
        LayerWriter.WriteLive(parent, name.ToArray(), archivedAs.ToArray(), output, cancellation);

    /// <summary>Writes all that is in a directory, without itself, as one whole archive.</summary>
    /// <inheritdoc cref="Write"/>
    public static void WriteContent(SafeFileHandle directory, Stream output, CancellationToken cancellation = default) =>
        LayerWriter.WriteLive(directory, output, cancellation);

    /// <summary>
    /// Unpacks an archive, plain, gzip or zstd, below a directory. Whatever the archive holds and whoever changes the tree
    /// meanwhile, nothing outside <paramref name="root"/> is touched.
    /// </summary>
    /// <param name="root">Where absolute links lead and ".." ends.</param>
    /// <param name="destination">A clean path below the root, without slashes at its ends; empty is the root.</param>
    /// <param name="archive">Read by blocking reads; stays open.</param>
    /// <param name="options">What is kept and what is an error.</param>
    /// <param name="cancellation">Ends the work between files.</param>
    /// <exception cref="VitrineException">Invalid: no archive, a name that leads out of it, or against <see cref="TreeExtractOptions.KeepKinds"/>.</exception>
    /// <exception cref="LinuxException">No space, no permission, a read-only file system.</exception>
    public static void Extract(SafeFileHandle root, byte[] destination, Stream archive, TreeExtractOptions options,
        CancellationToken cancellation = default)
    {
        using var plain = LayerDecompression.Open(archive);
        var rules = new SinkRules { Owner = options.Owner, KeepsOwners = options.KeepOwners, KeepsKinds = options.KeepKinds, IsLenient = true };
        using var sink = new DirectorySink(root, rules);
        try
        {
            new LayerExtractor(new TarReader(new StreamTarInput(plain)), sink, new LayerLimits(), destination).Run(cancellation);
        }
        catch (InvalidDataException damaged)
        {
            throw new VitrineException(ErrorKind.Invalid, $"damaged archive: {damaged.Message}", damaged);
        }
    }
}
