using System.Text.Json;
using Vitrine.Engine.Events;
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
    /// <returns>Whether it was made now.</returns>
    public bool Ensure(string name, bool anonymous, IReadOnlyDictionary<string, string>? labels, Action<string>? fill)
    {
        if (Exists(name))
            return FillIfEmpty(name, fill);
        var making = AtomicFile.TemporaryName(paths.Volume(name));
        try
        {
            ContainerStore.MakePrivate(making);
            using var mine = FileLock.Acquire(Path.Join(making, LockName));
            var data = Path.Join(making, "_data");
            Directory.CreateDirectory(data, DataMode);
            File.SetUnixFileMode(data, DataMode);
            fill?.Invoke(data);
            var record = new VolumeRecord { Name = name, Created = time.GetUtcNow(), Anonymous = anonymous, Labels = labels };
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

    /// <summary>Docker fills an existing volume too, as long as nothing is in it.</summary>
    private bool FillIfEmpty(string name, Action<string>? fill)
    {
        var data = paths.VolumeData(name);
        if (fill is not null && !Directory.EnumerateFileSystemEntries(data).Any())
            fill(data);
        return false;
    }
}
