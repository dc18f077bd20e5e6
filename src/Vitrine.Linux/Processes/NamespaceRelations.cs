using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>How a namespace stands to others (ioctl_ns(2)). What lies outside of this process's own user or pid namespace, it is not told.</summary>
/// <param name="Owner">The inode of the user namespace that it belongs to; null where that is outside.</param>
/// <param name="Parent">Of a pid or user namespace, the inode of the one above; null for the first, other kinds, and what is outside.</param>
/// <param name="OwnerUid">Of a user namespace, the user who made it, as numbered here.</param>
public sealed partial record NamespaceRelations(ulong? Owner, ulong? Parent, uint? OwnerUid)
{
    private const nuint GetUserNamespace = 0xb701; // NS_GET_USERNS
    private const nuint GetParent = 0xb702; // NS_GET_PARENT
    private const nuint GetOwnerUid = 0xb704; // NS_GET_OWNER_UID

    /// <summary>Nothing is known.</summary>
    public static NamespaceRelations Unknown { get; } = new(null, null, null);

    /// <summary>Asks of the namespace that a file stands for.</summary>
    /// <param name="path">A link in /proc/PID/ns, or a file that a namespace is bound to.</param>
    /// <exception cref="LinuxException">The file is not there, or may not be opened.</exception>
    public static NamespaceRelations Of(string path)
    {
        using var file = Fd.Open(path, OpenFlags.ReadOnly);
        return new NamespaceRelations(Inode(file, GetUserNamespace), Inode(file, GetParent), Uid(file));
    }

    private static ulong? Inode(SafeFileHandle file, nuint request)
    {
        var descriptor = Ioctl(file, request, 0);
        if (descriptor < 0)
            return null;
        using var other = new SafeFileHandle(descriptor, ownsHandle: true);
        return FileIdentity.Of(other).Inode;
    }

    private static unsafe uint? Uid(SafeFileHandle file)
    {
        uint uid;
        return Ioctl(file, GetOwnerUid, (nint)(&uid)) == 0 ? uid : null;
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle file, nuint request, nint argument);
}
