using System.Globalization;
using Vitrine.Linux.Proc;

namespace Vitrine.Linux;

/// <summary>
/// Takes a wait out of the start of containers. Forks take no lock as long as nobody moves processes between cgroups; the
/// first to move one waits until every processor has noticed (an RCU grace period, 4 to 10 ms), those who follow within
/// about that time do not. Whoever knows early that a process will be moved can wait ahead, beside other work.
/// </summary>
public static class CgroupAnticipation
{
    /// <summary>
    /// Moves this process into the cgroup it is in already, which changes nothing but the above. Blocks for the wait: call it on a
    /// thread of its own. Failures are nobody's concern: the wait then comes later.
    /// </summary>
    public static void Anticipate()
    {
        try
        {
            var layout = CgroupLayout.Read();
            var memberships = CgroupMembership.Parse(File.ReadAllBytes("/proc/self/cgroup"));
            foreach (var hierarchy in layout.Hierarchies)
            {
                if (Find(memberships, hierarchy) is not { } path || path.StartsWith("/..", StringComparison.Ordinal))
                    continue;
                var pid = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
                CgroupFile.TryWrite($"{hierarchy.MountPoint}{path.TrimEnd('/')}/cgroup.procs", pid);
                return;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No cgroups to see here.
        }
    }

    private static string? Find(IReadOnlyList<CgroupMembership> memberships, CgroupHierarchy hierarchy)
    {
        foreach (var membership in memberships)
            if (hierarchy.Version == 2 ? membership.IsV2 : membership.Controllers.Intersect(hierarchy.Controllers).Any())
                return membership.Path;
        return null;
    }
}
