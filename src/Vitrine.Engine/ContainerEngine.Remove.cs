using Vitrine.Engine.Creation;
using Vitrine.Engine.Running;
using Vitrine.Engine.Storage;
using Vitrine.Linux;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine;

/// <content>Renaming and removing.</content>
public sealed partial class ContainerEngine
{
    /// <summary>How often a forced removal stops a container that is started again and again.</summary>
    private const int MaxStops = 10;

    /// <summary>Removes a container with its files.</summary>
    /// <param name="container">Name or id.</param>
    /// <param name="force">Kill it first where it runs.</param>
    /// <param name="volumes">Remove its anonymous volumes too.</param>
    /// <param name="cancellation">Honoured until the removal begins.</param>
    /// <exception cref="VitrineException">Conflict: it runs.</exception>
    public async Task RemoveAsync(string container, bool force = false, bool volumes = false, CancellationToken cancellation = default)
    {
        var id = _store.Resolve(container);
        if (IsDamaged(id))
        {
            RemoveDamaged(id, force);
            return;
        }

        var found = _containers.Get(container);
        if (found.State.HasShim && !force)
        {
            var what = found.State.Status is ContainerStatus.Paused ? "paused" : found.State.Status is ContainerStatus.Restarting ? "restarting" : "running";
            throw Cannot($"cannot remove container \"/{found.Record.Name}\": container is {what}: stop the container before removing or force remove");
        }
        for (var attempt = 1; ; attempt++)
        {
            if (found.State.HasShim)
                await EndAsync(found, new StopRequest { Signal = Signals.SIGKILL, IsKill = true }, cancellation).ConfigureAwait(false);
            if (await Task.Run(() => TryRemove(found.Id, volumes, cancellation), cancellation).ConfigureAwait(false) is not { } again)
                return;
            // A start whose caller died on the way may take effect only now.
            if (!force || attempt == MaxStops)
                throw Cannot($"cannot remove container \"/{found.Record.Name}\": it was started again meanwhile");
            found = again;
        }
    }

    /// <summary>Changes a container's name.</summary>
    /// <exception cref="VitrineException">Invalid; Conflict where the name is taken.</exception>
    public Task RenameAsync(string container, string name, CancellationToken cancellation = default) =>
        Blocking.Now(() =>
        {
            Rename(container, ObjectName.CheckContainer(name), cancellation);
            return true;
        }, cancellation);

    /// <summary>Removes what does not run.</summary>
    /// <returns>Null where it is gone; the container where it runs (again).</returns>
    private Container? TryRemove(string id, bool volumes, CancellationToken cancellation)
    {
        try
        {
            using var locked = _containers.Lock(id, cancellation);
            if (locked.Container.State.HasShim)
                return locked.Container;
            _remover.Remove(locked.Container, volumes || locked.Container.Record.AutoRemove);
        }
        catch (VitrineException e) when (e.Kind is ErrorKind.NotFound)
        {
            // Its shim has removed it at its end: what was wanted is done.
        }
        return null;
    }

    private bool IsDamaged(string id)
    {
        try
        {
            return ContainerFiles.ReadRecord(_store.Paths.Container(id)) is null;
        }
        catch (VitrineException)
        {
            return true;
        }
    }

    /// <summary>A container whose record cannot be read can only go; its name goes when somebody wants it.</summary>
    private void RemoveDamaged(string id, bool force)
    {
        var paths = _store.Paths.Container(id);
        if (FileLock.IsHeld(paths.ShimLock) || !force)
            throw new VitrineException(ErrorKind.Internal, $"container {id}: container.json is missing or damaged; remove it with --force once it does not run");
        FileTree.Delete(paths.Directory);
    }

    /// <summary>Takes the new name, writes it down, gives the old one up: a crash leaves two links, of which the record tells the true one.</summary>
    private void Rename(string container, string name, CancellationToken cancellation)
    {
        using var locked = _containers.Lock(container, cancellation);
        var record = locked.Container.Record;
        if (record.Name == name)
            throw new VitrineException(ErrorKind.Invalid, "Renaming a container with the same name as its current name");
        if (_store.Names.Take(name, record.Id) is { } owner)
            throw new VitrineException(ErrorKind.Conflict, "Error when allocating new name: " + ContainerCreator.NameTaken(name, owner).Message);
        var renamed = record with { Name = name };
        Change(locked.Container, renamed, cancellation);
        _store.Names.Release(record.Name, record.Id);
        _happenings.Container(renamed, "rename", "oldName", "/" + record.Name);
    }
}
