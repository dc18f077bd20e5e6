using System.Text;
using Vitrine.Images.Layers;
using Vitrine.Images.Store;
using Vitrine.Images.Tar;
using Vitrine.Oci;

namespace Vitrine.Images.Archives;

/// <summary>
/// The files of an image archive that came as a stream: what names the images may come last, so everything is kept until then,
/// small files in memory and large ones as blobs, where most of them stay.
/// </summary>
internal sealed class ArchiveSpool(BlobStore blobs, IProgress<ImageProgress>? progress)
{
    private const int MaxInMemory = 256 * 1024;
    private const long MaxMemory = 64L * 1024 * 1024;
    private const int MaxFiles = 100_000;
    private const int MaxLinks = 10;

    private readonly Dictionary<string, SpooledFile> _files = [];
    private readonly Dictionary<string, string> _links = [];
    private long _memory;

    /// <summary>Reads the whole archive, plain or compressed.</summary>
    /// <exception cref="VitrineException">Invalid: not a tar archive, or a blob that is not what its name says.</exception>
    public void Read(Stream archive, CancellationToken cancellation)
    {
        using var plain = LayerDecompression.Open(archive);
        var reader = new TarReader(new StreamTarInput(plain));
        while (reader.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            if (_files.Count + _links.Count == MaxFiles)
                throw new VitrineException(ErrorKind.Invalid, $"image archive has more than {MaxFiles} files");
            Keep(reader, cancellation);
        }
    }

    /// <summary>The file at a path, links followed; null if the archive has none.</summary>
    public SpooledFile? Find(string path)
    {
        var name = Clean(Encoding.UTF8.GetBytes(path));
        for (var links = 0; links < MaxLinks && _links.TryGetValue(name, out var target); links++)
            name = target;
        return _files.GetValueOrDefault(name);
    }

    private void Keep(TarReader reader, CancellationToken cancellation)
    {
        var entry = reader.Entry;
        var name = Clean(entry.Path);
        switch (entry.Type)
        {
            case TarType.Regular:
                _files[name] = entry.Size <= MaxInMemory ? KeepInMemory(reader) : KeepAsBlob(reader, name, cancellation);
                _links.Remove(name);
                break;

            // Older versions of docker store a layer once, and link to it from the others.
            case TarType.Symlink:
                _links[name] = Clean([.. Encoding.UTF8.GetBytes(Path.GetDirectoryName(name) ?? ""), (byte)'/', .. entry.LinkPath]);
                break;
            case TarType.HardLink:
                _links[name] = Clean(entry.LinkPath);
                break;
        }
    }

    private SpooledFile KeepInMemory(TarReader reader)
    {
        var content = new byte[reader.Entry.Size];
        while (reader.ReadData(out var data, out var offset))
            data.CopyTo(content.AsSpan((int)offset));
        _memory += content.Length;
        if (_memory > MaxMemory)
            throw new VitrineException(ErrorKind.Invalid, $"image archive has more than {MaxMemory} bytes in small files");
        return new SpooledFile(blobs, content);
    }

    private SpooledFile KeepAsBlob(TarReader reader, string name, CancellationToken cancellation)
    {
        var size = reader.Entry.Size;
        using var blob = ExpectedDigest(name) is { } expected ? blobs.Create(expected, size) : blobs.Create();
        var id = Path.GetFileName(name) is { Length: 64 } hex ? hex[..12] : Path.GetFileName(name);
        long reported = 0;
        while (reader.ReadData(out var data, out var offset))
        {
            if (offset != blob.Length)
                throw new VitrineException(ErrorKind.Invalid, $"image archive: '{name}' is a sparse file");
            blob.Append(data);
            if (blob.Length - reported < MaxInMemory && blob.Length < size)
                continue;
            cancellation.ThrowIfCancellationRequested();
            reported = blob.Length;
            progress?.Report(new ImageProgress("Loading layer", id, blob.Length, size));
        }

        return new SpooledFile(blobs, blob.Commit(), size);
    }

    /// <summary>What a file under blobs/ must have as its digest.</summary>
    private static Digest? ExpectedDigest(string name) =>
        name.Split('/') is ["blobs", var algorithm, var hex] && Digest.TryParse($"{algorithm}:{hex}", out var digest) ? digest : null;

    private static string Clean(ReadOnlySpan<byte> path) =>
        LayerPath.TryClean(path, new byte[path.Length], out var clean)
            ? Encoding.UTF8.GetString(clean.Whole)
            : throw new VitrineException(ErrorKind.Invalid, $"image archive: '{Linux.CString.Display(path)}' leads out of the archive");
}

/// <summary>A file of an archive, in memory or in the store.</summary>
internal sealed class SpooledFile
{
    private readonly BlobStore _blobs;
    private readonly byte[]? _content;

    public SpooledFile(BlobStore blobs, byte[] content)
    {
        _blobs = blobs;
        _content = content;
        Size = content.Length;
        Digest = Digest.Of(content);
    }

    public SpooledFile(BlobStore blobs, Digest digest, long size)
    {
        _blobs = blobs;
        Digest = digest;
        Size = size;
    }

    public Digest Digest { get; }

    public long Size { get; }

    /// <summary>All of it, where it is no longer than <paramref name="limit"/> bytes.</summary>
    public byte[] ReadAll(int limit) => _content ?? _blobs.ReadAll(Digest, limit);

    /// <summary>Makes it a blob of the store, if it is none yet, and points to it.</summary>
    public Descriptor Store(string mediaType) => _content is null
        ? new Descriptor { MediaType = mediaType, Digest = Digest, Size = Size }
        : _blobs.Add(_content, mediaType);

    /// <summary>Its content; the file must be in the store by now.</summary>
    public Stream OpenRead() => _blobs.OpenRead(Digest);

    /// <summary>The compression, by its first bytes.</summary>
    public LayerCompression Compression()
    {
        var start = new byte[LayerDecompression.MagicLength];
        using var stream = _content is null ? OpenRead() : new MemoryStream(_content);
        return LayerDecompression.Detect(start.AsSpan(0, stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)));
    }
}
