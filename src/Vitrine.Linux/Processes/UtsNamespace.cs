using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>
/// Asks for the names that a process's UTS namespace has (uts_namespaces(7)): the kernel tells them only to who is in it, so the
/// calling thread goes there and back.
/// </summary>
public static partial class UtsNamespace
{
    private const int NewUts = (int)CloneFlags.NewUts;

    /// <summary>The host name and the NIS domain name; null for a process that is gone.</summary>
    /// <param name="link">The namespace's file: /proc/PID/ns/uts.</param>
    /// <exception cref="LinuxException">EPERM without CAP_SYS_ADMIN over the namespace.</exception>
    public static (string Host, string Domain)? Names(string link)
    {
        if (!File.Exists(link))
            return null;
        using var target = Fd.Open(link, OpenFlags.ReadOnly);
        using var home = Fd.Open("/proc/thread-self/ns/uts", OpenFlags.ReadOnly);
        Check.Result(SetNamespace(target, NewUts), "setns uts namespace");
        try
        {
            return (Read("hostname"), Read("domainname"));
        }
        finally
        {
            Check.Result(SetNamespace(home, NewUts), "setns back to the host's names");
        }
    }

    private static string Read(string name) => File.ReadAllText($"/proc/sys/kernel/{name}").TrimEnd('\n');

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle target, int type);
}
