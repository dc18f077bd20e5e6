namespace Vitrine.Linux.Seccomp;

/// <summary>
/// What a filter answers to a system call: the kernel's 32-bit return value, action in the upper half and data (an errno,
/// a tracer's message) in the lower (seccomp(2), linux/seccomp.h).
/// </summary>
public readonly record struct SeccompAction(uint Value)
{
    private const uint ActionMask = 0xFFFF0000;
    private const uint ErrnoBase = 0x00050000;
    private const uint TraceBase = 0x7FF00000;

    /// <summary>End the whole process as by SIGSYS, with a core dump.</summary>
    public static SeccompAction KillProcess => new(0x80000000);

    /// <summary>End the calling thread as by SIGSYS.</summary>
    public static SeccompAction KillThread => new(0);

    /// <summary>Send the thread a SIGSYS that it may handle.</summary>
    public static SeccompAction Trap => new(0x00030000);

    /// <summary>Ask the process that holds the listener.</summary>
    public static SeccompAction Notify => new(0x7FC00000);

    /// <summary>Run the call and log it.</summary>
    public static SeccompAction Log => new(0x7FFC0000);

    /// <summary>Run the call.</summary>
    public static SeccompAction Allow => new(0x7FFF0000);

    /// <summary>Whether the call runs without anyone being asked.</summary>
    public bool RunsTheCall => (Value & ActionMask) is 0x7FFF0000 or 0x7FFC0000;

    /// <summary>The errno of an <see cref="Fail(Linux.Errno)"/> action, or null for another action.</summary>
    public Errno? Errno => (Value & ActionMask) == ErrnoBase ? (Errno)(Value & 0xFFFF) : null;

    /// <summary>Fail the call with an error number, without running it.</summary>
    public static SeccompAction Fail(Errno errno) => new(ErrnoBase | (ushort)errno);

    /// <summary>Stop the thread for its tracer, which finds <paramref name="message"/>; ENOSYS where there is none.</summary>
    public static SeccompAction Trace(ushort message) => new(TraceBase | message);

    /// <summary>The action in words, for people and for <c>--explain</c>.</summary>
    public override string ToString() => (Value & ActionMask) switch
    {
        0x80000000 => "kill process",
        0 => "kill thread",
        0x00030000 => "trap",
        ErrnoBase => ((Errno)(Value & 0xFFFF)).Name(),
        0x7FC00000 => "notify",
        TraceBase => "trace",
        0x7FFC0000 => "log",
        0x7FFF0000 => "allow",
        _ => $"0x{Value:x8}",
    };
}
