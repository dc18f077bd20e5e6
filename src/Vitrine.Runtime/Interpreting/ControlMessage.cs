using System.Runtime.InteropServices;

namespace Vitrine.Runtime;

/// <summary>What the child tells its launcher.</summary>
internal enum MessageKind
{
    /// <summary>An instruction failed: its index and the error number. The child has left.</summary>
    Failed = 1,

    /// <summary>An instruction failed but the program goes on.</summary>
    Warning = 2,

    /// <summary>The sender leaves and the process with this pid goes on in its place.</summary>
    NextStage = 3,

    /// <summary>The new user namespace wants its id maps.</summary>
    IdMapsWanted = 4,

    /// <summary>The terminal's master, as a descriptor with this message.</summary>
    Terminal = 5,

    /// <summary>All is set up; the end of the connection then means that the command was executed.</summary>
    Ready = 6,

    /// <summary>The filesystem is put together: the time for hooks. The child waits.</summary>
    HooksWanted = 7,

    /// <summary>For tests: the child has come to the instruction at which its launcher is to be killed.</summary>
    Reached = 8,

    /// <summary>The seccomp listener, as a descriptor with this message.</summary>
    Listener = 9,
}

/// <summary>One packet on the control socket, child to launcher. The other way each packet is one byte: go on.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ControlMessage
{
    /// <summary>Beside ENOENT of execve: the file is there, but not the interpreter or loader that it names.</summary>
    public const long LoaderMissing = 1 << 12;

    /// <summary>Where, above an error number, the index of the cgroup begins that could not be entered.</summary>
    public const int DetailShift = 16;

    public const long ErrnoMask = (1 << 12) - 1;

    public MessageKind Kind;
    public int Index;
    public long Value;
}
