namespace Vitrine.Linux;

/// <summary>Properties of one mount, MOUNT_ATTR_* of fsmount(2) and mount_setattr(2).</summary>
[Flags]
public enum MountAttributes : ulong
{
    None = 0,
    ReadOnly = 0x1,
    NoSuid = 0x2,
    NoDev = 0x4,
    NoExec = 0x8,

    /// <summary>The bits of which access times are kept; relatime is zero, so a change must clear them all.</summary>
    AccessTimeMask = 0x70,
    NoAccessTime = 0x10,
    StrictAccessTime = 0x20,
    NoDirectoryAccessTime = 0x80,
    NoSymlinkFollow = 0x200000,
    IdMapped = 0x100000,
}

/// <summary>How mount events travel between peers (mount_namespaces(7)); the MS_* values that mount(2) and mount_setattr(2) take.</summary>
[Flags]
public enum MountPropagation : ulong
{
    Unchanged = 0,
    Unbindable = 1 << 17,
    Private = 1 << 18,
    Slave = 1 << 19,
    Shared = 1 << 20,
}

/// <summary>MS_* flags of mount(2).</summary>
[Flags]
public enum MountFlags : ulong
{
    None = 0,
    ReadOnly = 1,
    NoSuid = 2,
    NoDev = 4,
    NoExec = 8,
    Synchronous = 16,
    Remount = 32,
    NoAccessTime = 1024,
    NoDirectoryAccessTime = 2048,
    Bind = 4096,
    Move = 8192,
    Recursive = 16384,
    RelativeAccessTime = 1 << 21,
    StrictAccessTime = 1 << 24,
    Unbindable = MountPropagation.Unbindable,
    Private = MountPropagation.Private,
    Slave = MountPropagation.Slave,
    Shared = MountPropagation.Shared,
}

/// <summary>Flags of open_tree(2); close-on-exec is always meant.</summary>
[Flags]
public enum OpenTreeFlags : uint
{
    /// <summary>A detached copy of the mount, instead of a reference to it.</summary>
    Clone = 1,
    CloseOnExec = 0x80000,

    /// <summary>With the mounts below it (AT_RECURSIVE).</summary>
    Recursive = 0x8000,

    /// <summary>The directory descriptor itself is the object (AT_EMPTY_PATH).</summary>
    EmptyPath = 0x1000,
}

/// <summary>Flags of move_mount(2).</summary>
[Flags]
public enum MoveMountFlags : uint
{
    FromEmptyPath = 0x4,
    ToEmptyPath = 0x40,
}

/// <summary>Commands of fsconfig(2).</summary>
public enum FsConfigCommand : uint
{
    SetFlag = 0,
    SetString = 1,
    SetDescriptor = 5,
    Create = 6,
    Reconfigure = 7,
}

/// <summary>Flags of umount2(2).</summary>
[Flags]
public enum UnmountFlags
{
    None = 0,
    Force = 1,

    /// <summary>Out of sight at once, gone when its last user is (MNT_DETACH).</summary>
    Detach = 2,
    NoFollow = 8,
}
