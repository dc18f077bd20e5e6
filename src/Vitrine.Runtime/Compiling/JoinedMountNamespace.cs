using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Runtime;

/// <summary>
/// A mount namespace that is joined by path becomes the container's, as with runc and crun: everything is mounted there, and who lives in
/// it finds the container's root in place of the one before. It must not be the host's.
/// </summary>
internal static class JoinedMountNamespace
{
    // The runtime's own one, and that of the host's first process, where it may be looked at.
    private static readonly string[] s_hosts = ["/proc/self/ns/mnt", "/proc/1/ns/mnt"];

    /// <exception cref="VitrineException">It is the host's.</exception>
    public static void Demand(NamespacePlan plan)
    {
        foreach (var (kind, path) in plan.Joined)
        {
            if (kind == NamespaceKind.Mount && Identity(path) is { } joined && s_hosts.Any(host => Identity(host) == joined))
                throw Invalid.Configuration($"linux.namespaces: {path} is the host's mount namespace, whose root the container's would take the place of");
        }
    }

    private static FileIdentity? Identity(string path)
    {
        try
        {
            return FileIdentity.Of(path);
        }
        catch (LinuxException)
        {
            // Nobody to tell; what cannot be opened fails where it is to be joined.
            return null;
        }
    }
}
