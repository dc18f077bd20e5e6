using System.Text.Json;
using Vitrine.Engine.Events;
using Vitrine.Engine.Volumes;
using Vitrine.Linux;

namespace Vitrine.Engine.Storage;

/// <summary>Named and anonymous volumes: volumes/NAME/_data with a volume.json beside it.</summary>
internal sealed class VolumeStore(StorePaths paths, TimeProvider time, Happenings? happenings = null)
{
    /// <summary>Held while a new volume is filled, so that nobody takes it for left over.</summary>
    private const string LockName = "lock";

    private const UnixFileMode DataMode = (UnixFileMode)0b111_101_101;

    public bool Exists(string name) => File.Exists(Path.Join(paths.Volume(name), "volume.json"));

    public VolumeRecord? Find(string name)
    {
        var file = Path.Join(paths.Volume(name), "volume.json");
        return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), StoreJson.Default.VolumeRecord) : null;
    }

    /// <summary>The names of all volumes, sorted.</summary>
    public IReadOnlyList<string> Names() =>
        Directory.Exists(paths.Volumes)
            ? [.. Directory.EnumerateDirectories(paths.Volumes).Select(path => Path.GetFileName(path)!).Where(name => name[0] != '.' && Exists(name)).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>Makes a volume where it is missing; it appears filled and whole.</summary>
    /// <param name="name">A valid name.</param>
    /// <param name="anonymous">Whether it was made for one container.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="fill">Puts the first content into the new, empty directory it is given.</param>
    /// <param name="options">What to mount on it, of a new one (<see cref="LocalDriver"/>).</param>
    /// <returns>Whether it was made now.</returns>
    public bool Ensure(string name, bool anonymous, IReadOnlyDictionary<string, string>? labels, Action<string>? fill,
        IReadOnlyDictionary<string, string>? options = null)
    {
        if (Find(name) is { } existing)
            return FillIfEmpty(LocalDriver.Content(existing.Options, paths.VolumeData(name)), fill);
        var making = AtomicFile.TemporaryName(paths.Volume(name));
        try
        {
            PrivateDirectory.Create(making);
            using var mine = FileLock.Acquire(Path.Join(making, LockName));
            var data = Path.Join(making, "_data");
            Directory.CreateDirectory(data, DataMode);
            File.SetUnixFileMode(data, DataMode);
            FillIfEmpty(LocalDriver.Content(options, data), fill);
            var record = new VolumeRecord { Name = name, Created = time.GetUtcNow(), Anonymous = anonymous, Labels = labels, Options = options };
            ContainerFiles.WriteNew(Path.Join(making, "volume.json"), JsonSerializer.SerializeToUtf8Bytes(record, StoreWriteJson.Default.VolumeRecord), durable: !anonymous);
            Directory.Move(making, paths.Volume(name));
            happenings?.Other("volume", "create", name, "driver", "local");
            return true;
        }
        catch (IOException) when (Exists(name))
        {
            // Made by another at the same time: theirs is as good.
            FileTree.Delete(making);
            return false;
        }
        catch
        {
            if (Directory.Exists(making))
                FileTree.Delete(making);
            throw;
        }
    }

    /// <summary>Deletes a volume. What is mounted somewhere stays usable there until it is unmounted.</summary>
    public void Remove(string name)
    {
        if (!Directory.Exists(paths.Volume(name)))
            return;
        var leaving = AtomicFile.TemporaryName(paths.Volume(name));
        Directory.Move(paths.Volume(name), leaving);
        FileTree.Delete(leaving);
        happenings?.Other("volume", "destroy", name, "driver", "local");
    }

    /// <summary>Deletes volumes whose making or removal was cut short.</summary>
    public void Sweep()
    {
        // Another process may be making the store right now.
        if (!Directory.Exists(paths.Volumes))
            return;
        foreach (var directory in Directory.EnumerateDirectories(paths.Volumes, ".*"))
        {
            if (DateTime.UtcNow - Directory.GetLastWriteTimeUtc(directory) > ContainerStore.Settled && !FileLock.IsHeld(Path.Join(directory, LockName)))
                FileTree.Delete(directory);
        }
    }

    /// <summary>Another container than the one it was made for mounts an anonymous volume: it no longer goes with the first.</summary>
    public void Share(string name)
    {
        if (Exists(name))
            File.Create(Path.Join(paths.Volume(name), VolumeRecord.SharedMark)).Dispose();
    }

    /// <summary>Deletes an anonymous volume with its container, unless others mount it too.</summary>
    public void RemoveOwn(string name)
    {
        if (!File.Exists(Path.Join(paths.Volume(name), VolumeRecord.SharedMark)))
            Remove(name);
    }

    /// <summary>
    /// Whoever makes a container on volumes holds them, from looking for them until the container is there: nobody removes a
    /// volume in between.
    /// </summary>
    public FileLock Hold() => FileLock.Acquire(HoldersLock, LockMode.Shared);

    /// <summary>Whoever removes volumes that no container uses: no container is being made meanwhile.</summary>
    public FileLock HoldAlone(CancellationToken cancellation) => FileLock.Acquire(HoldersLock, LockMode.Exclusive, cancellation);

    private string HoldersLock => Path.Join(paths.Volumes, ".lock");

    /// <summary>Docker fills an existing volume too, as long as nothing is in it.</summary>
    private static bool FillIfEmpty(string? directory, Action<string>? fill)
    {
        if (fill is not null && directory is not null && Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
            fill(directory);
        return false;
    }
}
