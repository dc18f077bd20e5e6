using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Oci;

namespace Vitrine.Images.Store;

/// <summary>
/// A blob on its way into the store: hashed while it is written, checked against the expected digest and size, synced, and only
/// then given its name. Disposed without <see cref="Commit"/>, it leaves nothing behind.
/// </summary>
public sealed class BlobWriter : IDisposable
{
    private readonly BlobStore _store;
    private readonly string _temporary;
    private readonly Digest? _expected;
    private readonly long? _size;
    private readonly IncrementalHash _hash;
    private readonly FileLock _alive;
    private readonly SafeFileHandle _file;
    private bool _committed;

    internal BlobWriter(BlobStore store, string temporary, Digest? expected, long? size)
    {
        _store = store;
        _temporary = temporary;
        _expected = expected;
        _size = size;
        _hash = IncrementalHash.CreateHash(expected?.HashName ?? HashAlgorithmName.SHA256);
        // The lock tells start-up repair that a living process is at work on this file.
        _alive = FileLock.Acquire(temporary);
        _file = StoreFile.TryOpen(temporary, OpenFlags.WriteOnly) ?? throw new LinuxException("open", temporary, Errno.ENOENT);
    }

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    /// <summary>Writes the next bytes.</summary>
    /// <exception cref="VitrineException">Unavailable: more bytes came than the blob has.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Length + bytes.Length > _size)
            throw Mismatch($"it has more than the {_size} bytes announced");
        RandomAccess.Write(_file, bytes, Length);
        _hash.AppendData(bytes);
        Length += bytes.Length;
    }

    /// <summary>Verifies what was written, makes it durable and gives it its name.</summary>
    /// <returns>The digest of the content.</returns>
    /// <exception cref="VitrineException">Unavailable: it is not the content that was announced.</exception>
    public Digest Commit()
    {
        if (_size is { } size && Length != size)
            throw Mismatch($"it ended after {Length} of {size} bytes");
        var actual = Digest.FromHash(_hash.AlgorithmName, _hash.GetHashAndReset());
        if (_expected is not null && actual != _expected)
            throw Mismatch($"its content has the digest {actual}");

        RandomAccess.FlushToDisk(_file);
        _store.Publish(_temporary, actual);
        _committed = true;
        return actual;
    }

    public void Dispose()
    {
        if (!_committed)
            File.Delete(_temporary);
        _hash.Dispose();
        _file.Dispose();
        _alive.Dispose();
    }

    private VitrineException Mismatch(string how) =>
        new(ErrorKind.Unavailable, $"filesystem layer verification failed for digest {_expected}: {how}");
}
