using System.Text;
using Vitrine.Engine.Docker;
using Vitrine.Images.Layers;

namespace Vitrine.Engine.Files;

/// <summary>A file or directory of a container, ready to be read as a tar archive.</summary>
public sealed class ContainerArchive : IDisposable
{
    private readonly ContainerTree _tree;
    private readonly ContainerPath _path;

    private ContainerArchive(ContainerTree tree, ContainerPath path, PathStat stat)
    {
        _tree = tree;
        _path = path;
        Stat = stat;
    }

    /// <summary>What it is.</summary>
    public PathStat Stat { get; }

    /// <summary>Takes the tree over; null, with the tree disposed, if nothing is at the path.</summary>
    internal static ContainerArchive? TryOpen(ContainerTree tree, ContainerPath path)
    {
        try
        {
            if (tree.Stat(path) is { } stat)
                return new ContainerArchive(tree, path, stat);
        }
        catch
        {
            tree.Dispose();
            throw;
        }

        tree.Dispose();
        return null;
    }

    /// <summary>Writes the archive: of a directory it and all below it, named after the last part of the path.</summary>
    /// <param name="output">Written by blocking writes on a thread of its own; stays open.</param>
    /// <param name="cancellation">Honoured between files and pieces of files.</param>
    public Task WriteToAsync(Stream output, CancellationToken cancellation = default) => WriteToAsync(output, _path.Base, cancellation);

    /// <summary>As <see cref="WriteToAsync(Stream, CancellationToken)"/>, under another name; "." for what is in a directory.</summary>
    public Task WriteToAsync(Stream output, string name, CancellationToken cancellation = default) =>
        Blocking.Run(() => Write(output, Encoding.UTF8.GetBytes(name), cancellation), cancellation);

    public void Dispose() => _tree.Dispose();

    private void Write(Stream output, byte[] archivedAs, CancellationToken cancellation)
    {
        using var directory = _tree.TryOpenDirectory(Stat.IsDirectory ? _path.Text : _path.Directory)
            ?? throw new VitrineException(ErrorKind.NotFound, $"{_path.Text} has gone meanwhile");
        TreeArchive.Write(directory, Stat.IsDirectory ? "."u8 : Encoding.UTF8.GetBytes(_path.Base), archivedAs, output, cancellation);
    }
}
