using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>Looking at files and copying them, below directories that are not to be trusted.</summary>
internal static unsafe partial class Interpreter
{
    private const int DeepestCopy = 64;
    private const int EntryBuffer = 32 << 10;
    private const int RegularType = 0x8000;
    private const int LinkType = 0xA000;
    private const int NoFollow = 0x100;
    private const int StatxBasic = 0x7FF;
    private const int ReadFlags = 0x80800; // O_RDONLY, O_CLOEXEC, O_NONBLOCK
    private const long PieceOfFile = 1 << 30;

    /// <summary>The first fields of struct statx.</summary>
    private struct Status
    {
        public uint Mask;
        public uint BlockSize;
        public ulong Attributes;
        public uint LinkCount;
        public uint Owner;
        public uint Group;
        public ushort Mode;
        public ushort Spare;
        public ulong Inode;
        public ulong Size;
        public ulong Blocks;
        public ulong AttributesMask;
        public fixed long Times[8];
        public uint NumberMajor;
        public uint NumberMinor;
        public fixed byte Rest[120];
    }

    private static long Stat(NativeContext* context, int directory, byte* name, Status* status) =>
        Call(context, Syscall.statx, directory, (long)name, *name == 0 ? EmptyPath : NoFollow, StatxBasic, (long)status);

    /// <summary>The magic is where it is on every 64-bit machine: first.</summary>
    private static long CheckFilesystem(NativeContext* context, int descriptor, long magic, long inode)
    {
        var filesystem = stackalloc long[16];
        var result = Call(context, Syscall.fstatfs, descriptor, (long)filesystem);
        if (result < 0)
            return result;
        if (filesystem[0] != magic)
            return -(long)Errno.EXDEV;
        Status status = default;
        byte empty = 0;
        result = inode == 0 ? 0 : Stat(context, descriptor, &empty, &status);
        return result < 0 || inode == 0 || status.Inode == (ulong)inode ? result : -(long)Errno.EINVAL;
    }

    private static long CheckNode(NativeContext* context, int directory, byte* name, long mode, long number)
    {
        Status status;
        var result = Stat(context, directory, name, &status);
        if (result < 0)
            return result;
        var found = (status.NumberMinor & 0xFF) | (long)status.NumberMajor << 8 | (status.NumberMinor & ~0xFFL) << 12;
        return (status.Mode & FileTypeMask) == (mode & FileTypeMask) && found == number ? 0 : -(long)Errno.EEXIST;
    }

    /// <summary>Copies files, directories, links and nodes with owner, mode and time. Nothing that is open for a name is opened again.</summary>
    private static long CopyTree(NativeContext* context, int from, int to, int depth)
    {
        if (depth > DeepestCopy)
            return -(long)Errno.ELOOP;
        // What is below the new mount is an O_PATH descriptor, of which "." can be read.
        var dot = stackalloc byte[2] { (byte)'.', 0 };
        var source = OpenOne(context, from, dot, ReadFlags | (ulong)Kernel.O_DIRECTORY);
        if (source < 0)
            return source;
        var entries = stackalloc byte[EntryBuffer];
        long result;
        while ((result = Call(context, Syscall.getdents64, source, (long)entries, EntryBuffer)) > 0)
        {
            var end = entries + result;
            // struct linux_dirent64: inode, offset, u16 length of the record, u8 type, name.
            for (var entry = entries; entry < end && result >= 0; entry += *(ushort*)(entry + 16))
                result = CopyOne(context, (int)source, to, entry + 19, depth);
            if (result < 0)
                break;
        }

        Call(context, Syscall.close, source);
        return result < 0 ? result : CopyOwner(context, from, to, null);
    }

