using Vitrine.Linux;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine.Storage;

/// <summary>
/// Brings a container's state back to the truth after its shim was killed or the host was restarted: such a container is
/// exited with 255 and the reason. Done by whoever looks at it next.
/// </summary>
/// <param name="bootId">This boot's id.</param>
/// <param name="clearCgroup">Kills what is left in a cgroup and removes it.</param>
/// <param name="time">The clock.</param>
internal sealed class Repair(Func<string> bootId, Action<string> clearCgroup, TimeProvider time)
{
    /// <summary>Docker's code for a container whose end nobody saw.</summary>
    public const int LostExitCode = 255;

    /// <summary>Whether a state cannot be true any more: it speaks of a shim, and no shim holds the lock.</summary>
    public static bool IsNeeded(ContainerPaths paths, ContainerState state) => state.HasShim && !FileLock.IsHeld(paths.ShimLock);

    /// <summary>The true state, written to disk where it had to be corrected.</summary>
    /// <param name="paths">The container.</param>
    /// <param name="state">What state.json says.</param>
    /// <param name="cgroupPath">Where its processes are.</param>
    /// <param name="lost">Told of the state when it had to be corrected.</param>
    /// <param name="locked">Whether the caller holds the container's lock; otherwise it is taken if it is free.</param>
    public ContainerState Apply(ContainerPaths paths, ContainerState state, string cgroupPath, Action<ContainerState>? lost = null, bool locked = false)
    {
        if (!IsNeeded(paths, state))
            return state;
        using var mine = locked ? null : ContainerFiles.TryLock(paths);
        if (!locked && mine is null)
            return state;
        // The shim may have had its last word between the two looks.
        state = ContainerFiles.ReadState(paths);
        if (!IsNeeded(paths, state))
            return state;
        clearCgroup(cgroupPath);
        var repaired = Lost(state);
        ContainerFiles.WriteState(paths, repaired);
        if (Directory.Exists(paths.RunDirectory))
            FileTree.Delete(paths.RunDirectory);
        lost?.Invoke(repaired);
        return repaired;
    }

    private ContainerState Lost(ContainerState state) => state with
    {
        Status = ContainerStatus.Exited,
        Pid = 0,
        PidStartTime = 0,
        ShimPid = 0,
        ExitCode = LostExitCode,
        Signal = null,
        Error = state.BootId == bootId() ? "the container's shim was killed" : "the host was restarted while the container ran",
        FinishedAt = time.GetUtcNow(),
    };
}
