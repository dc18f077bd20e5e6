using System.Runtime.InteropServices;

namespace Vitrine.Linux;

/// <summary>The kernel's clocks with all their digits (clock_gettime(2)).</summary>
public static partial class Clock
{
    private const int Realtime = 0;

    /// <summary>Nanoseconds since 1970-01-01 UTC.</summary>
    public static unsafe long UnixNanoseconds()
    {
        TimeSpec now;
        _ = ClockGetTime(Realtime, &now);
        return now.Seconds * 1_000_000_000 + now.Nanoseconds;
    }

    /// <summary>struct timespec of 64-bit machines.</summary>
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    private static unsafe partial int ClockGetTime(int clock, TimeSpec* time);
}
