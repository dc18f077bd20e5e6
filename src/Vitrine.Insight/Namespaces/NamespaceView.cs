using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Namespaces;

/// <summary>A namespace seen closely.</summary>
/// <param name="Namespace">Who is in it.</param>
/// <param name="Relations">Whose it is, and below which.</param>
/// <param name="Scope">Whether others than one container's processes are in it.</param>
/// <param name="Users">Of a user namespace, the map of users.</param>
/// <param name="Groups">Of a user namespace, the map of groups.</param>
public sealed record NamespaceView(
    HostNamespace Namespace, NamespaceRelations Relations, NamespaceScope Scope, IReadOnlyList<IdRange> Users, IReadOnlyList<IdRange> Groups)
{
    /// <summary>Asks the kernel for what the list does not hold.</summary>
    /// <param name="one">The namespace.</param>
    /// <param name="proc">Where maps are read.</param>
    public static NamespaceView Of(HostNamespace one, ProcFs proc)
    {
        var isUser = one is { Kind: NamespaceKind.User, Pids.Count: > 0 };
        return new NamespaceView(one, Ask(one, proc), ScopeOf(one),
            isUser ? Try(proc.UserMap, one.Pids[0]) : [], isUser ? Try(proc.GroupMap, one.Pids[0]) : []);
    }

    private static NamespaceScope ScopeOf(HostNamespace one)
    {
        if (one.IsHosts)
            return NamespaceScope.Host;
        return one.Containers.Count + (one.HoldsHostProcesses ? 1 : 0) > 1 ? NamespaceScope.Shared : NamespaceScope.Isolated;
    }

    private static NamespaceRelations Ask(HostNamespace one, ProcFs proc)
    {
        var link = one.Pids.Count > 0 ? proc.PathOf(one.Pids[0], $"ns/{NamespaceId.FileName(one.Kind)}") : one.File;
        try
        {
            return link is null ? NamespaceRelations.Unknown : NamespaceRelations.Of(link);
        }
        catch (LinuxException)
        {
            // Gone, or another user's: what is known of it stays.
            return NamespaceRelations.Unknown;
        }
    }

    private static IReadOnlyList<IdRange> Try(Func<int, IReadOnlyList<IdRange>?> read, int pid)
    {
        try
        {
            return read(pid) ?? [];
        }
        catch (LinuxException)
        {
            return [];
        }
    }
}
