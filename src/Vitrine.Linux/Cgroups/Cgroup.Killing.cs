using System.Runtime.InteropServices;

namespace Vitrine.Linux;

public sealed partial class Cgroup
{
    private static readonly TimeSpan s_killPatience = TimeSpan.FromSeconds(10);

    /// <summary>Kills every process in it and below it, and returns when none is left.</summary>
    /// <exception cref="LinuxException">EBUSY where a process survives for ten seconds, as in uninterruptible sleep.</exception>
    public void KillAll()
    {
        var deadline = Environment.TickCount64 + (long)s_killPatience.TotalMilliseconds;
        while (Processes() is { Count: > 0 })
        {
            Signal(Signals.SIGKILL);
            if (Environment.TickCount64 > deadline)
                throw new LinuxException("kill the processes of cgroup", Path, Errno.EBUSY);
            Thread.Sleep(1);
        }
    }

    /// <summary>Ends what is in it and below it, paused or not, and removes it; one that does not exist is fine.</summary>
    /// <exception cref="LinuxException">EBUSY where a process survives for ten seconds.</exception>
    public void Clear()
    {
        // A frozen process of v1 dies when it thaws, and what is above a cgroup that was frozen by itself cannot thaw it.
        if (Layout.Of("freezer") is { Version: 1 } freezer)
            ThawTree(DirectoryIn(freezer));
        KillAll();
        Delete();
    }

    private static void ThawTree(string directory)
    {
        CgroupFile.TryWrite($"{directory}/freezer.state", "THAWED");
        foreach (var child in CgroupFile.Children(directory))
            ThawTree(child);
    }

    /// <summary>Sends a signal to every process in it and below it, once, forks meanwhile included.</summary>
    /// <remarks>A paused cgroup stays paused, but for SIGKILL, which must let the processes run to end them.</remarks>
    public void Signal(int signal)
    {
        var kills = signal == Signals.SIGKILL;
        if (kills && TryKillByFile())
            return;
        // Frozen, processes can neither fork nor end, so the numbers stay theirs; they die as they thaw.
        var wasFrozen = FreezerState is FreezerState.Frozen or FreezerState.Freezing;
        var frozen = wasFrozen || TryFreeze();
        foreach (var pid in Processes())
            _ = Kill(pid, signal);
        if (frozen && (kills || !wasFrozen))
            Thaw();
    }

    /// <summary>cgroup.kill (Linux 5.14): all at once, forks included.</summary>
    private bool TryKillByFile() =>
        Layout.IsUnified && CgroupFile.TryWrite($"{DirectoryIn(Layout.Hierarchies[0])}/cgroup.kill", "1") == Errno.None;

    /// <summary>Asks for it, and does not wait: what still runs is caught by the caller's next round.</summary>
    private bool TryFreeze()
    {
        try
        {
            SetFrozen(true);
            return true;
        }
        catch (LinuxException)
        {
            return false; // No freezer here.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
