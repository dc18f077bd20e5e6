namespace Vitrine.Linux.Proc;

/// <summary>The eight kinds of namespaces (namespaces(7)).</summary>
public enum NamespaceKind
{
    User,
    Pid,
    Mount,
    Network,
    Uts,
    Ipc,
    Cgroup,
    Time,
}

/// <summary>One namespace: two processes are in the same one when kind and inode are equal.</summary>
public readonly record struct NamespaceId(NamespaceKind Kind, ulong Inode)
{
    /// <summary>All kinds, in the order in which they are explained.</summary>
    public static IReadOnlyList<NamespaceKind> Kinds { get; } =
    [
        NamespaceKind.User, NamespaceKind.Pid, NamespaceKind.Mount, NamespaceKind.Network,
        NamespaceKind.Uts, NamespaceKind.Ipc, NamespaceKind.Cgroup, NamespaceKind.Time,
    ];

    /// <summary>The kernel's short name, which is also the file name in /proc/PID/ns.</summary>
    public static string FileName(NamespaceKind kind) => kind switch
    {
        NamespaceKind.User => "user",
        NamespaceKind.Pid => "pid",
        NamespaceKind.Mount => "mnt",
        NamespaceKind.Network => "net",
        NamespaceKind.Uts => "uts",
        NamespaceKind.Ipc => "ipc",
        NamespaceKind.Cgroup => "cgroup",
        _ => "time",
    };

    /// <summary>Reads the target of a link in /proc/PID/ns, for example <c>mnt:[4026531832]</c>.</summary>
    public static bool TryParse(NamespaceKind kind, string link, out NamespaceId id)
    {
        id = default;
        var name = FileName(kind);
        if (!link.StartsWith(name, StringComparison.Ordinal) || !link.EndsWith(']'))
            return false;
        if (link.AsSpan(name.Length) is not [':', '[', .. var digits, ']'] || !ulong.TryParse(digits, out var inode))
            return false;
        id = new NamespaceId(kind, inode);
        return true;
    }

    /// <summary>As the kernel writes it: <c>mnt:[4026531832]</c>.</summary>
    public override string ToString() => $"{FileName(Kind)}:[{Inode}]";
}
