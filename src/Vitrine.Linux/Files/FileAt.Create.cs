using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

// The calls that make a name or change what it stands for. All of them act on the name itself, never on a link's target.
public static unsafe partial class FileAt
{
    private static volatile bool lacksFchmodat2;

    /// <summary>Makes a directory with <paramref name="mode"/> less the umask.</summary>
    public static Errno TryMakeDirectory(SafeFileHandle directory, ReadOnlySpan<byte> path, uint mode)
    {
        var name = stackalloc byte[CString.PathMax];
        if (CString.Terminate(path, name) is var bad and not Errno.None)
            return bad;
        return MkdirAt(directory, name, mode) == 0 ? Errno.None : Check.LastErrno;
    }

    /// <summary>Makes a device node, fifo or socket with permission bits less the umask.</summary>
    public static Errno TryMakeNode(SafeFileHandle directory, ReadOnlySpan<byte> path, FileKind kind, uint permissions, DeviceNumber device)
    {
        var name = stackalloc byte[CString.PathMax];
        if (CString.Terminate(path, name) is var bad and not Errno.None)
            return bad;
        return MknodAt(directory, name, (uint)kind | permissions, Pack(device)) == 0 ? Errno.None : Check.LastErrno;
    }

    /// <summary>Makes overlayfs's mark for a deleted name: a character device 0:0.</summary>
    public static Errno TryMakeWhiteout(SafeFileHandle directory, ReadOnlySpan<byte> path) =>
        TryMakeNode(directory, path, FileKind.CharacterDevice, 0, default);

    /// <summary>Makes a symbolic link to <paramref name="target"/>.</summary>
    public static Errno TryMakeSymlink(ReadOnlySpan<byte> target, SafeFileHandle directory, ReadOnlySpan<byte> path)
    {
        var to = stackalloc byte[CString.PathMax];
        var name = stackalloc byte[CString.PathMax];
        if (CString.Terminate(target, to) is var badTarget and not Errno.None)
            return badTarget;
        if (CString.Terminate(path, name) is var bad and not Errno.None)
            return bad;
        return SymlinkAt(to, directory, name) == 0 ? Errno.None : Check.LastErrno;
    }

    /// <summary>Gives a file a second name; of a symbolic link, the link itself.</summary>
    public static Errno TryLink(SafeFileHandle from, ReadOnlySpan<byte> oldPath, SafeFileHandle to, ReadOnlySpan<byte> newPath)
    {
        var oldName = stackalloc byte[CString.PathMax];
        var newName = stackalloc byte[CString.PathMax];
        if (CString.Terminate(oldPath, oldName) is var badOld and not Errno.None)
            return badOld;
        if (CString.Terminate(newPath, newName) is var badNew and not Errno.None)
            return badNew;
        return LinkAt(from, oldName, to, newName, 0) == 0 ? Errno.None : Check.LastErrno;
    }

    /// <summary>The target of a symbolic link.</summary>
    public static Errno TryReadLink(SafeFileHandle directory, ReadOnlySpan<byte> path, out byte[] target)
    {
        target = [];
        var name = stackalloc byte[CString.PathMax];
        var buffer = stackalloc byte[CString.PathMax];
        if (CString.Terminate(path, name) is var bad and not Errno.None)
            return bad;
        var length = ReadlinkAt(directory, name, buffer, CString.PathMax);
        if (length == -1)
            return Check.LastErrno;
        target = new ReadOnlySpan<byte>(buffer, (int)length).ToArray();
        return Errno.None;
    }

    /// <summary>Changes the owner of a name; the kernel clears setuid and setgid of files.</summary>
    public static void ChangeOwner(SafeFileHandle directory, ReadOnlySpan<byte> path, uint uid, uint gid)
    {
        var name = stackalloc byte[CString.PathMax];
        var error = CString.Terminate(path, name);
        if (error == Errno.None && FchownAt(directory, name, uid, gid, AtSymlinkNoFollow) == -1)
            error = Check.LastErrno;
        if (error != Errno.None)
            throw Failure($"chown {uid}:{gid}", directory, path, error);
    }

    /// <summary>Changes the permission bits of a name, and never those of what a symbolic link of that name leads to.</summary>
    /// <exception cref="LinuxException">EOPNOTSUPP: it is a symbolic link, perhaps put there a moment ago.</exception>
    public static void ChangeMode(SafeFileHandle directory, ReadOnlySpan<byte> path, uint permissions)
    {
        var name = stackalloc byte[CString.PathMax];
        var error = CString.Terminate(path, name);
        if (error == Errno.None)
            error = TryChangeMode(directory, name, permissions);
        if (error != Errno.None)
            throw Failure($"chmod {Convert.ToString(permissions, 8)}", directory, path, error);
    }

    /// <summary>fchmodat2(2) is of Linux 6.6; before it libc looks at the file first, by a descriptor.</summary>
    private static Errno TryChangeMode(SafeFileHandle directory, byte* name, uint permissions)
    {
        if (!lacksFchmodat2)
        {
            if (Fchmodat2(SysFchmodat2, directory, name, permissions, AtSymlinkNoFollow) == 0)
                return Errno.None;
            if (Check.LastErrno != Errno.ENOSYS)
                return Check.LastErrno;
            lacksFchmodat2 = true;
        }

        return FchmodAt(directory, name, permissions, AtSymlinkNoFollow) == 0 ? Errno.None : Check.LastErrno;
    }

    /// <summary>Sets the times of a name.</summary>
    public static void SetTimes(SafeFileHandle directory, ReadOnlySpan<byte> path, FileTime accessed, FileTime modified)
    {
        var name = stackalloc byte[CString.PathMax];
        var times = stackalloc[] { TimeSpec.From(accessed), TimeSpec.From(modified) };
        var error = CString.Terminate(path, name);
        if (error == Errno.None && UtimensAt(directory, name, times, AtSymlinkNoFollow) == -1)
            error = Check.LastErrno;
        if (error != Errno.None)
            throw Failure("utimensat", directory, path, error);
    }

    // makedev(3): 12 bits of major and 20 of minor as the kernel's new_encode_dev lays them out, wider ones above.
    private static ulong Pack(DeviceNumber device) =>
        ((ulong)(device.Major & 0xfffff000) << 32) | ((device.Major & 0xfffu) << 8) |
        ((ulong)(device.Minor & 0xffffff00) << 12) | (device.Minor & 0xffu);
}
