using System.Text.Json;
using Vitrine.Linux;
using Vitrine.Oci;
using Vitrine.Oci.Image;
using Vitrine.Oci.Image.Reading;

namespace Vitrine.Images.Store;

/// <summary>Reads and replaces index.json. Readers need no lock, because the file is replaced whole.</summary>
internal sealed class IndexFile(StorePaths paths, BlobStore blobs)
{
    private const int MaxSize = 64 * 1024 * 1024;

    /// <exception cref="VitrineException">Internal: the file is damaged.</exception>
    public NameTable Read()
    {
        var entries = new List<IndexEntry>();
        var foreign = new List<Descriptor>();
        foreach (var descriptor in Load().Manifests)
        {
            if (Resolve(descriptor) is { } entry)
                entries.Add(entry);
            else
                foreign.Add(descriptor);
        }

        return new NameTable(entries, foreign);
    }

    /// <summary>Replaces the file. The caller holds the index lock exclusively.</summary>
    public void Write(NameTable table)
    {
        DeleteTemporaries();
        var index = new ImageIndex
        {
            MediaType = MediaTypes.OciIndex,
            Manifests = [.. table.Entries.Select(static entry => entry.Manifest), .. table.Foreign],
        };
        AtomicFile.Write(paths.Index, JsonSerializer.SerializeToUtf8Bytes(index, ImageJson.Readable.ImageIndex));
    }

    private ImageIndex Load()
    {
        try
        {
            using var file = File.OpenHandle(paths.Index);
            var length = RandomAccess.GetLength(file);
            if (length > MaxSize)
                throw Damaged($"it has {length} bytes");
            var json = new byte[length];
            var read = RandomAccess.Read(file, json, 0);
            return ImageReader.ReadIndex(json.AsSpan(0, read));
        }
        catch (JsonException error)
        {
            throw Damaged(error.Message);
        }
    }

    private VitrineException Damaged(string how) =>
        new(ErrorKind.Internal, $"the image store's {paths.Index} is damaged: {how}");

    /// <summary>
    /// Entries of ours say which image they are. Those that other tools wrote are followed to their manifest, through an index to
    /// the one of this host's platform; what is no image, or not here, is not ours to show.
    /// </summary>
    private IndexEntry? Resolve(Descriptor descriptor)
    {
        if (descriptor?.Digest is null)
            return null;
        var name = IndexEntry.RecordedName(descriptor);
        if (IndexEntry.RecordedId(descriptor) is { } id)
            return new IndexEntry(descriptor, id, name);
        return FindManifest(descriptor) is var (manifest, found) ? new IndexEntry(found, manifest.Config.Digest, null).Named(name) : null;
    }

    private (Manifest Manifest, Descriptor Descriptor)? FindManifest(Descriptor descriptor)
    {
        if (!blobs.Contains(descriptor.Digest))
            return null;
        try
        {
            return ManifestParser.Parse(blobs.ReadAll(descriptor.Digest, ManifestParser.MaxSize), descriptor.MediaType) switch
            {
                Manifest manifest when MediaTypes.IsConfig(manifest.Config.MediaType) => (manifest, descriptor),
                ImageIndex index when Platform.Host.Choose(index.Manifests, static m => m.Platform) is { } chosen
                    && MediaTypes.IsManifest(chosen.MediaType) => FindManifest(chosen),
                _ => null,
            };
        }
        catch (VitrineException error) when (error.Kind is ErrorKind.Invalid or ErrorKind.NotFound)
        {
            return null;
        }
    }

    /// <summary>What a writer left that was killed: nobody else writes here while we hold the lock.</summary>
    private void DeleteTemporaries()
    {
        foreach (var file in Directory.EnumerateFiles(paths.Root, $".index.json{AtomicFile.TemporaryMark}*"))
            File.Delete(file);
    }
}
