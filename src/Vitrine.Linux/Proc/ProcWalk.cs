using System.Buffers.Text;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux.Proc;

/// <summary>
/// Reads many processes one after the other without a path, a handle or a buffer made for each file: what a walk over all
/// of a host's processes needs. One process at a time is entered; its directory is held by a descriptor, so that all that is
/// read until the next <see cref="Enter"/> is of that very process, even where its number is given away meanwhile (the kernel
/// then answers ESRCH). Not for use by several threads.
/// </summary>
public sealed unsafe partial class ProcWalk : IDisposable
{
    private const int None = -1;
    private const int O_PATH = 0x200000;
    private const int O_DIRECTORY = 0x10000;
    private const int O_CLOEXEC = 0x80000;
    private const int LongestName = 64;

    private readonly SafeFileHandle root;
    private byte[] buffer = new byte[8192];
    private int process = None;

    /// <summary>Opens procfs.</summary>
    /// <param name="root">Where it is mounted.</param>
    /// <exception cref="LinuxException">It is not there.</exception>
    public ProcWalk(string root)
    {
        Root = root;
        this.root = FileAt.OpenDirectory(root);
    }

    public string Root { get; }

    /// <summary>Goes to a process. ENOENT where there is none of this pid.</summary>
    public Errno Enter(int pid)
    {
        Leave();
        var name = stackalloc byte[16];
        Utf8Formatter.TryFormat(pid, new Span<byte>(name, 15), out var length);
        name[length] = 0;
        process = OpenAt((int)root.DangerousGetHandle(), name, O_PATH | O_DIRECTORY | O_CLOEXEC);
        return process < 0 ? Check.LastErrno : Errno.None;
    }

    /// <summary>A whole file of the process entered; the bytes are good until the next read.</summary>
    /// <param name="file">Its name, of at most 63 bytes: <c>status</c>.</param>
    /// <param name="errno">None; ENOENT or ESRCH where the process ended; EACCES or EPERM where it is not this reader's to read.</param>
    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> file, out Errno errno)
    {
        var name = stackalloc byte[LongestName];
        Terminate(file, name);
        var fd = OpenAt(process, name, O_CLOEXEC);
        if (fd < 0)
        {
            errno = Check.LastErrno;
            return default;
        }

        var length = ReadAll(fd, out errno);
        _ = Close(fd);
        return buffer.AsSpan(0, length);
    }

    /// <summary>Where a link of the process points; the bytes are good until the next read.</summary>
    public ReadOnlySpan<byte> Link(ReadOnlySpan<byte> file, out Errno errno)
    {
        var name = stackalloc byte[LongestName];
        Terminate(file, name);
        nint length;
        fixed (byte* start = buffer)
        {
            length = ReadLinkAt(process, name, start, buffer.Length);
        }

        errno = length < 0 ? Check.LastErrno : Errno.None;
        return length < 0 ? default : buffer.AsSpan(0, (int)length);
    }

    /// <summary>
    /// The inodes of all eight namespaces in the order of <see cref="NamespaceId.Kinds"/>, 0 where the kernel lacks the kind.
    /// </summary>
    /// <returns>None, or why they cannot be told: the process ended, or is another user's.</returns>
    public Errno Namespaces(Span<ulong> inodes)
    {
        inodes.Clear();
        var any = false;
        for (var kind = 0; kind < inodes.Length; kind++)
        {
            var link = Link(NamespaceFile((NamespaceKind)kind), out var errno);
            if (errno is Errno.EACCES or Errno.EPERM or Errno.ESRCH)
                return errno;
            // mnt:[4026531832]
            var digits = link[(link.IndexOf((byte)'[') + 1)..];
            if (Utf8Parser.TryParse(digits, out ulong inode, out _))
                any |= (inodes[kind] = inode) != 0;
        }

        return any ? Errno.None : Errno.ENOENT;
    }

    public void Dispose()
    {
        Leave();
        root.Dispose();
    }

    private void Leave()
    {
        if (process >= 0)
            _ = Close(process);
        process = None;
    }

    private int ReadAll(int fd, out Errno errno)
    {
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            nint got;
            fixed (byte* start = &buffer[length])
            {
                got = ReadFile(fd, start, buffer.Length - length);
            }

            errno = got < 0 ? Check.LastErrno : Errno.None;
            if (errno == Errno.EINTR)
                continue;
            if (got <= 0 || length >= ProcFile.Limit)
                return got < 0 ? 0 : length;
            length += (int)got;
        }
    }

    private static void Terminate(ReadOnlySpan<byte> file, byte* name)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(file.Length, LongestName);
        file.CopyTo(new Span<byte>(name, LongestName));
        name[file.Length] = 0;
    }

    private static ReadOnlySpan<byte> NamespaceFile(NamespaceKind kind) => kind switch
    {
        NamespaceKind.User => "ns/user"u8,
        NamespaceKind.Pid => "ns/pid"u8,
        NamespaceKind.Mount => "ns/mnt"u8,
        NamespaceKind.Network => "ns/net"u8,
        NamespaceKind.Uts => "ns/uts"u8,
        NamespaceKind.Ipc => "ns/ipc"u8,
        NamespaceKind.Cgroup => "ns/cgroup"u8,
        _ => "ns/time"u8,
    };

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(int directory, byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    private static partial nint ReadLinkAt(int directory, byte* path, byte* target, nint size);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadFile(int fd, byte* target, nint size);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int fd);
}
