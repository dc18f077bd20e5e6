namespace Vitrine.Runtime;

/// <summary>
/// Runs setup programs. Only for single-threaded, ahead-of-time compiled processes: the copy of a process in which another
/// thread held a lock or collected garbage would wait for it for ever.
/// </summary>
public static class Launcher
{
    /// <summary>Clones, joins the cgroup, and waits until the command was executed. The process becomes a child of this one.</summary>
    /// <param name="program">What to run; may be launched again.</param>
    /// <param name="io">What becomes fds 0 to 2; ignored where the program has a terminal.</param>
    /// <param name="cgroup">The cgroup to join before the process may do anything of its own; the caller's own where null.</param>
    /// <param name="events">What to do at certain points.</param>
    /// <exception cref="SetupException">An instruction failed; nothing of the process is left.</exception>
    public static LaunchedProcess Launch(SetupProgram program, StandardIo io, ContainerCgroup? cgroup, LaunchEvents? events = null)
    {
        using var launch = new Launch(program, io, cgroup, events ?? LaunchEvents.None);
        return launch.Run();
    }
}
