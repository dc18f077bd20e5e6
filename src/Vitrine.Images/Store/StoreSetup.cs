using System.Text.Json;
using Vitrine.Linux;
using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Images.Store;

/// <summary>Makes a new store and clears away what killed processes have left in one.</summary>
internal static class StoreSetup
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the layout. Safe to run from several processes at once: the marker file comes last.</summary>
    public static void Create(StorePaths paths)
    {
        PrivateDirectory.Create(Path.GetDirectoryName(paths.Root)!, paths.Root);
        using var exclusive = FileLock.Acquire(paths.IndexLock);
        Directory.CreateDirectory(Path.Combine(paths.Blobs, "sha256"), Private);
        Directory.CreateDirectory(paths.Ingest, Private);
        if (!File.Exists(paths.Index))
        {
            var empty = new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = [] };
            AtomicFile.Write(paths.Index, JsonSerializer.SerializeToUtf8Bytes(empty, ImageJson.Readable.ImageIndex));
        }

        var layout = JsonSerializer.SerializeToUtf8Bytes(new ImageLayout(), ImageJson.Default.ImageLayout);
        AtomicFile.Write(paths.Layout, layout);
    }

    /// <summary>Deletes the half-written blobs of processes that are gone; those of living ones are locked.</summary>
    public static void Repair(StorePaths paths)
    {
        foreach (var file in Directory.EnumerateFiles(paths.Ingest))
        {
            using var orphan = FileLock.TryAcquire(file);
            if (orphan is not null)
                File.Delete(file);
        }
    }
}
