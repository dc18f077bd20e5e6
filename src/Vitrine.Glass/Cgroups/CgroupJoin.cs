using Vitrine.Insight.Control;
using Vitrine.Linux;

namespace Vitrine.Glass.Cgroups;

/// <summary>Moves processes into cgroups, and says why that is refused.</summary>
internal static class CgroupJoin
{
    /// <summary>Moves a process with all its threads; itself only where it will go on running there.</summary>
    /// <exception cref="VitrineException">Conflict or NotFound, in words.</exception>
    public static void Enter(ControlGroup group, int pid)
    {
        if (pid == Environment.ProcessId && ControlNode.IsFrozen(group) == true)
            throw new VitrineException(ErrorKind.Conflict, $"{group.Path} is frozen: what joins it stands still. 'vitrine cgroup set {group.Name} cgroup.freeze=0' lets it run");
        try
        {
            group.Join(pid);
        }
        catch (LinuxException e)
        {
            throw new VitrineException(e.Errno is Errno.ESRCH or Errno.ENOENT ? ErrorKind.NotFound : ErrorKind.Conflict, $"{e.Message}{Reason(e.Errno)}", e);
        }
    }

    private static string Reason(Errno errno) => errno switch
    {
        Errno.ESRCH => ": there is no such process, or it has ended",
        Errno.ENOSPC => ": its cpuset has no processors or no memory nodes; set cpuset.cpus and cpuset.mems first",
        Errno.EBUSY => ": it passes controllers on to cgroups below it, and may then have no processes itself (the rule of v2); join one below it",
        Errno.EOPNOTSUPP => ": it is a threaded cgroup, or has one above it that is not valid",
        Errno.EINVAL => ": threads of the kernel stay in the root cgroup",
        Errno.EACCES or Errno.EPERM => ": moving needs write access to the cgroup.procs of both and of the cgroup above them",
        _ => "",
    };
}
