using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Linux;
using Vitrine.Oci;

namespace Vitrine.Images.Layers;

/// <summary>
/// The unpacked layers, each a lower directory for overlayfs: <c>layers/&lt;hex of chain id&gt;/diff</c>. A layer directory appears
/// complete, with its content verified, or not at all.
/// </summary>
public sealed class LayerStore
{
    private const string DiffName = "diff";
    private const string RecordName = "layer.json";
    private const string LockName = "lock";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const uint RootMode = 0b111_101_101;

    private readonly string _root;

    /// <summary>Opens the store in <c>layers</c> of the data root, making it if need be.</summary>
    public LayerStore(string dataRoot)
    {
        _root = Path.Combine(dataRoot, "layers");
        PrivateDirectory.Create(dataRoot, _root);
    }

    /// <summary>What a layer may take at most.</summary>
    public LayerLimits Limits { get; init; } = new();

    /// <summary>
    /// Whether a layer must survive a power cut from the moment it is there, which takes a syncfs(2) for each. Without, a cut
    /// within about half a minute can leave files of it empty.
    /// </summary>
    public bool IsDurable { get; init; }

    /// <summary>Whether the layer is there.</summary>
    public bool Contains(Digest chainId) => File.Exists(Path.Combine(LayerDirectory(chainId), RecordName));

    /// <summary>The lower directory of a layer, there or not.</summary>
    public string DiffDirectory(Digest chainId) => Path.Combine(LayerDirectory(chainId), DiffName);

    /// <summary>Sum of the lengths of a layer's files, in bytes.</summary>
    /// <exception cref="FileNotFoundException">The layer is not there.</exception>
    public long Size(Digest chainId)
    {
        var record = File.ReadAllBytes(Path.Combine(LayerDirectory(chainId), RecordName));
        return JsonSerializer.Deserialize(record, LayerJson.Default.LayerRecord)!.Size;
    }

    /// <summary>
    /// Unpacks a layer, verifies it and puts it in place. Nothing is left behind on failure or cancellation.
    /// </summary>
    /// <param name="layer">The layer as it was downloaded: gzip, zstd or plain tar. Read by blocking reads on a thread of its own.</param>
    /// <param name="expectedDiffId">The digest that the uncompressed archive must have; null takes what comes.</param>
    /// <param name="chain">The chain ids from the lowest layer to this one, whose name the last is; null where the layer is the lowest.</param>
    /// <param name="cancellation">Ends the work; a read of the stream may then still be waiting.</param>
    /// <returns>The diff id and the size that <see cref="Size"/> gives from then on.</returns>
    /// <exception cref="VitrineException">Invalid: damaged, hostile or another layer than expected.</exception>
    /// <exception cref="VitrineException">Unavailable: no space for it.</exception>
    /// <exception cref="LowerLayerAbsentException">The layer has a hard link to a file of one below it that is not there yet.</exception>
    public async Task<(Digest DiffId, long Size)> UnpackAsync(Stream layer, Digest? expectedDiffId, IReadOnlyList<Digest>? chain,
        CancellationToken cancellation = default)
    {
        var temporary = Path.Combine(_root, $"{AtomicFile.TemporaryMark}{Entropy.NewId()[..16]}");
        try
        {
            Directory.CreateDirectory(temporary, Private);
            using var held = FileLock.Acquire(Path.Combine(temporary, LockName), LockMode.Exclusive, cancellation);
            var unpacked = await UnpackToAsync(Path.Combine(temporary, DiffName), layer, chain, cancellation).ConfigureAwait(false);
            Verify(unpacked.DiffId, expectedDiffId);
            Place(temporary, chain is null ? unpacked.DiffId : chain[^1], unpacked);
            return (unpacked.DiffId, unpacked.Size);
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOSPC or Errno.EDQUOT)
        {
            throw new VitrineException(ErrorKind.Unavailable, $"failed to register layer: {error.Errno.Describe()} in {_root}", error);
        }
        finally
        {
            FileTree.Delete(temporary);
        }
    }

    /// <summary>Deletes a layer; one that is not there is no error.</summary>
    public void Delete(Digest chainId)
    {
        // Renamed first, so that no half of it can be taken for the layer.
        var gone = Path.Combine(_root, $"{AtomicFile.TemporaryMark}{Entropy.NewId()[..16]}");
        try
        {
            Directory.Move(LayerDirectory(chainId), gone);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }

        FileTree.Delete(gone);
    }

    /// <summary>The chain ids of all layers.</summary>
    public IEnumerable<Digest> List()
    {
        foreach (var directory in Directory.EnumerateDirectories(_root))
        {
            if (Digest.TryParse($"sha256:{Path.GetFileName(directory)}", out var chainId))
                yield return chainId;
        }
    }

    /// <summary>Removes what unpackers that are gone have left.</summary>
    public void RemoveTemporaries()
    {
        foreach (var directory in Directory.EnumerateDirectories(_root, $"{AtomicFile.TemporaryMark}*"))
        {
            // For an instant at its beginning and end, a layer in the making has no lock file.
            var lockFile = Path.Combine(directory, LockName);
            var isNew = DateTime.UtcNow - Directory.GetLastWriteTimeUtc(directory) < TimeSpan.FromMinutes(1);
            if (File.Exists(lockFile) ? !FileLock.IsHeld(lockFile) : !isNew)
                FileTree.Delete(directory);
        }
    }

    private async Task<UnpackedLayer> UnpackToAsync(string diff, Stream layer, IReadOnlyList<Digest>? chain, CancellationToken cancellation)
    {
        Directory.CreateDirectory(diff, Private);
        using var root = FileAt.OpenDirectory(diff);
        FileOn.ChangeMode(root, RootMode);
        using var below = chain is { Count: > 1 } ? new LowerLayers(() => OpenOn(chain, diff), Limits) : null;
        using var sink = new DirectorySink(root, below: below);
        var unpacked = await new LayerPipeline(layer, Limits, cancellation).RunAsync(sink).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (IsDurable)
            FileOn.SyncFileSystem(root);
        return unpacked;
    }

    private LayeredTree OpenOn(IReadOnlyList<Digest> chain, string diff)
    {
        var below = chain.SkipLast(1).ToList();
        return below.TrueForAll(Contains) ? new LayeredTree([.. below.Select(DiffDirectory)], diff) : throw new LowerLayerAbsentException();
    }

    private static void Verify(Digest actual, Digest? expected)
    {
        if (expected is not null && actual != expected)
            throw new VitrineException(ErrorKind.Invalid, $"wrong diff id of a layer: expected {expected}, got {actual}");
    }

    private void Place(string temporary, Digest chainId, UnpackedLayer unpacked)
    {
        var record = JsonSerializer.SerializeToUtf8Bytes(new LayerRecord(unpacked.DiffId.ToString(), unpacked.Size), LayerJson.Default.LayerRecord);
        AtomicFile.Write(Path.Combine(temporary, RecordName), record, IsDurable);
        File.Delete(Path.Combine(temporary, LockName));
        try
        {
            Directory.Move(temporary, LayerDirectory(chainId));
        }
        catch (IOException) when (Contains(chainId))
        {
            // Another process was first; its layer is the same.
        }
    }

    private string LayerDirectory(Digest chainId) => Path.Combine(_root, chainId.Hex);
}

/// <summary>What is kept about an unpacked layer, beside it.</summary>
internal sealed record LayerRecord(string DiffId, long Size);

[JsonSerializable(typeof(LayerRecord))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class LayerJson : JsonSerializerContext;
