using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Engine.Docker;
using Vitrine.Linux;

namespace Vitrine.Engine.Files;

/// <summary>
/// The files of a container with everything that is mounted in it, from its root directory on. Every path is resolved by the kernel
/// with that directory as root (RESOLVE_IN_ROOT): no link and no rename in the container leads out of it.
/// </summary>
/// <param name="root">The root directory.</param>
/// <param name="holds">What keeps it there: a mount namespace, a lock.</param>
internal sealed class ContainerTree(SafeFileHandle root, params IDisposable?[] holds) : IDisposable
{
    private const ResolveFlags Inside = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks;
    private const int MaxLinks = 255;

    public SafeFileHandle Root => root;

    /// <summary>What is at a path; null if nothing is. A link at the end is itself, unless the path ends with a slash.</summary>
    /// <exception cref="LinuxException">ENOTDIR, ELOOP and the like.</exception>
    public FileStatus? Status(ContainerPath path)
    {
        using var found = TryOpen(path.Text, OpenFlags.PathOnly | OpenFlags.NoFollow);
        return found is null ? null : FileAt.Status(found, default);
    }

    /// <summary>Docker's record of what is at a path; null if nothing is.</summary>
    public PathStat? Stat(ContainerPath path) => Status(path) is not { } status ? null : new PathStat
    {
        Name = path.Base,
        Size = (long)status.Size,
        Mode = PathStat.GoMode(status),
        Mtime = DockerTime.Format(DateTimeOffset.FromUnixTimeSeconds(status.Modified.Seconds).AddTicks(status.Modified.Nanoseconds / 100)),
        LinkTarget = status.Kind == FileKind.Symlink ? FollowAsText(path.Text) : "",
    };

    /// <summary>Opens a directory, links followed; null if there is nothing at that path.</summary>
    /// <exception cref="LinuxException">ENOTDIR: something else is.</exception>
    public SafeFileHandle? TryOpenDirectory(string path) => TryOpen(path, OpenFlags.Directory);

    public void Dispose()
    {
        root.Dispose();
        foreach (var held in holds)
            held?.Dispose();
    }

    private SafeFileHandle? TryOpen(string path, OpenFlags flags)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        var error = FileAt.TryOpen(root, bytes, flags, Inside, 0, out var found);
        return error switch
        {
            Errno.None => found,
            Errno.ENOENT => null,
            _ => throw new LinuxException("open", path, error),
        };
    }

    /// <summary>Where a path leads when every link is followed, as far as that exists: for people to read, not to open.</summary>
    private string FollowAsText(string path)
    {
        var done = "";
        var pending = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        for (var links = 0; pending.TryPop(out var part);)
        {
            if (part is "." or "..")
            {
                done = part == "." ? done : done[..Math.Max(0, done.LastIndexOf('/'))];
                continue;
            }

            var next = $"{done}/{part}";
            if (links < MaxLinks && ReadLink(next) is { } target)
            {
                links++;
                done = target.StartsWith('/') ? "" : done;
                foreach (var piece in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                    pending.Push(piece);
                continue;
            }

            done = next;
        }

        return done.Length == 0 ? "/" : done;
    }

    private string? ReadLink(string path)
    {
        if (FileAt.TryOpen(root, Encoding.UTF8.GetBytes(path), OpenFlags.PathOnly | OpenFlags.NoFollow, Inside, 0, out var found) != Errno.None)
            return null;
        using (found)
            return FileAt.TryReadLink(found!, default, out var target) == Errno.None ? Encoding.UTF8.GetString(target) : null;
    }
}
