namespace Vitrine.Runtime;

/// <summary>Runs setup programs. Only for single-threaded, ahead-of-time compiled processes.</summary>
public static class Launcher
{
    /// <summary>Clones, joins the cgroup, and waits until the command was executed.</summary>
    /// <exception cref="SetupException">An instruction failed; nothing of the process is left.</exception>
    public static LaunchedProcess Launch(SetupProgram program, StandardIo io, ContainerCgroup cgroup) => throw new NotImplementedException();
}
