using System.Globalization;
using Vitrine.Engine.Creation;
using Vitrine.Engine.Events;
using Vitrine.Engine.Storage;
using Vitrine.Linux;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine.Running;

/// <summary>Finds containers and sees to it that what it finds is true: every look repairs what a crash has left.</summary>
internal sealed class Containers(ContainerStore store, Repair repair, Remover remover, Happenings happenings, ContainerReader reader)
{
    public ContainerStore Store => store;

    /// <summary>The container that a name means.</summary>
    /// <exception cref="VitrineException">NotFound; Invalid for an ambiguous id.</exception>
    public Container Get(string container)
    {
        var id = store.Resolve(container);
        return Look(id) ?? throw ContainerStore.NoSuch(container);
    }

    /// <summary>A container by its full id; null where it is gone.</summary>
    public Container? Look(string id)
    {
        var paths = store.Paths.Container(id);
        if (reader.Read(paths) is not var (record, kept))
            return null;
        var state = TrueState(paths, record, kept, locked: false);
        var found = new Container(record, state, paths);
        if (!found.IsOverdue)
            return found;
        remover.RemoveIfFree(found);
        return null;
    }

    /// <summary>Takes the container's lock and looks again, since what was seen before may have changed.</summary>
    /// <param name="container">Name or id.</param>
    /// <param name="cancellation">Ends the wait for the lock.</param>
    /// <param name="known">What this process has just created, which need not be read back if it is this one.</param>
    /// <exception cref="VitrineException">NotFound: removed meanwhile.</exception>
    public LockedContainer Lock(string container, CancellationToken cancellation, CreatedContainer? known = null)
    {
        var id = store.Resolve(container);
        var paths = store.Paths.Container(id);
        FileLock mine;
        try
        {
            mine = FileLock.Acquire(paths.Lock, LockMode.Exclusive, cancellation);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT)
        {
            throw ContainerStore.NoSuch(container);
        }

        try
        {
            if (known?.Record.Id == id && known.Written == File.GetLastWriteTimeUtc(paths.Record) && !File.Exists(paths.State))
                return new LockedContainer(new Container(known.Record, new ContainerState(), paths), mine);
            var record = ContainerFiles.ReadRecord(paths) ?? throw ContainerStore.NoSuch(container);
            var state = TrueState(paths, record, ContainerFiles.ReadState(paths), locked: true);
            return new LockedContainer(new Container(record, state, paths), mine);
        }
        catch
        {
            mine.Dispose();
            throw;
        }
    }

    private ContainerState TrueState(ContainerPaths paths, ContainerRecord record, ContainerState state, bool locked) => repair.Apply(
        paths, state, record.CgroupPath,
        lost => happenings.Container(record, "die", "exitCode", lost.ExitCode.ToString(CultureInfo.InvariantCulture)), locked);

    /// <summary>Every container.</summary>
    public IEnumerable<Container> All()
    {
        var count = 0;
        foreach (var id in store.Ids())
        {
            count++;
            Container? found;
            try
            {
                found = Look(id);
            }
            catch (VitrineException e) when (e.Kind is ErrorKind.Internal)
            {
                // A damaged record must not hide the others; inspect and rm of this one still say what is wrong.
                continue;
            }
            if (found is not null)
                yield return found;
        }
        reader.Trim(count);
    }
}

/// <summary>A container as it was a moment ago.</summary>
internal sealed record Container(ContainerRecord Record, ContainerState State, ContainerPaths Paths)
{
    public string Id => Record.Id;

    /// <summary>Ended, to be removed at its end, and nobody is left who will.</summary>
    public bool IsOverdue => Record.AutoRemove && State.Status is ContainerStatus.Exited && !FileLock.IsHeld(Paths.ShimLock);

    /// <summary>A connection to its shim.</summary>
    /// <exception cref="VitrineException">Conflict: it does not run.</exception>
    public ShimClient Connect() => (State.HasShim ? ShimClient.TryConnect(Paths.RunDirectory) : null) ?? throw NotRunning();

    /// <summary>What its health checks have found; null where it has none or was never started. When it has ended it is unhealthy, as in Docker.</summary>
    public HealthReport? Health() =>
        HealthRules.HasCheck(Record.Config) && ContainerFiles.ReadHealth(Paths) is { } report
            ? State.HasShim ? report : report with { Status = "unhealthy" }
            : null;

    public VitrineException NotRunning() => new(ErrorKind.Conflict, $"container {Id} is not running");
}

/// <summary>A container that nobody else changes meanwhile.</summary>
internal sealed record LockedContainer(Container Container, FileLock Lock) : IDisposable
{
    public void Dispose() => Lock.Dispose();
}
