using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>Whether a <see cref="FileLock"/> shuts out every other holder or only exclusive ones.</summary>
public enum LockMode
{
    Shared = 1,
    Exclusive = 2,
}

/// <summary>
/// An advisory flock(2) on a file of its own, held until it is disposed or the process is gone. The lock belongs to
/// the open file, so two locks taken by one process shut each other out as those of two processes do.
/// </summary>
/// <remarks>
/// The file is never deleted to release the lock. Where the locked object itself is deleted, lock file included, a
/// waiter notices that the path no longer leads to the file it has locked and starts again: it gets ENOENT when the
/// directory is gone.
/// </remarks>
public sealed partial class FileLock : IDisposable
{
    private const int NonBlocking = 4;
    private const int Unlock = 8;
    private const int OpenFlags = 0x2 /* O_RDWR */ | 0x40 /* O_CREAT */ | 0x80000 /* O_CLOEXEC */;

    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file) => _file = file;

    /// <summary>Waits for the lock. The file is created (mode 0600) where it is missing.</summary>
    /// <exception cref="LinuxException">The file cannot be opened; ENOENT where its directory is gone.</exception>
    public static FileLock Acquire(string path, LockMode mode = LockMode.Exclusive)
    {
        while (true)
        {
            if (TryLock(path, mode, 0, out var file) && file is not null)
                return new FileLock(file);
        }
    }

    /// <summary>Waits for the exclusive lock of something that is there, need not be writable and is never replaced: a directory, a namespace.</summary>
    /// <exception cref="LinuxException">It cannot be opened.</exception>
    public static FileLock AcquireOf(string path)
    {
        var file = Fd.Open(path, Linux.OpenFlags.ReadOnly);
        Flock(file, (int)LockMode.Exclusive, path);
        return new FileLock(file);
    }

    /// <summary>As <see cref="Acquire(string, LockMode)"/>, giving up when cancelled (noticed within 20 milliseconds).</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public static FileLock Acquire(string path, LockMode mode, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryAcquire(path, mode) is { } taken)
                return taken;
            cancellation.WaitHandle.WaitOne(20);
        }
    }

    /// <summary>Takes the lock if nobody stands in the way; null otherwise.</summary>
    /// <exception cref="LinuxException">The file cannot be opened.</exception>
    public static FileLock? TryAcquire(string path, LockMode mode = LockMode.Exclusive)
    {
        while (true)
        {
            if (!TryLock(path, mode, NonBlocking, out var file))
                return null;
            if (file is not null)
                return new FileLock(file);
        }
    }

    /// <summary>
    /// Whether somebody holds the lock so that <paramref name="mode"/> could not be had now. Creates nothing: a missing
    /// file is a free lock. The check takes the lock for an instant, so that use shared mode where several check.
    /// </summary>
    public static bool IsHeld(string path, LockMode mode = LockMode.Shared)
    {
        using var file = new SafeFileHandle(Open(path, OpenFlags & ~0x40, 0), ownsHandle: true);
        if (file.IsInvalid)
            return Check.LastErrno is Errno.ENOENT ? false : throw new LinuxException("open lock", path, Check.LastErrno);
        return !Flock(file, (int)mode | NonBlocking, path);
    }

    /// <summary>Releases the lock, also where a process that was cloned meanwhile has the file open still.</summary>
    public void Dispose()
    {
        if (!_file.IsClosed)
            _ = FlockCall(_file, Unlock);
        _file.Dispose();
    }

    /// <summary>False where another holds it; true with null where the file was replaced meanwhile.</summary>
    private static bool TryLock(string path, LockMode mode, int flags, out SafeFileHandle? locked)
    {
        locked = null;
        var file = new SafeFileHandle(Open(path, OpenFlags, 0x180), ownsHandle: true);
        if (file.IsInvalid)
            throw new LinuxException("open lock", path, Check.LastErrno);
        var taken = false;
        try
        {
            if (!Flock(file, (int)mode | flags, path))
                return false;
            taken = FileIdentity.Of(file) == FileIdentity.Of(path);
            if (taken)
                locked = file;
            return true;
        }
        finally
        {
            if (!taken)
                file.Dispose();
        }
    }

    private static bool Flock(SafeFileHandle file, int operation, string path)
    {
        while (FlockCall(file, operation) == -1)
        {
            switch (Check.LastErrno)
            {
                case Errno.EINTR: continue;
                case Errno.EAGAIN: return false;
                default: throw new LinuxException("flock", path, Check.LastErrno);
            }
        }
        return true;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FlockCall(SafeFileHandle file, int operation);
}
