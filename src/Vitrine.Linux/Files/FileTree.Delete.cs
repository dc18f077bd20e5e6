using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>Whole trees of files, walked by directory handles so that nothing that changes under the walk can lead it astray.</summary>
public static partial class FileTree
{
    // Deeper directories are first moved to the top of the tree: handles and stack stay bounded whatever a container nested.
    private const int MaxOpenLevels = 64;

    private const OpenFlags ForWalk = OpenFlags.Directory | OpenFlags.NoFollow;
    private const ResolveFlags SameMount = ResolveFlags.NoCrossMount | ResolveFlags.NoSymlinks;

    /// <summary>
    /// Deletes <paramref name="path"/> and everything in it. Symbolic links are removed, never followed; a mount point inside
    /// is an error and what it holds is not touched. A path that does not exist is no error.
    /// </summary>
    /// <exception cref="LinuxException">Something could not be removed: EXDEV or EBUSY at a mount point, EPERM at an immutable file.</exception>
    public static void Delete(string path)
    {
        var whole = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(whole) is not { } parent)
            throw new ArgumentException("The root of the file system is not deleted.", nameof(path));
        if (!Directory.Exists(parent))
            return;
        using var directory = FileAt.OpenDirectory(parent);
        Delete(directory, Encoding.UTF8.GetBytes(Path.GetFileName(whole)));
    }

    /// <summary>Deletes the entry <paramref name="name"/> of a directory and everything in it, as <see cref="Delete(string)"/>.</summary>
    public static void Delete(SafeFileHandle parent, ReadOnlySpan<byte> name)
    {
        if (FileAt.TryStatus(parent, name, out var status) == Errno.ENOENT)
            return;
        if (status.Kind == FileKind.Directory)
            new Deletion().RemoveTree(parent, name, 0);
        else if (FileAt.TryUnlink(parent, name) is var error and not (Errno.None or Errno.ENOENT))
            throw FileAt.Failure("unlink", parent, name, error);
    }

    /// <summary>One deletion: the top of its tree, and how many deep directories were moved there.</summary>
    private sealed class Deletion
    {
        private const int MaxPasses = 3;

        private SafeFileHandle? _top;
        private int _moved;

        /// <summary>Removes a directory whose parent is <paramref name="level"/> handles deep.</summary>
        public void RemoveTree(SafeFileHandle parent, ReadOnlySpan<byte> name, int level)
        {
            var opened = FileAt.TryOpen(parent, name, ForWalk, SameMount, 0, out var directory);

            // Another process deletes the same tree.
            if (opened == Errno.ENOENT)
                return;
            if (opened != Errno.None)
                throw FileAt.Failure("delete", parent, name, opened);
            using (directory)
            {
                _top ??= directory!;
                for (var pass = 1; ; pass++)
                {
                    var moved = _moved;
                    Empty(directory!, level + 1);
                    var error = FileAt.TryRemoveDirectory(parent, name);
                    if (error is Errno.None or Errno.ENOENT)
                        return;

                    // Not empty: directories were moved here, or somebody still writes.
                    if (error != Errno.ENOTEMPTY || (moved == _moved && pass >= MaxPasses))
                        throw FileAt.Failure("rmdir", parent, name, error);
                    FileAt.Rewind(directory!);
                }
            }
        }

        private void Empty(SafeFileHandle directory, int level)
        {
            using var entries = new DirectoryReader(directory);
            while (entries.MoveNext())
                Remove(directory, entries.Name, entries.Kind, level);
        }

        private void Remove(SafeFileHandle parent, ReadOnlySpan<byte> name, FileKind kind, int level)
        {
            // unlink(2) of a directory is EISDIR on Linux.
            var error = kind == FileKind.Directory ? Errno.EISDIR : FileAt.TryUnlink(parent, name);
            if (error is Errno.None or Errno.ENOENT)
                return;
            if (error != Errno.EISDIR)
                throw FileAt.Failure("unlink", parent, name, error);
            if (level >= MaxOpenLevels)
                MoveToTop(parent, name);
            else
                RemoveTree(parent, name, level);
        }

        private void MoveToTop(SafeFileHandle parent, ReadOnlySpan<byte> name)
        {
            var unique = Encoding.ASCII.GetBytes($".delete-{_moved++}-{Entropy.NewId().AsSpan(0, 12)}");
            var error = FileAt.TryRename(parent, name, _top!, unique, RenameFlags.NoReplace);
            if (error is not (Errno.None or Errno.ENOENT))
                throw FileAt.Failure("rename", parent, name, error);
        }
    }
}
