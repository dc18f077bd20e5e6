using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Shim.Namespaces;

/// <summary>Namespaces that outlive their processes: each is bound to a file (namespaces(7)), in the mount namespace of who asked for it.</summary>
internal static class KeptNamespaces
{
    /// <param name="request">Which kinds, and the files.</param>
    /// <param name="pid">The process that is in them, and waits.</param>
    /// <exception cref="LinuxException">A file is not there, or the kernel refused.</exception>
    /// <exception cref="VitrineException">Conflict: a mount namespace cannot be kept there.</exception>
    public static void Bind(NamespaceRequest request, int pid)
    {
        foreach (var file in request.Kept)
        {
            try
            {
                MountTable.Mount($"/proc/{pid}/ns/{Link(file.Kind, request.Forks)}", file.Path, null, MountFlags.Bind);
            }
            catch (LinuxException e) when (e.Errno == Errno.EINVAL && file.Kind == NamespaceKind.Mount)
            {
                // Against loops the kernel takes only one with a higher number than the caller's own; numbers come in lots to each processor.
                throw new VitrineException(ErrorKind.Conflict, $"{e.Message}: it must be on a mount that is not shared, and newer than the mount " +
                    "namespace it is kept in, which Linux 6.18 judges by numbers that each processor gives out for itself: try again, or pin both to one (taskset)", e);
            }
        }
    }

    /// <summary>A time namespace is that of children, until a program is executed.</summary>
    private static string Link(NamespaceKind kind, bool isInside) =>
        kind == NamespaceKind.Time && !isInside ? "time_for_children" : NamespaceId.FileName(kind);
}
