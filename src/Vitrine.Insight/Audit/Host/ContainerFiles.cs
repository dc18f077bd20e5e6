using System.Text;
using Vitrine.Linux;

namespace Vitrine.Insight.Audit;

/// <summary>
/// Looks at files of a container from outside, through /proc/PID/root: only what they are, never what is in them, and no link
/// leads out.
/// </summary>
internal class ContainerFiles(string procRoot, int pid)
{
    /// <summary>What a path inside is; null where it is not there, or the root may not be entered by this reader.</summary>
    public virtual FileStatus? Look(string path)
    {
        try
        {
            using var root = FileAt.OpenDirectory($"{procRoot}/{pid}/root");
            if (FileAt.TryOpen(root, Encoding.UTF8.GetBytes(path), OpenFlags.PathOnly, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, 0, out var file) != Errno.None)
                return null;
            using (file)
                return FileAt.TryStatus(file!, default, out var status) == Errno.None ? status : null;
        }
        catch (LinuxException)
        {
            return null;
        }
    }
}
