using Vitrine.Linux;

namespace Vitrine.Engine.Running;

/// <summary>Ends what a lost shim has left running, and lists what runs. Only cgroups that a record names as its own are touched.</summary>
internal static class CgroupCleaner
{
    /// <summary>Kills everything in a cgroup and removes it; one that does not exist is fine.</summary>
    public static void Clear(string path)
    {
        var cgroup = Cgroup.Open(path);
        if (!cgroup.Layout.Hierarchies.Any(hierarchy => Directory.Exists(cgroup.DirectoryIn(hierarchy))))
            return;
        cgroup.KillAll();
        cgroup.Delete();
    }

    /// <summary>Pids of all processes in a cgroup and below it.</summary>
    public static IReadOnlySet<int> Processes(string path) => Cgroup.Open(path).Processes().ToHashSet();
}
