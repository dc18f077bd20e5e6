using Microsoft.Win32.SafeHandles;

namespace Vitrine.Runtime;

/// <summary>A process that a setup program started: it has called execve, and is a child of this process until waited for.</summary>
public sealed class LaunchedProcess : IDisposable
{
    internal LaunchedProcess(int pid, SafeFileHandle pidFd, SafeFileHandle? terminalMaster, IReadOnlyList<string> warnings)
    {
        Pid = pid;
        PidFd = pidFd;
        TerminalMaster = terminalMaster;
        Warnings = warnings;
    }

    /// <summary>Host pid.</summary>
    public int Pid { get; }

    /// <summary>Becomes readable when the process has exited.</summary>
    public SafeFileHandle PidFd { get; }

    /// <summary>The terminal's master side where the program asked for a terminal.</summary>
    public SafeFileHandle? TerminalMaster { get; }

    /// <summary>What did not go as configured but was no reason to fail: one line each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Closes the handles; the process runs on.</summary>
    public void Dispose()
    {
        PidFd.Dispose();
        TerminalMaster?.Dispose();
    }
}
