using Vitrine.Linux;
using static Vitrine.Runtime.Kernel;

namespace Vitrine.Runtime;

/// <summary>Short runs of instructions that many parts of a program share.</summary>
internal static class BuilderExtensions
{
    private const ulong InRoot = (ulong)(ResolveFlags.InRoot | ResolveFlags.NoMagicLinks);

    /// <summary>Opens a path of the host, before the root is changed.</summary>
    public static Register Open(this ProgramBuilder b, string path, int flags) =>
        b.Keep(Syscall.openat2, AT_FDCWD, b.Text(path), b.How(flags), 24);

    /// <summary>Opens a path inside the container's root: links cannot lead out of it.</summary>
    public static Register OpenIn(this ProgramBuilder b, Register root, string path, int flags) =>
        b.OpenIn(ErrorPolicy.Fail, root, path, flags);

    /// <inheritdoc cref="OpenIn(ProgramBuilder, Register, string, int)"/>
    public static Register OpenIn(this ProgramBuilder b, ErrorPolicy policy, Register root, string path, int flags) =>
        b.Keep(policy, Syscall.openat2, root, b.Text(path), b.How(flags, InRoot), 24);

    /// <summary>Finds or makes a mount point inside the container's root.</summary>
    public static Register MountPoint(this ProgramBuilder b, Register root, string path, MountPointKind kind) =>
        b.KeepFrom(Operation.MountPoint, root, b.Text(path), (long)kind, -1);

    /// <summary>Finds or makes a mount point that is a file or a directory as <paramref name="like"/> is one.</summary>
    public static Register MountPointLike(this ProgramBuilder b, Register root, string path, Register like) =>
        b.KeepFrom(Operation.MountPoint, root, b.Text(path), (long)MountPointKind.Like, like);

    /// <summary>Puts a detached mount onto an open mount point and closes both.</summary>
    public static void Attach(this ProgramBuilder b, Register mount, Register target)
    {
        b.Move(mount, target);
        b.Close(mount);
        b.Close(target);
    }

    /// <summary>Puts a detached mount onto an open mount point.</summary>
    public static void Move(this ProgramBuilder b, Register mount, Register target) =>
        b.Call(Syscall.move_mount, mount, b.Empty, target, b.Empty, (long)(MoveMountFlags.FromEmptyPath | MoveMountFlags.ToEmptyPath));

    /// <summary>Changes a mount, attached or not, by its descriptor.</summary>
    public static void SetAttributes(this ProgramBuilder b, Register mount, in MountAttr attr, bool recursive) =>
        b.Call(Syscall.mount_setattr, mount, b.Empty, AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), b.Struct(attr), 32);

    /// <summary>A detached copy of a mount of the host.</summary>
    public static Register CloneTree(this ProgramBuilder b, string path, bool recursive) =>
        b.Keep(Syscall.open_tree, AT_FDCWD, b.Text(path),
            (long)(OpenTreeFlags.Clone | OpenTreeFlags.CloseOnExec | (recursive ? OpenTreeFlags.Recursive : 0)));

    /// <summary>A detached copy of a part of a directory of the host; links of the part cannot lead out of the directory.</summary>
    public static Register CloneTreeIn(this ProgramBuilder b, string path, string part, bool recursive)
    {
        var top = b.Open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        var inner = b.OpenIn(top, part, O_PATH | O_CLOEXEC);
        b.Close(top);
        var tree = b.CloneTree(inner, recursive);
        b.Close(inner);
        return tree;
    }

    /// <summary>A detached copy of a mount of another mount namespace: only inside it does the kernel copy its mounts.</summary>
    public static Register CloneTreeOf(this ProgramBuilder b, string otherNamespace, string path, bool recursive)
    {
        var own = b.Open("/proc/thread-self/ns/mnt", O_CLOEXEC);
        var other = b.Open(otherNamespace, O_CLOEXEC);
        b.Call(Syscall.setns, other, (long)CloneFlags.NewMount);
        var tree = b.CloneTree(path, recursive);
        b.Call(Syscall.setns, own, (long)CloneFlags.NewMount);
        b.Close(other);
        b.Close(own);
        return tree;
    }

    /// <summary>A detached copy of a mount, or of the subtree that the descriptor stands for.</summary>
    public static Register CloneTree(this ProgramBuilder b, Register descriptor, bool recursive) =>
        b.Keep(Syscall.open_tree, descriptor, b.Empty,
            (long)(OpenTreeFlags.Clone | OpenTreeFlags.CloseOnExec | OpenTreeFlags.EmptyPath | (recursive ? OpenTreeFlags.Recursive : 0)));

    private static DataOffset How(this ProgramBuilder b, int flags, ulong resolve = 0) =>
        b.Struct(new OpenHow { flags = (ulong)flags, resolve = resolve });
}
