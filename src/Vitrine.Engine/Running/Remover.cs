using Vitrine.Engine.Events;
using Vitrine.Engine.Storage;
using Vitrine.Linux;

namespace Vitrine.Engine.Running;

/// <summary>
/// Removes containers: (1) the directory gets a hidden name, so that the container is gone at once, (2) its name becomes free,
/// (3) what belongs to it goes. A crash in between leaves work for the sweep, nothing for the user.
/// </summary>
internal sealed class Remover(ContainerStore store, VolumeStore volumes, Action<string> clearCgroup, Happenings happenings)
{
    /// <summary>Removes a container that does not run. The caller holds its lock.</summary>
    public void Remove(Container container, bool withVolumes)
    {
        var hidden = store.Paths.Hidden(container.Id, "old");
        Directory.Move(container.Paths.Directory, hidden.Directory);
        store.Names.Release(container.Record.Name, container.Id);
        Finish(container.Record, withVolumes);
        FileTree.Delete(hidden.Directory);
        happenings.Container(container.Record, "destroy");
    }

    /// <summary>Removes a container whose shim died before it could, unless somebody is working on it.</summary>
    public void RemoveIfFree(Container container)
    {
        using var mine = ContainerFiles.TryLock(container.Paths);
        if (mine is not null && Directory.Exists(container.Paths.Directory))
            Remove(container, withVolumes: true);
    }

    /// <summary>Step 3: anonymous volumes, socket directory and cgroup.</summary>
    public void Finish(ContainerRecord record, bool withVolumes)
    {
        foreach (var volume in withVolumes ? record.AnonymousVolumes : [])
            volumes.RemoveOwn(volume);
        var run = store.Paths.Container(record.Id).RunDirectory;
        if (Directory.Exists(run))
            FileTree.Delete(run);
        clearCgroup(record.CgroupPath);
    }
}
