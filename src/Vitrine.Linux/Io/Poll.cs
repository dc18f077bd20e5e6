using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>The events of poll(2).</summary>
[Flags]
public enum PollEvents : short
{
    None = 0,
    Read = 1,
    Write = 4,
    Error = 8,
    HangUp = 16,
    Invalid = 32,
}

/// <summary>struct pollfd: a descriptor number (a negative one is skipped), what is asked and what was found.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PollItem
{
    public int Descriptor;
    public PollEvents Asked;
    public PollEvents Found;

    /// <summary>Asks for events on a descriptor that the caller keeps open meanwhile.</summary>
    public PollItem(SafeFileHandle? file, PollEvents asked)
    {
        Descriptor = file is null ? -1 : (int)file.DangerousGetHandle();
        Asked = asked;
    }
}

/// <summary>Waiting on a handful of descriptors without a thread for each.</summary>
public static partial class Poll
{
    /// <summary>Waits until one of the items has an event.</summary>
    /// <param name="items">Their Found fields are filled in.</param>
    /// <param name="timeout">Milliseconds; -1 for ever. A signal that interrupts starts the time again.</param>
    /// <returns>How many items have events; 0 on timeout.</returns>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static unsafe int Wait(Span<PollItem> items, int timeout)
    {
        fixed (PollItem* first = items)
        {
            int count;
            do
            {
                count = PollCall(first, (nuint)items.Length, timeout);
            }
            while (count == -1 && Check.LastErrno is Errno.EINTR);
            return Check.Result(count, "poll");
        }
    }

    /// <summary>Waits for one descriptor; None on timeout.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static PollEvents Wait(SafeFileHandle file, PollEvents asked, int timeout)
    {
        var item = new PollItem(file, asked);
        Wait(new Span<PollItem>(ref item), timeout);
        return item.Found;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static unsafe partial int PollCall(PollItem* items, nuint count, int timeout);
}
