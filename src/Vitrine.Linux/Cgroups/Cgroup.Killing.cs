using System.Runtime.InteropServices;

namespace Vitrine.Linux;

public sealed partial class Cgroup
{
    private static readonly TimeSpan s_killPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_freezePatience = TimeSpan.FromSeconds(10);

    /// <summary>Kills every process in it and below it, and returns when none is left.</summary>
    /// <exception cref="LinuxException">EBUSY where a process survives for ten seconds, as in uninterruptible sleep.</exception>
    public void KillAll()
    {
        var deadline = Environment.TickCount64 + (long)s_killPatience.TotalMilliseconds;
        while (Processes() is { Count: > 0 } processes)
        {
            if (!TryKillByFile())
                KillFrozen(processes);
            if (Environment.TickCount64 > deadline)
                throw new LinuxException("kill the processes of cgroup", Path, Errno.EBUSY);
            Thread.Sleep(1);
        }
    }

    /// <summary>Sends a signal to every process in it and below it; one that ends meanwhile, or is not ours to signal, is passed over.</summary>
    public void Signal(int signal)
    {
        foreach (var pid in Processes())
            _ = Kill(pid, signal);
    }

    /// <summary>Stops every process in it from running, until <see cref="Thaw"/>.</summary>
    /// <exception cref="LinuxException">The host has no freezer, or it does not freeze within ten seconds (EBUSY).</exception>
    public void Freeze()
    {
        SetFrozen(true);
        var deadline = Environment.TickCount64 + (long)s_freezePatience.TotalMilliseconds;
        while (!IsFrozen)
        {
            if (Environment.TickCount64 > deadline)
            {
                SetFrozen(false);
                throw new LinuxException("freeze cgroup", Path, Errno.EBUSY);
            }

            Thread.Sleep(1);
        }
    }

    /// <summary>Lets its processes run again.</summary>
    /// <exception cref="LinuxException">The host has no freezer.</exception>
    public void Thaw() => SetFrozen(false);

    /// <summary>Whether all its processes are frozen.</summary>
    public bool IsFrozen
    {
        get
        {
            if (Layout.Of("freezer") is not null)
                return Read("freezer", "freezer.state") == "FROZEN";
            return UnifiedFile("cgroup.events") is { } events && CgroupFile.TryRead(events) is { } text &&
                text.Contains("frozen 1", StringComparison.Ordinal);
        }
    }

    private void SetFrozen(bool frozen)
    {
        if (Layout.Of("freezer") is not null)
            Write("freezer", "freezer.state", frozen ? "FROZEN" : "THAWED");
        else
            CgroupFile.Write(UnifiedFile("cgroup.freeze") ?? throw new LinuxException("freeze cgroup", Path, Errno.ENOENT), frozen ? "1" : "0");
    }

    /// <summary>cgroup.kill (Linux 5.14): all at once, forks included.</summary>
    private bool TryKillByFile() =>
        Layout.IsUnified && UnifiedFile("cgroup.kill") is { } kill && CgroupFile.TryWrite(kill, "1") == Errno.None;

    /// <summary>Frozen, processes can neither fork nor end, so the numbers stay theirs; they die as they thaw.</summary>
    private void KillFrozen(IReadOnlyList<int> processes)
    {
        var frozen = TryFreeze();
        foreach (var pid in frozen ? Processes() : processes)
            _ = Kill(pid, Signals.SIGKILL);
        if (frozen)
            Thaw();
    }

    private bool TryFreeze()
    {
        try
        {
            SetFrozen(true);
            return true;
        }
        catch (LinuxException)
        {
            return false; // No freezer here: the loop of KillAll catches what was forked meanwhile.
        }
    }

    private string? UnifiedFile(string file) =>
        Layout.Hierarchies.FirstOrDefault(hierarchy => hierarchy.Version == 2) is { } unified ? $"{DirectoryIn(unified)}/{file}" : null;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
