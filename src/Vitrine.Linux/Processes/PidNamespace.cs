using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>Pid namespaces (pid_namespaces(7)). A thread that enters one stays where it is: only its children are in it.</summary>
public static partial class PidNamespace
{
    private const int NewPid = (int)CloneFlags.NewPid;
    private const int GetDumpable = 3;
    private const int SetDumpable = 4;

    /// <summary>
    /// Does what clones, so that the child is in another process's pid namespace, and goes back. Who is in there sees the child from its
    /// first instruction on, when it is still a copy of this process: it is hidden from ptrace and /proc, as this process is meanwhile.
    /// </summary>
    /// <param name="target">A pidfd of a process in the namespace.</param>
    /// <param name="clone">Clones; no thread may be made in it.</param>
    /// <exception cref="LinuxException">The namespace cannot be entered: EPERM, or ESRCH where the process has gone.</exception>
    public static T CloneInto<T>(SafeFileHandle target, Func<T> clone)
    {
        using var self = PidFd.Open(Environment.ProcessId);
        var dumpable = Check.Result(Prctl(GetDumpable, 0, 0, 0, 0), "prctl PR_GET_DUMPABLE");
        Check.Result(Prctl(SetDumpable, 0, 0, 0, 0), "prctl PR_SET_DUMPABLE");
        try
        {
            Check.Result(SetNamespace(target, NewPid), "setns pid namespace");
            return clone();
        }
        finally
        {
            Check.Result(SetNamespace(self, NewPid), "setns back to the own pid namespace");
            // 2, readable by root alone, is the system's to set.
            if (dumpable == 1)
                Check.Result(Prctl(SetDumpable, 1, 0, 0, 0), "prctl PR_SET_DUMPABLE");
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle target, int type);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nuint a, nuint b, nuint c, nuint d);
}
