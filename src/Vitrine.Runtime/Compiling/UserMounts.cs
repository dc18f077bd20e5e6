using System.Globalization;
using Vitrine.Linux.Proc;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>
/// Mounts as a user namespace may make them (user_namespaces(7), Interaction with mounts): a filesystem that shows a namespace is
/// mounted anew only by whom that namespace belongs to, so the host's own mount is bound where the namespace is the host's.
/// </summary>
internal static class UserMounts
{
    public static Mount Adapt(Mount mount, NamespacePlan plan, LinuxSpec? linux)
    {
        if (!plan.Has(NamespaceKind.User))
            return mount;
        return mount.Type switch
        {
            "sysfs" when IsForeign(plan, NamespaceKind.Network) => Bound(mount, "/sys", readOnly: true),
            "proc" when IsForeign(plan, NamespaceKind.Pid) => Bound(mount, "/proc", readOnly: false),
            "mqueue" when IsForeign(plan, NamespaceKind.Ipc) => Bound(mount, "/dev/mqueue", readOnly: false),
            "devpts" when plan.Makes(NamespaceKind.User) => mount with { Options = [.. (mount.Options ?? []).Where(option => IsMapped(option, linux?.GidMappings))] },
            _ => mount,
        };
    }

    /// <summary>Whether the namespace was there before the user namespace, and so belongs to another.</summary>
    private static bool IsForeign(NamespacePlan plan, NamespaceKind kind) => plan.Makes(NamespaceKind.User) ? !plan.Makes(kind) : !plan.Has(kind);

    private static Mount Bound(Mount mount, string source, bool readOnly)
    {
        // What belongs to the filesystem is not an option of a bind, which has flags only.
        var flags = (mount.Options ?? []).Where(option => option is "nosuid" or "nodev" or "noexec" or "ro");
        return mount with { Type = "bind", Source = source, Options = readOnly ? ["rbind", "rro", .. flags] : ["rbind", .. flags] };
    }

    /// <summary>False for <c>gid=5</c>, the host's group of terminals, where the namespace has no such group.</summary>
    private static bool IsMapped(string option, IReadOnlyList<IdMapping>? mappings)
    {
        if (!option.StartsWith("gid=", StringComparison.Ordinal) || !uint.TryParse(option.AsSpan(4), CultureInfo.InvariantCulture, out var group))
            return true;
        foreach (var mapping in mappings ?? [])
            if (group >= mapping.ContainerId && group - mapping.ContainerId < mapping.Size)
                return true;
        return false;
    }
}