    private static long CopyOne(NativeContext* context, int from, int to, byte* name, int depth)
    {
        if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0)))
            return 0;
        Status status;
        var result = Stat(context, from, name, &status);
        if (result < 0)
            return result;
        switch (status.Mode & FileTypeMask)
        {
            case DirectoryType:
                return CopyDirectory(context, from, to, name, depth);
            case RegularType:
                result = CopyContent(context, from, to, name);
                break;
            case LinkType:
                result = CopyLinkAt(context, from, name, to, name);
                break;
            default:
                var number = (status.NumberMinor & 0xFF) | (long)status.NumberMajor << 8 | (status.NumberMinor & ~0xFFL) << 12;
                result = Call(context, Syscall.mknodat, to, (long)name, status.Mode, number);
                break;
        }

        return result < 0 ? result : CopyOwner(context, from, to, name);
    }

    private static long CopyDirectory(NativeContext* context, int from, int to, byte* name, int depth)
    {
        var result = Call(context, Syscall.mkdirat, to, (long)name, DirectoryMode);
        if (result < 0)
            return result;
        var (source, target) = (OpenOne(context, from, name, PathOnly | CloseOnExec), OpenOne(context, to, name, PathOnly | CloseOnExec));
        result = source < 0 ? source : target < 0 ? target : CopyTree(context, (int)source, (int)target, depth + 1);
        Call(context, Syscall.close, source);
        Call(context, Syscall.close, target);
        return result;
    }

    private static long CopyContent(NativeContext* context, int from, int to, byte* name)
    {
        var source = OpenOne(context, from, name, ReadFlags);
        if (source < 0)
            return source;
        var how = new How { Flags = Create | CloseOnExec, Mode = FileMode, Resolve = (ulong)ResolveFlags.NoSymlinks };
        var target = Open(context, to, name, &how);
        var result = target;
        while (result > 0)
            result = Call(context, Syscall.sendfile, target, source, 0, PieceOfFile);
        Call(context, Syscall.close, source);
        Call(context, Syscall.close, target);
        return result;
    }

    /// <summary>Owner first: a change of it takes set-user-id away, which the mode then gives back.</summary>
    private static long CopyOwner(NativeContext* context, int from, int to, byte* name)
    {
        var dot = stackalloc byte[2] { (byte)'.', 0 };
        if (name == null)
            name = dot;
        Status status;
        var result = Stat(context, from, name, &status);
        if (result >= 0)
            result = Call(context, Syscall.fchownat, to, (long)name, status.Owner, status.Group, NoFollow);
        if (result >= 0 && (status.Mode & FileTypeMask) != LinkType)
            result = Call(context, Syscall.fchmodat, to, (long)name, status.Mode & 0xFFF);
        if (result < 0)
            return result;
        // Times in struct statx are access, birth, change and modification, each 16 bytes that begin as struct timespec does.
        var times = stackalloc long[4] { status.Times[0], (uint)status.Times[1], status.Times[6], (uint)status.Times[7] };
        return Call(context, Syscall.utimensat, to, (long)name, (long)times, NoFollow);
    }

    private static long CopyLink(NativeContext* context, byte* path, int directory, byte* name) =>
        CopyLinkAt(context, AtCurrentDirectory, path, directory, name);

    /// <summary>The same link may be there already; another file may not.</summary>
    private static long CopyLinkAt(NativeContext* context, int from, byte* path, int directory, byte* name)
    {
        var target = stackalloc byte[PathMax];
        var size = Call(context, Syscall.readlinkat, from, (long)path, (long)target, PathMax - 1);
        if (size < 0)
            return size;
        target[size] = 0;
        var made = Call(context, Syscall.symlinkat, (long)target, directory, (long)name);
        if (made != -(long)Errno.EEXIST)
            return made;
        var found = stackalloc byte[PathMax];
        var length = Call(context, Syscall.readlinkat, directory, (long)name, (long)found, PathMax);
        for (var i = 0; length == size && i < size; i++)
            if (found[i] != target[i])
                return made;
        return length == size ? 0 : made;
    }

    private static long OpenOne(NativeContext* context, int directory, byte* name, ulong flags)
    {
        var how = new How { Flags = flags, Mode = 0, Resolve = (ulong)(ResolveFlags.NoSymlinks | ResolveFlags.Beneath) };
        return Open(context, directory, name, &how);
    }
}
