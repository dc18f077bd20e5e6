using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Insight.Audit;

/// <summary>
/// Looks at files of a container from outside, through /proc/PID/root: only what they are, never what is in them, and no link
/// leads out.
/// </summary>
internal class ContainerFiles(string procRoot, int pid) : IDisposable
{
    private SafeFileHandle? root;
    private bool isRefused;

    /// <summary>What a path inside is; null where it is not there, or the root may not be entered by this reader.</summary>
    public virtual FileStatus? Look(string path)
    {
        if (Root() is not { } directory)
            return null;
        if (FileAt.TryOpen(directory, Encoding.UTF8.GetBytes(path), OpenFlags.PathOnly, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, 0, out var file) != Errno.None)
            return null;
        using (file)
            return FileAt.TryStatus(file!, default, out var status) == Errno.None ? status : null;
    }

    public void Dispose()
    {
        root?.Dispose();
        GC.SuppressFinalize(this);
    }

    private SafeFileHandle? Root()
    {
        if (root is not null || isRefused)
            return root;
        try
        {
            root = FileAt.OpenDirectory($"{procRoot}/{pid}/root");
        }
        catch (LinuxException)
        {
            isRefused = true; // It is gone, or another user's.
        }

        return root;
    }
}
