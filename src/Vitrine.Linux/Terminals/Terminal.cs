using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>A terminal's size in character cells.</summary>
public readonly record struct WindowSize(ushort Rows, ushort Columns);

/// <summary>Questions and settings of a terminal behind a file descriptor (ioctl_tty(2)).</summary>
public static partial class Terminal
{
    private const nuint GetWindowSize = 0x5413;
    private const nuint SetWindowSize = 0x5414;
    private const nint IgnoreSignal = 1;

    /// <summary>Whether the descriptor is a terminal.</summary>
    public static bool IsTerminal(SafeFileHandle file) => IsATty(file) == 1;

    /// <summary>The terminal's size, or null where it is no terminal or does not know (0 x 0).</summary>
    public static unsafe WindowSize? GetSize(SafeFileHandle terminal)
    {
        Winsize size;
        if (Ioctl(terminal, GetWindowSize, &size) == -1 || size is { Rows: 0, Columns: 0 })
            return null;
        return new WindowSize(size.Rows, size.Columns);
    }

    /// <summary>Sets the size; the foreground process group gets SIGWINCH where it changed.</summary>
    /// <exception cref="LinuxException">Not a terminal.</exception>
    public static unsafe void SetSize(SafeFileHandle terminal, WindowSize size)
    {
        var native = new Winsize { Rows = size.Rows, Columns = size.Columns };
        Check.Result(Ioctl(terminal, SetWindowSize, &native), "ioctl TIOCSWINSZ");
    }

    /// <summary>
    /// Makes this process's group the terminal's foreground again, after a shell that made its own that: one in another pid namespace
    /// cannot give it back, as it has no number for our group.
    /// </summary>
    /// <exception cref="LinuxException">It is not this session's terminal (ENOTTY).</exception>
    public static void TakeForeground(SafeFileHandle terminal)
    {
        // Who does this from the background is stopped by SIGTTOU, unless that is ignored.
        var before = SetHandler(Signals.SIGTTOU, IgnoreSignal);
        var result = SetForegroundGroup(terminal, OwnGroup());
        var error = Check.LastErrno;
        _ = SetHandler(Signals.SIGTTOU, before);
        if (result == -1)
            throw new LinuxException("tcsetpgrp", null, error);
    }

    /// <summary>struct winsize.</summary>
    private struct Winsize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort PixelWidth;
        public ushort PixelHeight;
    }

    [LibraryImport("libc", EntryPoint = "tcsetpgrp", SetLastError = true)]
    private static partial int SetForegroundGroup(SafeFileHandle terminal, int group);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    private static partial int OwnGroup();

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsATty(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static unsafe partial int Ioctl(SafeFileHandle file, nuint request, Winsize* argument);
}
