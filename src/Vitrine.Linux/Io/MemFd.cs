using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>Files that live in memory alone (memfd_create(2)), close-on-exec.</summary>
public static partial class MemFd
{
    private const uint CloseOnExec = 1;

    /// <summary>An empty file; the name is only seen in /proc.</summary>
    /// <exception cref="LinuxException">No descriptor or memory is left.</exception>
    public static SafeFileHandle Create(string name) =>
        new(Check.Result(MemFdCreate(name, CloseOnExec), "memfd_create", name), ownsHandle: true);

    /// <summary>A file with this content, its position at the start.</summary>
    /// <exception cref="LinuxException">No descriptor or memory is left.</exception>
    public static SafeFileHandle Create(string name, ReadOnlySpan<byte> content)
    {
        var file = Create(name);
        RandomAccess.Write(file, content, 0);
        return file;
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemFdCreate(string name, uint flags);
}
