using Vitrine.Linux.Proc;

namespace Vitrine.Linux;

/// <summary>CLONE_* flags of clone(2), unshare(2) and setns(2) that Vitrine uses.</summary>
[Flags]
public enum CloneFlags : ulong
{
    None = 0,
    NewTime = 0x80,
    PidFd = 0x1000,

    /// <summary>The new process gets the caller's parent, not the caller.</summary>
    Parent = 0x8000,
    NewMount = 0x20000,
    NewCgroup = 0x2000000,
    NewUts = 0x4000000,
    NewIpc = 0x8000000,
    NewUser = 0x10000000,
    NewPid = 0x20000000,
    NewNetwork = 0x40000000,

    /// <summary>The new process starts in the cgroup of a descriptor; clone3(2) only.</summary>
    IntoCgroup = 0x200000000,
}

/// <summary>Namespace kinds as flags.</summary>
public static class CloneFlagsExtensions
{
    /// <summary>The flag that makes or joins a namespace of this kind.</summary>
    public static CloneFlags ToCloneFlag(this NamespaceKind kind) => kind switch
    {
        NamespaceKind.User => CloneFlags.NewUser,
        NamespaceKind.Pid => CloneFlags.NewPid,
        NamespaceKind.Mount => CloneFlags.NewMount,
        NamespaceKind.Network => CloneFlags.NewNetwork,
        NamespaceKind.Uts => CloneFlags.NewUts,
        NamespaceKind.Ipc => CloneFlags.NewIpc,
        NamespaceKind.Cgroup => CloneFlags.NewCgroup,
        _ => CloneFlags.NewTime,
    };
}
