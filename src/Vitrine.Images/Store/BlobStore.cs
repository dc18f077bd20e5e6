using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Oci;

namespace Vitrine.Images.Store;

/// <summary>
/// Content under its digest: <c>blobs/sha256/&lt;hex&gt;</c> (image-spec image-layout.md). What is there is whole and was verified when
/// it was written; it is not verified again when it is read.
/// </summary>
public sealed class BlobStore
{
    private static readonly TimeSpan TurnInterval = TimeSpan.FromMilliseconds(20);

    private readonly StorePaths _paths;

    internal BlobStore(StorePaths paths) => _paths = paths;

    /// <summary>The file of a blob, whether it is there or not.</summary>
    public string PathOf(Digest digest) => Path.Combine(_paths.Blobs, digest.Algorithm, digest.Hex);

    public bool Contains(Digest digest) => File.Exists(PathOf(digest));

    /// <summary>The length of a blob in bytes, or null where it is not there.</summary>
    public long? SizeOf(Digest digest)
    {
        var file = new FileInfo(PathOf(digest));
        return file.Exists ? file.Length : null;
    }

    /// <summary>Opens a blob for reading from its beginning.</summary>
    /// <exception cref="VitrineException">NotFound.</exception>
    public FileStream OpenRead(Digest digest) => new(Open(digest), FileAccess.Read, bufferSize: 0);

    /// <summary>Reads a small blob whole: a manifest or a configuration.</summary>
    /// <exception cref="VitrineException">NotFound; Internal when it is longer than <paramref name="limit"/> bytes.</exception>
    public byte[] ReadAll(Digest digest, int limit)
    {
        using var file = Open(digest);
        var length = RandomAccess.GetLength(file);
        if (length > limit)
            throw new VitrineException(ErrorKind.Internal, $"blob {digest} has {length} bytes, more than {limit}");
        var content = new byte[length];
        for (var read = 0; read < content.Length;)
        {
            var count = RandomAccess.Read(file, content.AsSpan(read), read);
            read += count > 0 ? count : throw new VitrineException(ErrorKind.Internal, $"blob {digest} is shorter than it was");
        }

        return content;
    }

    /// <summary>Stores a few bytes in memory under their digest.</summary>
    public Descriptor Add(ReadOnlySpan<byte> content, string mediaType)
    {
        var digest = Digest.Of(content);
        if (SizeOf(digest) != content.Length)
        {
            using var writer = Create(digest, content.Length);
            writer.Append(content);
            writer.Commit();
        }

        return new Descriptor { MediaType = mediaType, Digest = digest, Size = content.Length };
    }

    /// <summary>Begins to write a blob whose digest and size are known, so that it can be verified.</summary>
    public BlobWriter Create(Digest expected, long size) => new(this, IngestFile(), expected, size);

    /// <summary>Begins to write a blob that is named when it is complete.</summary>
    public BlobWriter Create() => new(this, IngestFile(), null, null);

    /// <summary>
    /// Takes the turn to bring a blob into the store: who comes second waits for who is at it, and then mostly finds the blob there.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    internal async Task<IDisposable> TakeTurnAsync(Digest digest, Action waits, CancellationToken cancellation)
    {
        // In the directory of what comes in, where files that nobody holds are cleared away.
        var path = Path.Combine(_paths.Ingest, $"turn-{digest.Hex}");
        for (var turn = FileLock.TryAcquire(path); ; turn = FileLock.TryAcquire(path))
        {
            if (turn is not null)
                return new Turn(turn, path);
            waits();
            await Task.Delay(TurnInterval, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Every blob there is.</summary>
    internal IEnumerable<Digest> List()
    {
        foreach (var algorithm in Directory.EnumerateDirectories(_paths.Blobs))
        {
            foreach (var file in Directory.EnumerateFiles(algorithm))
            {
                if (Digest.TryParse($"{Path.GetFileName(algorithm)}:{Path.GetFileName(file)}", out var digest))
                    yield return digest;
            }
        }
    }

    internal void Delete(Digest digest) => File.Delete(PathOf(digest));

    /// <summary>Moves a complete, verified file to its name.</summary>
    internal void Publish(string temporary, Digest digest)
    {
        var path = PathOf(digest);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(temporary, path, overwrite: true);
    }

    private static VitrineException Missing(Digest digest) =>
        new(ErrorKind.NotFound, $"blob {digest} is not in the image store: pull or load the image again");

    private SafeFileHandle Open(Digest digest) => StoreFile.TryOpen(PathOf(digest), OpenFlags.ReadOnly) ?? throw Missing(digest);

    private string IngestFile()
    {
        Span<byte> random = stackalloc byte[8];
        Entropy.Fill(random);
        return Path.Combine(_paths.Ingest, Convert.ToHexStringLower(random));
    }

    /// <summary>Whoever waits for the file that is deleted here makes a new one.</summary>
    private sealed class Turn(FileLock held, string path) : IDisposable
    {
        public void Dispose()
        {
            File.Delete(path);
            held.Dispose();
        }
    }
}
