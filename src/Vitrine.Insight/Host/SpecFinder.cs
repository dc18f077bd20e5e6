using Vitrine.Insight.Stores;
using Vitrine.Oci.Runtime;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Insight.Host;

/// <summary>
/// Finds a container's OCI specification where its engine leaves it: there are the seccomp rules and device rules that the
/// kernel does not give back.
/// </summary>
internal static class SpecFinder
{
    /// <summary>Where engines keep the bundle of a container, by id.</summary>
    private static readonly string[] Places =
    [
        "/run/containerd/io.containerd.runtime.v2.task/moby/{0}/config.json",
        "/run/containerd/io.containerd.runtime.v2.task/k8s.io/{0}/config.json",
        "/run/containerd/io.containerd.runtime.v2.task/default/{0}/config.json",
        "/run/containers/storage/overlay-containers/{0}/userdata/config.json",
        "/var/lib/containers/storage/overlay-containers/{0}/userdata/config.json",
    ];

    /// <summary>The specification and its path, or nulls where there is none that can be read.</summary>
    /// <param name="hinted">The path the caller knows, which is then the only one looked at.</param>
    /// <param name="id">The container's full id, as its cgroup names it.</param>
    /// <param name="hostRoot">Put before the engines' places.</param>
    public static (Spec? Spec, string? Path) Find(string? hinted, string? id, string hostRoot)
    {
        if (hinted is not null)
            return (ReadHinted(hinted), hinted);
        if (id is null || id.Contains('/'))
            return (null, null);
        foreach (var place in Places)
        {
            var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, place, id);
            if (Read(hostRoot, path) is { } spec)
                return (spec, path);
        }

        return (null, null);
    }

    /// <summary>A path through an engine's own root, /proc/PID/root/..., stays below that.</summary>
    private static Spec? ReadHinted(string path)
    {
        const string throughRoot = "/root/";
        var end = path.Contains("/proc/", StringComparison.Ordinal) ? path.IndexOf(throughRoot, StringComparison.Ordinal) + throughRoot.Length - 1 : 0;
        return end < throughRoot.Length ? Read("", path) : Read(path[..end], path[end..]);
    }

    // The specification only adds to what the kernel tells: without it, or with one that is no JSON, less is explained.
    private static Spec? Read(string root, string path)
    {
        using var files = new StoreFiles(root);
        return files.Read(path, SpecReader.Read);
    }
}
