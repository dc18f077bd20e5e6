using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>Notice of changes in many directories (inotify(7)), as one readable descriptor; each has a number.</summary>
public sealed partial class InotifySet : IDisposable
{
    /// <summary>The number that <see cref="Read"/> gives where notices were lost: anything may have changed.</summary>
    public const int Overflow = -1;

    /// <summary>Where struct inotify_event has the length of the name behind it, and its own size.</summary>
    private const int LengthOffset = 12;
    private const int HeaderSize = 16;

    public InotifySet() => Handle = new SafeFileHandle(Check.Result(Inotify.Init(Inotify.NonBlockingCloseOnExec), "inotify_init1"), ownsHandle: true);

    /// <summary>Readable when something changed.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Watches the files of a directory: written to, created, renamed, deleted.</summary>
    /// <returns>Its number: the one it has where it is watched already. Numbers are not used twice.</returns>
    /// <exception cref="LinuxException">ENOENT, or the user's limit of watches is reached (ENOSPC).</exception>
    public int Add(string directory)
    {
        var number = Inotify.AddWatch(Handle, directory, Inotify.Changes);
        return number >= 0 ? number : throw new LinuxException("inotify_add_watch", directory, Check.LastErrno);
    }

    /// <summary>Watches a directory no longer; one that was deleted is not watched already.</summary>
    public void Remove(int number) => _ = RemoveWatch(Handle, number);

    /// <summary>Takes all notices off the queue.</summary>
    /// <param name="changed">Gets the numbers of the directories that changed.</param>
    public void Read(ISet<int> changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        Span<byte> buffer = stackalloc byte[4096];
        for (int count; (count = Fd.Read(Handle, buffer)) > 0;)
        {
            for (var rest = (ReadOnlySpan<byte>)buffer[..count]; rest.Length >= HeaderSize;)
            {
                changed.Add(MemoryMarshal.Read<int>(rest));
                rest = rest[(HeaderSize + MemoryMarshal.Read<int>(rest[LengthOffset..]))..];
            }
        }
    }

    public void Dispose() => Handle.Dispose();

    [LibraryImport("libc", EntryPoint = "inotify_rm_watch", SetLastError = true)]
    private static partial int RemoveWatch(SafeFileHandle inotify, int number);
}
