using System.Globalization;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>
/// A copy of a part of the host's files in which every owner shows as another (mount_setattr(2), MOUNT_ATTR_IDMAP). The kernel
/// takes the map from a user namespace, and takes it only from a process with rights over the filesystem: the launcher.
/// </summary>
internal sealed record IdMappedMount
{
    public IdMappedMount(string source, bool recursive, bool mapsRecursively, Mount mount, LinuxSpec? linux)
    {
        Source = source;
        Recursive = recursive;
        MapsRecursively = mapsRecursively;
        var own = mount.UidMappings is { Count: > 0 };
        UidMap = Lines(own ? mount.UidMappings : linux?.UidMappings);
        GidMap = Lines(own ? mount.GidMappings : linux?.GidMappings);
        var user = linux?.Namespaces?.FirstOrDefault(item => item.Type == "user");
        NamespacePath = own || string.IsNullOrEmpty(user?.Path) ? null : user.Path;
    }

    /// <summary>An absolute path of the host.</summary>
    public string Source { get; }

    /// <summary>Whether the mounts below it are copied too.</summary>
    public bool Recursive { get; }

    /// <summary>Whether the owners of files on the mounts below it change too.</summary>
    public bool MapsRecursively { get; }

    /// <summary>Lines of /proc/PID/uid_map.</summary>
    public string UidMap { get; }

    /// <inheritdoc cref="UidMap"/>
    public string GidMap { get; }

    /// <summary>The user namespace that has the map already, or null where one is made for it.</summary>
    public string? NamespacePath { get; }

    /// <summary>For <c>--explain</c>.</summary>
    public override string ToString()
    {
        var map = NamespacePath is null ? $"uids {OneLine(UidMap)}, gids {OneLine(GidMap)}" : $"as {NamespacePath}";
        return $"open_tree(\"{Source}\"), mount_setattr(MOUNT_ATTR_IDMAP, {map}) by the parent";
    }

    /// <summary>Mappings as the kernel reads them: one line each, inside, outside, count (user_namespaces(7)).</summary>
    public static string Lines(IReadOnlyList<IdMapping>? mappings) =>
        string.Concat((mappings ?? []).Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.ContainerId} {m.HostId} {m.Size}\n")));

    private static string OneLine(string map) => map.TrimEnd('\n').Replace('\n', ',');
}
