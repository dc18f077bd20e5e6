using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Namespaces;

/// <summary>What each kind isolates, in a sentence (namespaces(7)).</summary>
public static class NamespaceMeanings
{
    public static string Of(NamespaceKind kind) => kind switch
    {
        NamespaceKind.User => "Numbers of users and groups, and what capabilities count for: root here is somebody else outside.",
        NamespaceKind.Pid => "Process numbers: those inside see only each other, from pid 1 on; when that ends, the kernel kills the rest.",
        NamespaceKind.Mount => "The mount table: what is mounted inside is not seen outside, unless a mount is shared.",
        NamespaceKind.Network => "Interfaces, addresses, routes, ports, firewall rules and abstract sockets.",
        NamespaceKind.Uts => "The host name and the NIS domain name.",
        NamespaceKind.Ipc => "System V shared memory, semaphores and queues, and POSIX message queues.",
        NamespaceKind.Cgroup => "Which cgroup is seen as the root of the tree.",
        _ => "Offsets of the monotonic clock and of the clock since boot.",
    };
}
