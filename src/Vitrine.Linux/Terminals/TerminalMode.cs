using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>A terminal in another mode than it was in. Restored when disposed.</summary>
public sealed partial class TerminalMode : IDisposable
{
    private const int AfterOutput = 1; // TCSADRAIN

    private readonly SafeFileHandle _terminal;
    private Termios _saved;
    private int _restored;

    private TerminalMode(SafeFileHandle terminal, in Termios saved)
    {
        _terminal = terminal;
        _saved = saved;
    }

    /// <summary>
    /// Switches the terminal to raw mode (cfmakeraw(3)): every key goes through as it is, echo and signals are the other side's. The
    /// descriptor must stay open until it is restored.
    /// </summary>
    /// <exception cref="LinuxException">Not a terminal (ENOTTY).</exception>
    public static unsafe TerminalMode EnterRaw(SafeFileHandle terminal)
    {
        Termios saved;
        Check.Result(GetAttributes(terminal, &saved), "tcgetattr");
        var raw = saved;
        MakeRaw(&raw);
        SetAttributesRetrying(terminal, &raw);
        return new TerminalMode(terminal, saved);
    }

    /// <summary>Switches off that what is typed is shown, for passwords; the descriptor must stay open until it is restored.</summary>
    /// <exception cref="LinuxException">Not a terminal (ENOTTY).</exception>
    public static unsafe TerminalMode EnterSilent(SafeFileHandle terminal)
    {
        const uint Echo = 8;
        Termios saved;
        Check.Result(GetAttributes(terminal, &saved), "tcgetattr");
        var silent = saved with { LocalFlags = saved.LocalFlags & ~Echo };
        SetAttributesRetrying(terminal, &silent);
        return new TerminalMode(terminal, saved);
    }

    /// <summary>Puts back what was there before, once; safe from any thread.</summary>
    public unsafe void Restore()
    {
        if (Interlocked.Exchange(ref _restored, 1) != 0)
            return;
        fixed (Termios* saved = &_saved)
        {
            SetAttributesRetrying(_terminal, saved);
        }
    }

    /// <summary>Restores, without complaint where the terminal is gone.</summary>
    public void Dispose()
    {
        try
        {
            Restore();
        }
        catch (LinuxException)
        {
            // A terminal that hung up has no mode to restore.
        }
    }

    private static unsafe void SetAttributesRetrying(SafeFileHandle terminal, Termios* attributes)
    {
        while (SetAttributes(terminal, AfterOutput, attributes) == -1)
        {
            if (Check.LastErrno is not Errno.EINTR)
                throw new LinuxException("tcsetattr", null, Check.LastErrno);
        }
    }

    /// <summary>struct termios of the C library: four flag words, the line discipline, 32 control characters, two speeds.</summary>
    private struct Termios
    {
        public uint InputFlags;
        public uint OutputFlags;
        public uint ControlFlags;
        public uint LocalFlags;
        public byte Line;
        public ControlCharacters Characters;
        public uint InputSpeed;
        public uint OutputSpeed;
    }

    [InlineArray(32)]
    private struct ControlCharacters
    {
        public byte First;
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static unsafe partial int GetAttributes(SafeFileHandle file, Termios* attributes);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static unsafe partial int SetAttributes(SafeFileHandle file, int when, Termios* attributes);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static unsafe partial void MakeRaw(Termios* attributes);
}
