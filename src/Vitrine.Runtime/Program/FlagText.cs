using System.Globalization;
using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>Bit masks as the names of their bits.</summary>
internal static class FlagText
{
    public static string Of(CloneFlags flags, (long Value, string Name)[] names) => Of((long)flags, names);

    /// <summary>For example <c>O_PATH|O_CLOEXEC</c>; bits without a name are left in hexadecimal.</summary>
    public static string Of(long value, (long Value, string Name)[] names) => value == 0 ? "0" : FlagWords.Join(value, names, '|');
}

/// <summary>The kernel's names of flags and constants that setup programs use.</summary>
internal static class Names
{
    public static readonly (long Value, string Name)[] Open =
    [
        (Kernel.O_WRONLY, "O_WRONLY"), (Kernel.O_RDWR, "O_RDWR"), (Kernel.O_NOCTTY, "O_NOCTTY"), (Kernel.O_DIRECTORY, "O_DIRECTORY"),
        (Kernel.O_PATH, "O_PATH"), (Kernel.O_CLOEXEC, "O_CLOEXEC"),
    ];

    public static readonly (long Value, string Name)[] Resolve =
    [
        ((long)ResolveFlags.InRoot, "RESOLVE_IN_ROOT"), ((long)ResolveFlags.NoMagicLinks, "RESOLVE_NO_MAGICLINKS"),
        ((long)ResolveFlags.NoSymlinks, "RESOLVE_NO_SYMLINKS"), ((long)ResolveFlags.Beneath, "RESOLVE_BENEATH"),
        ((long)ResolveFlags.NoCrossMount, "RESOLVE_NO_XDEV"),
    ];

    public static readonly (long Value, string Name)[] At =
        [(Kernel.AT_EMPTY_PATH, "AT_EMPTY_PATH"), (Kernel.AT_RECURSIVE, "AT_RECURSIVE"), (Kernel.AT_SYMLINK_NOFOLLOW, "AT_SYMLINK_NOFOLLOW")];

    public static readonly (long Value, string Name)[] Mount =
    [
        ((long)MountFlags.ReadOnly, "MS_RDONLY"), ((long)MountFlags.NoSuid, "MS_NOSUID"), ((long)MountFlags.NoDev, "MS_NODEV"),
        ((long)MountFlags.NoExec, "MS_NOEXEC"), ((long)MountFlags.Bind, "MS_BIND"), ((long)MountFlags.Recursive, "MS_REC"),
        ((long)MountFlags.Unbindable, "MS_UNBINDABLE"), ((long)MountFlags.Private, "MS_PRIVATE"), ((long)MountFlags.Slave, "MS_SLAVE"),
        ((long)MountFlags.Shared, "MS_SHARED"),
    ];

    public static readonly (long Value, string Name)[] MountAttribute =
    [
        ((long)MountAttributes.ReadOnly, "MOUNT_ATTR_RDONLY"), ((long)MountAttributes.NoSuid, "MOUNT_ATTR_NOSUID"),
        ((long)MountAttributes.NoDev, "MOUNT_ATTR_NODEV"), ((long)MountAttributes.NoExec, "MOUNT_ATTR_NOEXEC"),
        ((long)MountAttributes.AccessTimeMask, "MOUNT_ATTR__ATIME"), ((long)MountAttributes.NoAccessTime, "MOUNT_ATTR_NOATIME"),
        ((long)MountAttributes.StrictAccessTime, "MOUNT_ATTR_STRICTATIME"), ((long)MountAttributes.NoDirectoryAccessTime, "MOUNT_ATTR_NODIRATIME"),
        ((long)MountAttributes.NoSymlinkFollow, "MOUNT_ATTR_NOSYMFOLLOW"),
    ];

    public static readonly (long Value, string Name)[] OpenTree =
    [
        ((long)OpenTreeFlags.Clone, "OPEN_TREE_CLONE"), ((long)OpenTreeFlags.CloseOnExec, "OPEN_TREE_CLOEXEC"),
        ((long)OpenTreeFlags.Recursive, "AT_RECURSIVE"), ((long)OpenTreeFlags.EmptyPath, "AT_EMPTY_PATH"),
    ];

    public static readonly (long Value, string Name)[] MoveMount =
        [((long)MoveMountFlags.FromEmptyPath, "MOVE_MOUNT_F_EMPTY_PATH"), ((long)MoveMountFlags.ToEmptyPath, "MOVE_MOUNT_T_EMPTY_PATH")];

    public static readonly (long Value, string Name)[] Unmount = [((long)UnmountFlags.Detach, "MNT_DETACH")];

    public static readonly (long Value, string Name)[] Clone =
    [
        ((long)CloneFlags.NewTime, "CLONE_NEWTIME"), ((long)CloneFlags.PidFd, "CLONE_PIDFD"), ((long)CloneFlags.NewMount, "CLONE_NEWNS"),
        ((long)CloneFlags.NewCgroup, "CLONE_NEWCGROUP"), ((long)CloneFlags.NewUts, "CLONE_NEWUTS"), ((long)CloneFlags.NewIpc, "CLONE_NEWIPC"),
        ((long)CloneFlags.NewUser, "CLONE_NEWUSER"), ((long)CloneFlags.NewPid, "CLONE_NEWPID"), ((long)CloneFlags.NewNetwork, "CLONE_NEWNET"),
    ];

    public static readonly (long Value, string Name)[] FsConfig =
    [
        ((long)FsConfigCommand.SetFlag, "FSCONFIG_SET_FLAG"), ((long)FsConfigCommand.SetString, "FSCONFIG_SET_STRING"),
        ((long)FsConfigCommand.Create, "FSCONFIG_CMD_CREATE"), ((long)FsConfigCommand.Reconfigure, "FSCONFIG_CMD_RECONFIGURE"),
    ];

    public static readonly (long Value, string Name)[] Magic =
        [(Kernel.PROC_SUPER_MAGIC, "PROC_SUPER_MAGIC"), (Kernel.DEVPTS_SUPER_MAGIC, "DEVPTS_SUPER_MAGIC")];

    public static readonly (long Value, string Name)[] Prctl =
    [
        (Kernel.PR_SET_PDEATHSIG, "PR_SET_PDEATHSIG"), (Kernel.PR_SET_DUMPABLE, "PR_SET_DUMPABLE"), (Kernel.PR_SET_KEEPCAPS, "PR_SET_KEEPCAPS"),
        (Kernel.PR_SET_NAME, "PR_SET_NAME"), (Kernel.PR_SET_CHILD_SUBREAPER, "PR_SET_CHILD_SUBREAPER"),
        (Kernel.PR_SET_NO_NEW_PRIVS, "PR_SET_NO_NEW_PRIVS"), (Kernel.PR_CAP_AMBIENT, "PR_CAP_AMBIENT"),
    ];

    public static readonly (long Value, string Name)[] Ioctl =
    [
        (Kernel.TIOCSCTTY, "TIOCSCTTY"), (Kernel.TIOCSWINSZ, "TIOCSWINSZ"), (Kernel.TIOCSPTLCK, "TIOCSPTLCK"),
        (Kernel.TIOCGPTPEER, "TIOCGPTPEER"), (Kernel.SIOCSIFFLAGS, "SIOCSIFFLAGS"),
    ];

    /// <summary>The name of one constant, or its number.</summary>
    public static string One(long value, (long Value, string Name)[] names)
    {
        foreach (var (constant, name) in names)
            if (constant == value)
                return name;
        return value.ToString(CultureInfo.InvariantCulture);
    }
}
