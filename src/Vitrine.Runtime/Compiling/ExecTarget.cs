using Microsoft.Win32.SafeHandles;

namespace Vitrine.Runtime;

/// <summary>The running container that a further process joins, named by its first process.</summary>
/// <param name="Pid">Host pid of the first process.</param>
/// <param name="PidFd">A pidfd of it, which stays true when the number is reused; owned by the caller and open until the launch.</param>
public sealed record ExecTarget(int Pid, SafeFileHandle PidFd)
{
    /// <summary>The container's id, for a seccomp agent.</summary>
    public string ContainerId { get; init; } = "";

    /// <summary>Its bundle, for a seccomp agent.</summary>
    public string BundlePath { get; init; } = "";
}
