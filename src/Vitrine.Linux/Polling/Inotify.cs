using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>Notice of changes in a directory (inotify(7)), as one readable descriptor; what changed is looked up by the caller.</summary>
public sealed partial class Inotify : IDisposable
{
    internal const int NonBlockingCloseOnExec = 0x800 | 0x80000;
    internal const uint Changes = 0x2 /* IN_MODIFY */ | 0x40 | 0x80 /* IN_MOVED_* */ | 0x100 /* IN_CREATE */ | 0x200 /* IN_DELETE */ | 0x400 /* IN_DELETE_SELF */;

    private Inotify(SafeFileHandle handle) => Handle = handle;

    /// <summary>Readable when something changed since the last <see cref="Clear"/>.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Watches the files of a directory: written to, created, renamed, deleted.</summary>
    /// <exception cref="LinuxException">ENOENT, or the user's limit of watches is reached (EMFILE, ENOSPC).</exception>
    public static Inotify WatchDirectory(string path) => Watch(path);

    /// <summary>Watches one file: written to, or by the kernel told to have changed, as events of cgroups are.</summary>
    /// <inheritdoc cref="WatchDirectory"/>
    public static Inotify WatchFile(string path) => Watch(path);

    private static Inotify Watch(string path)
    {
        var handle = new SafeFileHandle(Check.Result(Init(NonBlockingCloseOnExec), "inotify_init1"), ownsHandle: true);
        if (AddWatch(handle, path, Changes) >= 0)
            return new Inotify(handle);
        var errno = Check.LastErrno;
        handle.Dispose();
        throw new LinuxException("inotify_add_watch", path, errno);
    }

    /// <summary>Takes all notices off the queue.</summary>
    public void Clear()
    {
        Span<byte> events = stackalloc byte[4096];
        while (Fd.Read(Handle, events) > 0)
        {
        }
    }

    public void Dispose() => Handle.Dispose();

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    internal static partial int Init(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int AddWatch(SafeFileHandle inotify, string path, uint mask);
}
