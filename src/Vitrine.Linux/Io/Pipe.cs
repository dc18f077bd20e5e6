using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>The two ends of a pipe(2), both close-on-exec.</summary>
public sealed partial class Pipe : IDisposable
{
    private const int CloseOnExec = 0x80000;

    private Pipe(SafeFileHandle reader, SafeFileHandle writer)
    {
        Reader = reader;
        Writer = writer;
    }

    public SafeFileHandle Reader { get; }

    public SafeFileHandle Writer { get; }

    /// <summary>A new pipe whose ends block.</summary>
    /// <exception cref="LinuxException">No descriptor or memory is left.</exception>
    public static unsafe Pipe Create()
    {
        var ends = stackalloc int[2];
        Check.Result(Pipe2(ends, CloseOnExec), "pipe2");
        return new Pipe(new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    /// <summary>Closes both ends; one that was closed before stays so.</summary>
    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static unsafe partial int Pipe2(int* ends, int flags);
}
