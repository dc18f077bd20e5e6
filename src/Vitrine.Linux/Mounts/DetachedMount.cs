using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>Copies of mounts that are attached nowhere and live as long as a descriptor of theirs (open_tree(2)).</summary>
public static unsafe partial class DetachedMount
{
    private const int AtCurrentDirectory = -100;

    /// <summary>A copy of the mount that a path of the host leads to, from that path on.</summary>
    /// <param name="path">The path; links are followed.</param>
    /// <param name="recursive">Whether the mounts below it are copied too.</param>
    /// <exception cref="LinuxException">There is no such file, or mounting is not allowed.</exception>
    public static SafeFileHandle Clone(string path, bool recursive)
    {
        var flags = OpenTreeFlags.Clone | OpenTreeFlags.CloseOnExec | (recursive ? OpenTreeFlags.Recursive : 0);
        fixed (byte* text = Encoding.UTF8.GetBytes(path + "\0"))
        {
            var tree = Call(SyscallNumber.Of(Syscall.open_tree), AtCurrentDirectory, (nint)text, (nint)(uint)flags, 0, 0);
            return new SafeFileHandle((nint)Check.Result(tree, "open_tree", path), ownsHandle: true);
        }
    }

    /// <summary>Changes the attributes of a mount (mount_setattr(2)).</summary>
    /// <param name="mount">The mount.</param>
    /// <param name="attributes">What is set.</param>
    /// <param name="recursive">Whether the mounts below it change too.</param>
    /// <param name="userNamespace">Whose map of ids <see cref="MountAttributes.IdMapped"/> means.</param>
    /// <exception cref="LinuxException">Not allowed, or not possible for this filesystem.</exception>
    public static void Set(SafeFileHandle mount, MountAttributes attributes, bool recursive = false, SafeFileHandle? userNamespace = null)
    {
        var change = new Change { attr_set = attributes, userns_fd = userNamespace is null ? 0 : (ulong)userNamespace.DangerousGetHandle() };
        byte empty = 0;
        var flags = (nint)(uint)(OpenTreeFlags.EmptyPath | (recursive ? OpenTreeFlags.Recursive : 0));
        Check.Result(Call(SyscallNumber.Of(Syscall.mount_setattr), mount.DangerousGetHandle(), (nint)(&empty), flags, (nint)(&change), sizeof(Change)),
            "mount_setattr", null, attributes.Words());
    }

    /// <summary>struct mount_attr of mount_setattr(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Change
    {
        public MountAttributes attr_set;
        public MountAttributes attr_clr;
        public MountPropagation propagation;
        public ulong userns_fd;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint a, nint b, nint c, nint d, nint e);
}
