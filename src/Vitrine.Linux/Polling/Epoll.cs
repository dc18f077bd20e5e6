using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>The events of epoll(7).</summary>
[Flags]
public enum EpollEvents : uint
{
    None = 0,
    Read = 0x1,
    Write = 0x4,

    /// <summary>Reported whether asked for or not.</summary>
    Error = 0x8,

    /// <summary>Reported whether asked for or not.</summary>
    HangUp = 0x10,
}

/// <summary>One descriptor that is ready: the caller's name for it and what it is ready for.</summary>
public readonly record struct EpollReady(ulong Id, EpollEvents Events);

/// <summary>A set of descriptors to wait for (epoll(7)), level-triggered.</summary>
public sealed unsafe partial class Epoll : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int MaxReady = 32;

    private readonly SafeFileHandle _handle = new(Check.Result(Create(CloseOnExec), "epoll_create1"), ownsHandle: true);

    /// <summary>struct epoll_event is packed on x86-64 and nowhere else.</summary>
    private static int EventSize => RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 12 : 16;

    private static int DataOffset => EventSize - 8;

    /// <summary>Adds a descriptor under a name of the caller's choice.</summary>
    /// <exception cref="LinuxException">EPERM for a file that is always ready, such as a regular one.</exception>
    public void Add(SafeFileHandle file, EpollEvents events, ulong id) => Control(1, file, events, id);

    /// <summary>Changes what a descriptor is waited for. Errors and hang-ups are reported all the same.</summary>
    /// <exception cref="LinuxException">It is not in the set.</exception>
    public void Modify(SafeFileHandle file, EpollEvents events, ulong id) => Control(3, file, events, id);

    /// <summary>Takes a descriptor out of the set; to be done before it is closed.</summary>
    /// <exception cref="LinuxException">It is not in the set.</exception>
    public void Remove(SafeFileHandle file) => Control(2, file, EpollEvents.None, 0);

    /// <summary>Waits for the next events.</summary>
    /// <param name="ready">Cleared and filled.</param>
    /// <param name="timeout">Milliseconds; -1 for ever.</param>
    /// <exception cref="LinuxException">The call failed. A signal that interrupts it gives an empty list.</exception>
    public void Wait(List<EpollReady> ready, int timeout)
    {
        ready.Clear();
        var events = stackalloc byte[MaxReady * EventSize];
        var count = WaitCall(_handle, events, MaxReady, timeout);
        if (count == -1 && Check.LastErrno is not Errno.EINTR)
            throw new LinuxException("epoll_wait", null, Check.LastErrno);
        for (var i = 0; i < count; i++)
        {
            var item = new ReadOnlySpan<byte>(events + i * EventSize, EventSize);
            var id = MemoryMarshal.Read<ulong>(item[DataOffset..]);
            ready.Add(new EpollReady(id, MemoryMarshal.Read<EpollEvents>(item)));
        }
    }

    public void Dispose() => _handle.Dispose();

    private void Control(int operation, SafeFileHandle file, EpollEvents events, ulong id)
    {
        var item = stackalloc byte[EventSize];
        MemoryMarshal.Write(new Span<byte>(item, EventSize), events);
        MemoryMarshal.Write(new Span<byte>(item + DataOffset, 8), id);
        Check.Result(ControlCall(_handle, operation, file, item), "epoll_ctl");
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int ControlCall(SafeFileHandle epoll, int operation, SafeFileHandle file, byte* item);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int WaitCall(SafeFileHandle epoll, byte* events, int count, int timeout);
}
