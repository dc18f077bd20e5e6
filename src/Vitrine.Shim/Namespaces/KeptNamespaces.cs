using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Shim.Namespaces;

/// <summary>Namespaces that outlive their processes: each is bound to a file (namespaces(7)), in the mount namespace of who asked for it.</summary>
internal static class KeptNamespaces
{
    /// <param name="request">Which kinds, and the files.</param>
    /// <param name="pid">The process that is in them, and waits.</param>
    /// <exception cref="LinuxException">A file is not there, or the kernel refused.</exception>
    public static void Bind(NamespaceRequest request, int pid)
    {
        foreach (var file in request.Kept)
            MountTable.Mount($"/proc/{pid}/ns/{Link(file.Kind, request.Forks)}", file.Path, null, MountFlags.Bind);
    }

    /// <summary>A time namespace is that of children, until a program is executed.</summary>
    private static string Link(NamespaceKind kind, bool isInside) =>
        kind == NamespaceKind.Time && !isInside ? "time_for_children" : NamespaceId.FileName(kind);
}
