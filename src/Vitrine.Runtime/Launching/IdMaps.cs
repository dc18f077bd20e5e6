using System.Globalization;
using System.Text;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>
/// Writes the id maps of a new user namespace (user_namespaces(7)), which its parent namespace must do: root as he likes, anybody
/// else his own id alone, and by newuidmap(1) and newgidmap(1) those that the administrator gave him in /etc/subuid and /etc/subgid.
/// </summary>
internal static class IdMaps
{
    /// <exception cref="SetupException">A map is not allowed.</exception>
    public static void Write(int pid, SetupProgram program)
    {
        if (program.UidMap.Length > 0)
            WriteMap(pid, "uid_map", program.UidMap, ThisProcess.UserId, "newuidmap", "/etc/subuid");
        if (program.SetGroups is { } rule)
            WriteFile($"/proc/{pid}/setgroups", rule);
        else if (ThisProcess.UserId != 0 && IsAlone(program.GidMap, ThisProcess.GroupId))
            // Who may drop groups could get at what a group is kept from: the kernel wants that given up first.
            WriteFile($"/proc/{pid}/setgroups", "deny");
        if (program.GidMap.Length > 0)
            WriteMap(pid, "gid_map", program.GidMap, ThisProcess.GroupId, "newgidmap", "/etc/subgid");
    }

    /// <summary>What an id of the container is on the host: itself where nothing maps it.</summary>
    public static uint HostId(uint id, IReadOnlyList<IdMapping>? mappings)
    {
        foreach (var mapping in mappings ?? [])
            if (id >= mapping.ContainerId && id - mapping.ContainerId < mapping.Size)
                return mapping.HostId + (id - mapping.ContainerId);
        return id;
    }

    private static void WriteMap(int pid, string file, string map, uint own, string helper, string ranges)
    {
        if (ThisProcess.UserId == 0 || IsAlone(map, own))
            WriteFile($"/proc/{pid}/{file}", map);
        else
            RunHelper(helper, ranges, pid, map);
    }

    private static bool IsAlone(string map, uint own) =>
        map.TrimEnd('\n').Split(' ') is [_, var outside, "1"] && uint.TryParse(outside, out var id) && id == own;

    private static void RunHelper(string helper, string ranges, int pid, string map)
    {
        try
        {
            var run = Spawn.Run([helper, pid.ToString(CultureInfo.InvariantCulture), .. map.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)]);
            if (run.Status.Code == 0)
                return;
            var reason = Encoding.UTF8.GetString(run.Errors).Trim();
            throw new SetupException($"unable to start container process: {helper}: {reason}: the ranges must be yours by {ranges}");
        }
        catch (LinuxException e)
        {
            var way = e.Errno == Errno.ENOENT ? "install it (Debian: uidmap), or map your own id alone" : "it must be setuid root";
            throw new SetupException($"unable to start container process: {e.Message}: {way}", cause: e);
        }
    }

    private static void WriteFile(string path, string map)
    {
        try
        {
            // One write: the kernel takes the map whole and only once.
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
            RandomAccess.Write(file, Encoding.ASCII.GetBytes(map), 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"unable to start container process: write {path}: {e.Message}", cause: e);
        }
    }
}
