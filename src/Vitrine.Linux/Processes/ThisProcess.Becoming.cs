using System.Runtime.InteropServices;

namespace Vitrine.Linux;

/// <content>Becoming another program that is no part of Vitrine.</content>
public static unsafe partial class ThisProcess
{
    private const nint DefaultDisposition = 0;

    /// <summary>
    /// Replaces this process by a program that is looked up in PATH (execvp(3)); pid, environment and streams stay. SIGPIPE, which
    /// the .NET runtime ignores and which would stay ignored, is at its default again. Returns only by an exception.
    /// </summary>
    /// <param name="arguments">Its arguments, its own name first.</param>
    /// <exception cref="LinuxException">It could not be executed: ENOENT, EACCES...</exception>
    public static void Become(IReadOnlyList<string> arguments)
    {
        using var list = new CStringArray(arguments);
        var ignored = SetDisposition(Signals.SIGPIPE, DefaultDisposition);
        ExecVp(arguments[0], list.Pointer);
        var error = Check.LastErrno;
        _ = SetDisposition(Signals.SIGPIPE, ignored);
        throw new LinuxException("execvp", arguments[0], error);
    }

    [LibraryImport("libc", EntryPoint = "execvp", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ExecVp(string file, byte** arguments);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetDisposition(int signal, nint handler);
}
