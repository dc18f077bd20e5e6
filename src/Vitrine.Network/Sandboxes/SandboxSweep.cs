using Vitrine.Linux;

namespace Vitrine.Network;

/// <summary>
/// Finds what killed shims have left. A sandbox is alive while a shim holds its lock; the kernel lets go of that whatever
/// happens to the shim. The caller holds the store's lock.
/// </summary>
public static class SandboxSweep
{
    /// <summary>The state of every sandbox that somebody lives in.</summary>
    public static List<SandboxState> Living(NetworkPaths paths)
    {
        var living = new List<SandboxState>();
        foreach (var id in Ids(paths))
        {
            if (IsAlive(paths, id) && SandboxState.Read(paths.SandboxState(id)) is { } state)
                living.Add(state);
        }
        return living;
    }

    /// <summary>Removes the sandboxes that nobody lives in, and leases without a sandbox.</summary>
    /// <returns>How many things were removed.</returns>
    public static int Run(NetworkPaths paths)
    {
        var removed = 0;
        foreach (var id in Ids(paths))
        {
            if (IsAlive(paths, id))
                continue;
            Remove(paths, id);
            removed++;
        }
        return removed + SweepLeases(paths);
    }

    /// <summary>
    /// Removes what a sandbox has on the host: elements, leases, tracked connections, its directory. Its interfaces go with the
    /// namespace, which the kernel takes down after the last process; to delete them by hand would wait for the same.
    /// </summary>
    public static void Remove(NetworkPaths paths, string id)
    {
        if (SandboxState.Read(paths.SandboxState(id)) is { } state)
            Undo(paths, state);
        if (Directory.Exists(paths.Sandbox(id)))
            FileTree.Delete(paths.Sandbox(id));
    }

    public static bool IsAlive(NetworkPaths paths, string id) => FileLock.IsHeld(paths.SandboxLock(id), LockMode.Exclusive);

    private static void Undo(NetworkPaths paths, SandboxState state)
    {
        if (state.Ports.Count > 0)
        {
            using var firewall = new Firewall(paths);
            firewall.Remove(state.Ports);
        }
        foreach (var endpoint in state.Endpoints)
            Leases.Release(paths, endpoint.NetworkId, endpoint.Ip, endpoint.Ip6);
        TrackedPorts.Forget(state.Ports);
    }

    private static int SweepLeases(NetworkPaths paths)
    {
        var removed = 0;
        if (!Directory.Exists(paths.Leases))
            return 0;
        foreach (var directory in Directory.GetDirectories(paths.Leases))
        {
            foreach (var file in Directory.GetFiles(directory))
            {
                if (Path.GetFileName(file)[0] != '.' && JsonMap.ReadFile(file) is { } json && IsAlive(paths, json.Text("container")))
                    continue;
                File.Delete(file);
                removed++;
            }
        }
        return removed;
    }

    private static List<string> Ids(NetworkPaths paths)
    {
        var ids = new List<string>();
        if (Directory.Exists(paths.Sandboxes))
        {
            foreach (var directory in Directory.GetDirectories(paths.Sandboxes))
                ids.Add(Path.GetFileName(directory));
        }
        return ids;
    }
}
