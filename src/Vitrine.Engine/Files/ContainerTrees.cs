using Vitrine.Engine.Running;
using Vitrine.Engine.Storage;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Engine.Files;

/// <summary>Opens the files of containers: of a running one as its first process sees them, of another by mounting them privately.</summary>
internal sealed class ContainerTrees(ContainerStore store, Containers containers)
{
    /// <summary>A first process that has just ended is still said to run for this many looks, 20 ms apart.</summary>
    private const int Looks = 250;

    private const int LookInterval = 20;

    /// <summary>For reading.</summary>
    /// <exception cref="VitrineException">NotFound: no such container.</exception>
    public ContainerTree OpenForReading(string container, CancellationToken cancellation) =>
        Open(container, found => StoppedTree.OpenReadOnly(found.Record, store.Paths), cancellation);

    /// <summary>For writing. A container that does not run cannot be started until the tree is disposed.</summary>
    /// <exception cref="VitrineException">NotFound: no such container.</exception>
    public ContainerTree OpenForWriting(string container, CancellationToken cancellation) => Open(container, found => Lock(found, cancellation), cancellation);

    private ContainerTree Open(string container, Func<Container, ContainerTree?> openStopped, CancellationToken cancellation)
    {
        for (var look = 0; look < Looks; look++)
        {
            cancellation.ThrowIfCancellationRequested();
            var found = containers.Get(container);
            var tree = found.State is { IsRunning: true, Pid: > 0 } ? TryOpenRunning(found.State.Pid, found.State.PidStartTime) : openStopped(found);
            if (tree is not null)
                return tree;
            cancellation.WaitHandle.WaitOne(LookInterval);
        }

        throw new VitrineException(ErrorKind.Conflict, $"container {container} is starting or ending all the time: its files cannot be reached");
    }

    /// <summary>Null where the process is gone, or the number is another's by now.</summary>
    private static ContainerTree? TryOpenRunning(int pid, ulong startTime)
    {
        try
        {
            var root = FileAt.OpenDirectory($"/proc/{pid}/root");
            if (ProcFs.Host.IsAlive(pid, startTime))
                return new ContainerTree(root);
            root.Dispose();
            return null;
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ESRCH)
        {
            return null;
        }
    }

    /// <summary>Null where the container has been started before its lock could be had.</summary>
    private ContainerTree? Lock(Container found, CancellationToken cancellation)
    {
        var locked = containers.Lock(found.Id, cancellation);
        try
        {
            if (!locked.Container.State.IsRunning)
                return StoppedTree.OpenWritable(locked.Container.Record, store.Paths, locked);
            locked.Dispose();
            return null;
        }
        catch
        {
            locked.Dispose();
            throw;
        }
    }
}
