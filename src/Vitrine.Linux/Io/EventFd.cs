using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>A descriptor that one thread makes readable and another polls (eventfd(2)).</summary>
public sealed partial class EventFd : IDisposable
{
    private const int NonBlockingCloseOnExec = 0x800 | 0x80000;

    private EventFd(SafeFileHandle handle) => Handle = handle;

    /// <summary>Readable while set.</summary>
    public SafeFileHandle Handle { get; }

    /// <exception cref="LinuxException">No descriptor is left.</exception>
    public static EventFd Create() =>
        new(new SafeFileHandle(Check.Result(EventFdCall(0, NonBlockingCloseOnExec), "eventfd"), ownsHandle: true));

    /// <summary>Makes it readable; safe from any thread.</summary>
    public void Set()
    {
        var one = 1UL;
        Fd.Write(Handle, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(ref one)));
    }

    /// <summary>Makes it unreadable; whether it was set.</summary>
    public bool Clear()
    {
        Span<byte> count = stackalloc byte[8];
        return Fd.Read(Handle, count) == 8;
    }

    public void Dispose() => Handle.Dispose();

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFdCall(uint value, int flags);
}
