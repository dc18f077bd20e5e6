using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.Engine.Storage;

/// <summary>Reads and writes the small files of a container.</summary>
internal static class ContainerFiles
{
    /// <summary>0644: other users' programs read these files through bind mounts, below a data root that only root can enter.</summary>
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The record, or null where the container is gone.</summary>
    /// <exception cref="VitrineException">Internal: the file is damaged.</exception>
    public static ContainerRecord? ReadRecord(ContainerPaths paths) => Read(paths.Record, static json => JsonSerializer.Deserialize(json, StoreJson.Default.ContainerRecord));

    /// <summary>The state; that of a container never started where no shim has written one yet.</summary>
    /// <exception cref="VitrineException">Internal: the file is damaged.</exception>
    public static ContainerState ReadState(ContainerPaths paths) =>
        Read(paths.State, ShimCodec.ReadState) ?? new ContainerState();

    /// <summary>What the health checks of the last run have found; null where there were none.</summary>
    /// <exception cref="VitrineException">Internal: the file is damaged.</exception>
    public static HealthReport? ReadHealth(ContainerPaths paths) => Read(paths.Health, ShimCodec.ReadHealth);

    public static void WriteState(ContainerPaths paths, ContainerState state) =>
        AtomicFile.Write(paths.State, ShimCodec.Write(state).Span, durable: false);

    /// <summary>
    /// Writes a file that nobody reads before the directory or a later message makes it known: no rename is needed. An old file
    /// is deleted and never truncated: ext4 would write the new content out at once (auto_da_alloc, ext4(5)).
    /// </summary>
    public static void WriteNew(string path, ReadOnlySpan<byte> content, bool durable = false, bool readable = false)
    {
        using var file = OpenNew(path);
        File.SetUnixFileMode(file, readable ? Readable : Private);
        RandomAccess.Write(file, content, 0);
        if (durable)
            RandomAccess.FlushToDisk(file);
    }

    private static SafeFileHandle OpenNew(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(path);
            return File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        }
    }

    /// <summary>Takes a container's lock; null where another has it, or has removed the container meanwhile.</summary>
    public static FileLock? TryLock(ContainerPaths paths)
    {
        try
        {
            return FileLock.TryAcquire(paths.Lock);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT)
        {
            return null;
        }
    }

    private delegate T? Parser<out T>(ReadOnlySpan<byte> json);

    private static T? Read<T>(string path, Parser<T> parse)
        where T : class
    {
        // Mostly a file that is missing was never written: asking is cheaper than catching what a read throws.
        if (!File.Exists(path))
            return null;
        try
        {
            return parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new VitrineException(ErrorKind.Internal, $"{path} is damaged: {e.Message}", e);
        }
    }
}
