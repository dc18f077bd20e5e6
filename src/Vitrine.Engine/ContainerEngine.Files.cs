using System.Text;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Files;
using Vitrine.Images.Layers;
using Vitrine.Linux;

namespace Vitrine.Engine;

/// <summary>How an archive is put into a container (PUT /containers/{id}/archive).</summary>
public sealed record PutArchiveOptions
{
    /// <summary>A directory is not replaced by something else, nor something else by a directory: that is an error.</summary>
    public bool NoOverwriteDirNonDir { get; init; }

    /// <summary>What is made belongs to the container's user, where it has one; otherwise the archive's owners are kept.</summary>
    public bool CopyUidGid { get; init; }
}

/// <content>The files of containers.</content>
public sealed partial class ContainerEngine
{
    /// <summary>What is at a path of a container, running or not; a symbolic link is itself.</summary>
    /// <exception cref="VitrineException">NotFound: no such container, or nothing at the path.</exception>
    public Task<PathStat> StatPathAsync(string container, string path, CancellationToken cancellation = default) => Blocking.Now(() =>
    {
        using var tree = _trees.OpenForReading(container, cancellation);
        return OnPath(path, () => tree.Stat(ContainerPath.Parse(path))) ?? throw NoSuchFile(container, path);
    }, cancellation);

    /// <summary>Opens a file or directory of a container, running or not, for reading as a tar archive. Dispose it.</summary>
    /// <exception cref="VitrineException">NotFound: no such container, or nothing at the path.</exception>
    public Task<ContainerArchive> GetArchiveAsync(string container, string path, CancellationToken cancellation = default) => Blocking.Now(() =>
    {
        var parsed = ContainerPath.Parse(path);
        var archive = OnPath(path, () => ContainerArchive.TryOpen(_trees.OpenForReading(container, cancellation), parsed)) ?? throw NoSuchFile(container, path);
        _happenings.Container(_containers.Get(container).Record, "archive-path", "path", path);
        return archive;
    }, cancellation);

    /// <summary>Unpacks a tar archive, plain, gzip or zstd, into a directory of a container, running or not.</summary>
    /// <param name="container">Name or id.</param>
    /// <param name="path">A directory that exists; links are followed.</param>
    /// <param name="archive">Read by blocking reads on a thread of its own; stays open.</param>
    /// <param name="put">How.</param>
    /// <param name="cancellation">Honoured between files; what was unpacked until then stays.</param>
    /// <exception cref="VitrineException">NotFound; Invalid: no directory, or not an archive; Denied: read-only.</exception>
    public Task PutArchiveAsync(string container, string path, Stream archive, PutArchiveOptions? put = null, CancellationToken cancellation = default) =>
        Blocking.Run(() => PutArchive(container, path, archive, put ?? new PutArchiveOptions(), cancellation), cancellation);

    /// <summary>Writes a container's whole root file system, without what is mounted in it, as a tar archive.</summary>
    /// <param name="container">Name or id; may run.</param>
    /// <param name="output">Written by blocking writes on a thread of its own; stays open.</param>
    /// <param name="cancellation">Honoured between files and pieces of files.</param>
    /// <exception cref="VitrineException">NotFound.</exception>
    public Task ExportAsync(string container, Stream output, CancellationToken cancellation = default) => Blocking.Run(() =>
    {
        using var tree = StoppedTree.OpenRootFs(_containers.Get(container).Record, _store.Paths);
        TreeArchive.WriteContent(tree.Root, output, cancellation);
        _happenings.Container(_containers.Get(container).Record, "export");
    }, cancellation);

    /// <summary>What a container has changed in its root file system since it was created, by path.</summary>
    /// <exception cref="VitrineException">NotFound.</exception>
    public Task<IReadOnlyList<FilesystemChange>> DiffAsync(string container, CancellationToken cancellation = default) =>
        Blocking.Now(() => ContainerChanges.Of(_containers.Get(container), _store.Paths, cancellation), cancellation);

    private void PutArchive(string container, string path, Stream archive, PutArchiveOptions put, CancellationToken cancellation)
    {
        var parsed = ContainerPath.Parse(path);
        var found = _containers.Get(container);
        // Of one that runs the kernel says so itself.
        if (found.Record.HostConfig.ReadonlyRootfs && found.State.Pid == 0 && !found.Record.Mounts.Any(mount => AbsolutePath.IsBelow(parsed.Text, mount.Destination)))
            throw new VitrineException(ErrorKind.Forbidden, $"container rootfs is marked read-only: {path}");
        using var tree = _trees.OpenForWriting(container, cancellation);
        using (var directory = OnPath(path, () => tree.TryOpenDirectory(parsed.Text)))
        {
            if (directory is null)
                throw NoSuchFile(container, path);
        }

        try
        {
            TreeArchive.Extract(tree.Root, Encoding.UTF8.GetBytes(parsed.Relative), archive, new TreeExtractOptions
            {
                Owner = put.CopyUidGid && found.Record.Config.User.Length > 0 ? Owner(found) : null,
                KeepKinds = put.NoOverwriteDirNonDir,
            }, cancellation);
            _happenings.Container(found.Record, "extract-to-dir", "path", path);
        }
        catch (LinuxException e) when (e.Errno is Errno.EROFS)
        {
            throw new VitrineException(ErrorKind.Forbidden, $"container rootfs or mounted volume is marked read-only: {path}", e);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOSPC or Errno.EDQUOT)
        {
            throw new VitrineException(ErrorKind.Unavailable, $"{path} in container {container}: {e.Errno.Describe()}", e);
        }
    }

    private (uint Uid, uint Gid) Owner(Running.Container found)
    {
        var user = ExecUser(found, found.Record.Config.User);
        return (user.Uid, user.Gid);
    }

    /// <summary>Errors of a path that a person gave are about that path, not about the engine's handles.</summary>
    private static T OnPath<T>(string path, Func<T> look)
    {
        try
        {
            return look();
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOTDIR)
        {
            throw new VitrineException(ErrorKind.Invalid, $"{path}: not a directory", e);
        }
        catch (LinuxException e) when (e.Errno is Errno.ELOOP or Errno.ENAMETOOLONG or Errno.EACCES)
        {
            throw new VitrineException(ErrorKind.Invalid, $"{path}: {e.Errno.Describe()}", e);
        }
    }

    private static VitrineException NoSuchFile(string container, string path) =>
        new(ErrorKind.NotFound, $"Could not find the file {path} in container {container}");
}
