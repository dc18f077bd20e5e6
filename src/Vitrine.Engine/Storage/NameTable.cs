using Vitrine.Linux;

namespace Vitrine.Engine.Storage;

/// <summary>
/// Names of containers: names/NAME is a symbolic link to the id. The link is made before the container appears and removed
/// after it has gone, so a link that leads to no container is either about to or left over by a crash.
/// </summary>
internal sealed class NameTable(StorePaths paths)
{
    /// <summary>The id behind a name, whether that container exists or not; null where the name is free.</summary>
    public string? Find(string name)
    {
        try
        {
            return File.ResolveLinkTarget(paths.Name(name), returnFinalTarget: false) is { } target ? Path.GetFileName(target.FullName) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Takes a name. A name that a crash has left behind is taken over.</summary>
    /// <returns>Null, or the id of the container that has it.</returns>
    public string? Take(string name, string id)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                File.CreateSymbolicLink(paths.Name(name), id);
                return null;
            }
            catch (IOException) when (Find(name) is { } owner && (attempt > 0 || !IsStale(name, owner)))
            {
                return owner;
            }
            catch (IOException) when (attempt == 0)
            {
                // Left over, or given up in this moment.
                File.Delete(paths.Name(name));
            }
        }
    }

    /// <summary>Gives a name up if it is this container's.</summary>
    public void Release(string name, string id)
    {
        if (Find(name) == id)
            File.Delete(paths.Name(name));
    }

    /// <summary>Gives up the names that creations and removals cut short have left.</summary>
    public void Sweep()
    {
        foreach (var link in Directory.EnumerateFileSystemEntries(paths.Names))
        {
            var name = Path.GetFileName(link);
            if (Find(name) is { } id && !Directory.Exists(paths.Container(id).Directory) && IsStale(name, id))
                File.Delete(link);
        }
    }

    private bool IsStale(string name, string id)
    {
        if (ContainerFiles.ReadRecord(paths.Container(id)) is { } record)
            return record.Name != name && !FileLock.IsHeld(paths.Container(id).Lock);
        // A creation in progress holds the lock of its hidden directory.
        var making = paths.Hidden(id, "new");
        return !Directory.Exists(paths.Container(id).Directory) && !FileLock.IsHeld(making.Lock);
    }
}
