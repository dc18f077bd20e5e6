using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>Finding and creating mount points below a root that is not to be trusted.</summary>
internal static unsafe partial class Interpreter
{
    private const int PathMax = 4096;
    private const int MaximumLinks = 40;
    private const long DanglingLink = long.MinValue;
    private const uint DirectoryMode = 0x1ED; // 0755
    private const uint FileMode = 0x1A4; // 0644
    private const ulong PathOnly = 0x200000;
    private const ulong CloseOnExec = 0x80000;
    private const ulong Create = 0x40 | 0x80 | 0x1; // O_CREAT | O_EXCL | O_WRONLY
    private const ulong InRoot = (ulong)(ResolveFlags.InRoot | ResolveFlags.NoMagicLinks);
    private const int FileTypeMask = 0xF000;
    private const int DirectoryType = 0x4000;
    private const int StatxType = 1;
    private const int StatxModeOffset = 28;
    private const int EmptyPath = 0x1000;

    private struct How
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary>
    /// An O_PATH descriptor of <paramref name="path"/> as seen from <paramref name="root"/>. Links are followed inside the
    /// root only, and what is missing is made: parents as directories, the last part of the wanted kind.
    /// </summary>
    private static long MountPoint(NativeContext* context, int root, byte* path, MountPointKind kind, int like)
    {
        if ((kind & MountPointKind.Like) != 0)
        {
            var type = FileType(context, like);
            if (type < 0)
                return type;
            kind = (kind & ~MountPointKind.Like) | (type == DirectoryType ? MountPointKind.Directory : MountPointKind.File);
        }

        var found = OpenInRoot(context, root, path, kind);
        if (found == -(long)Errno.ENOENT)
        {
            found = CreateInRoot(context, root, path, kind);
            if (found >= 0)
                return found;
        }

        if (found < 0)
            return found;
        var actual = FileType(context, (int)found);
        if ((actual == DirectoryType) == ((kind & MountPointKind.File) == 0))
            return found;
        Call(context, Syscall.close, found);
        return -(long)(actual == DirectoryType ? Errno.EISDIR : Errno.ENOTDIR);
    }

    private static long OpenInRoot(NativeContext* context, int root, byte* path, MountPointKind kind)
    {
        var how = new How { Flags = PathOnly | CloseOnExec, Mode = 0, Resolve = InRoot };
        if ((kind & MountPointKind.NoSymlinks) != 0)
            how.Resolve |= (ulong)ResolveFlags.NoSymlinks;
        return Open(context, root, path, &how);
    }

    /// <summary>Walks the path part by part; a dangling link is replaced by its target and the walk begins anew.</summary>
    private static long CreateInRoot(NativeContext* context, int root, byte* path, MountPointKind kind)
    {
        var buffer = stackalloc byte[PathMax];
        var length = Length(path);
        if (length >= PathMax)
            return -(long)Errno.ENAMETOOLONG;
        Copy(path, buffer, length + 1);

        for (var links = 0; links < MaximumLinks; links++)
        {
            var result = CreateParts(context, root, buffer, kind, out var spliced);
            if (!spliced)
                return result;
        }

        return -(long)Errno.ELOOP;
    }

    private static long CreateParts(NativeContext* context, int root, byte* path, MountPointKind kind, out bool spliced)
    {
        spliced = false;
        long directory = root;
        for (var start = 0; ;)
        {
            while (path[start] == '/')
                start++;
            var end = start;
            while (path[end] != 0 && path[end] != '/')
                end++;
            var last = path[end] == 0;

            path[end] = 0;
            var next = OpenInRoot(context, root, path, kind);
            if (next == -(long)Errno.ENOENT)
            {
                next = CreateOne(context, root, (int)directory, path, start, last ? kind : MountPointKind.Directory);
                if (next == DanglingLink)
                    next = SpliceLink(context, (int)directory, path, start, last ? end : -end, out spliced);
            }

            if (directory != root)
                Call(context, Syscall.close, directory);
            if (spliced || next < 0 || last)
                return next;
            path[end] = (byte)'/';
            directory = next;
            start = end;
        }
    }

    /// <summary>Makes one part and opens it; <see cref="DanglingLink"/> where a dangling link stands in its place.</summary>
    private static long CreateOne(NativeContext* context, int root, int directory, byte* path, int start, MountPointKind kind)
    {
        long made;
        if ((kind & MountPointKind.File) == 0)
        {
            made = Call(context, Syscall.mkdirat, directory, (long)(path + start), DirectoryMode);
        }
        else
        {
            var how = new How { Flags = Create | CloseOnExec, Mode = FileMode, Resolve = (ulong)ResolveFlags.NoSymlinks };
            made = Open(context, directory, path + start, &how);
            if (made >= 0)
                Call(context, Syscall.close, made);
        }

        if (made < 0 && made != -(long)Errno.EEXIST)
            return made;
        var opened = OpenInRoot(context, root, path, kind);
        return opened == -(long)Errno.ENOENT && (kind & MountPointKind.NoSymlinks) == 0 ? DanglingLink : opened;
    }

    /// <summary>Puts the target of the link at <paramref name="start"/> in its place; what follows the part stays behind it.</summary>
    /// <param name="context">The program.</param>
    /// <param name="directory">Where the link is.</param>
    /// <param name="path">The path; ended at the part.</param>
    /// <param name="start">Where the part starts.</param>
    /// <param name="end">Where the part ends; negated where more follows it.</param>
    /// <param name="spliced">Whether it was a link.</param>
    private static long SpliceLink(NativeContext* context, int directory, byte* path, int start, int end, out bool spliced)
    {
        var target = stackalloc byte[PathMax];
        spliced = false;
        var size = Call(context, Syscall.readlinkat, directory, (long)(path + start), (long)target, PathMax);
        if (size <= 0)
            return size == 0 ? -(long)Errno.ENOENT : size;

        var more = end < 0;
        var rest = path + (more ? -end + 1 : end);
        var restLength = more ? Length(rest) : 0;
        var head = target[0] == '/' ? 0 : start;
        if (head + size + 1 + restLength >= PathMax)
            return -(long)Errno.ENAMETOOLONG;
        // The rest moves first, from its far end: the regions overlap.
        if (more)
        {
            Move(rest, path + head + size + 1, restLength + 1);
            path[head + size] = (byte)'/';
        }
        else
        {
            path[head + size] = 0;
        }

        Copy(target, path + head, (int)size);
        spliced = true;
        return 0;
    }

    private static long Open(NativeContext* context, int directory, byte* path, How* how)
    {
        var arguments = stackalloc long[6] { directory, (long)path, (long)how, sizeof(How), 0, 0 };
        return CallRetrying(context->Numbers[(int)Syscall.openat2], arguments, retryRaces: true);
    }

    /// <summary>The type bits of an open object's mode, or a negated error number.</summary>
    private static long FileType(NativeContext* context, int descriptor)
    {
        var status = stackalloc byte[256];
        byte empty = 0;
        var result = Call(context, Syscall.statx, descriptor, (long)&empty, EmptyPath, StatxType, (long)status);
        return result < 0 ? result : *(ushort*)(status + StatxModeOffset) & FileTypeMask;
    }

    private static int Length(byte* text)
    {
        var length = 0;
        while (text[length] != 0)
            length++;
        return length;
    }

    private static void Copy(byte* from, byte* to, int count)
    {
        for (var i = 0; i < count; i++)
            to[i] = from[i];
    }

    private static void Move(byte* from, byte* to, int count)
    {
        if (from >= to)
            Copy(from, to, count);
        else
            while (count-- > 0)
                to[count] = from[count];
    }
}
