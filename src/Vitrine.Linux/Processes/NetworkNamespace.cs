using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>
/// Network namespaces (network_namespaces(7)). Namespaces belong to threads: going into one and back concerns nobody but the
/// thread that does it, which must not be left in between.
/// </summary>
public static partial class NetworkNamespace
{
    private const int NewNetwork = (int)CloneFlags.NewNetwork;

    /// <summary>The calling thread's namespace.</summary>
    public static SafeFileHandle Current() => Fd.Open("/proc/thread-self/ns/net", OpenFlags.ReadOnly);

    /// <summary>Makes a namespace and does something in it.</summary>
    /// <returns>The new namespace, and what was made there.</returns>
    /// <exception cref="LinuxException">EPERM without the right to.</exception>
    public static (SafeFileHandle Namespace, T Made) Create<T>(Func<T> inside)
    {
        using var home = Current();
        Check.Result(Unshare(NewNetwork), "unshare network namespace");
        try
        {
            return (Current(), inside());
        }
        finally
        {
            Check.Result(SetNamespace(home, NewNetwork), "setns back to the host's network");
        }
    }

    /// <summary>Does something inside a namespace.</summary>
    /// <exception cref="LinuxException">It cannot be entered.</exception>
    public static T Enter<T>(SafeFileHandle target, Func<T> inside)
    {
        using var home = Current();
        Check.Result(SetNamespace(target, NewNetwork), "setns network namespace");
        try
        {
            return inside();
        }
        finally
        {
            Check.Result(SetNamespace(home, NewNetwork), "setns back to the host's network");
        }
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle target, int type);
}
