using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>What an argument of an instruction means, for its text.</summary>
internal enum ArgumentKind : byte
{
    Number,

    /// <summary>Says nothing that the others do not: sizes, empty paths, unused arguments.</summary>
    Hidden,
    Descriptor,
    Text,
    OpenHow,
    Octal,
    DeviceNumber,
    AtFlags,
    MountFlags,
    MountAttributes,
    MountAttr,
    OpenTreeFlags,
    MoveMountFlags,
    UnmountFlags,
    FsConfigCommand,
    CloneFlags,
    PrctlOption,
    IoctlRequest,
    Rlimit,
    Rlimit64,
    CapabilityData,
    Capabilities,
    Ids,
    MountPointKind,
    FilesystemMagic,
    SchedulerAttributes,
    BitSet,
    Strings,
    Id,
}

/// <summary>The arguments of each instruction.</summary>
internal static class ArgumentKinds
{
    public static ReadOnlySpan<ArgumentKind> Of(in Instruction instruction) =>
        instruction.Operation == Operation.Call ? Of(instruction.Call) : Of(instruction.Operation);

    private static ArgumentKind[] Of(Operation operation) => operation switch
    {
        Operation.MountPoint => [ArgumentKind.Descriptor, ArgumentKind.Text, ArgumentKind.MountPointKind, ArgumentKind.Descriptor],
        Operation.DropBounding => [ArgumentKind.Capabilities],
        Operation.SetTitle => [ArgumentKind.Hidden, ArgumentKind.Hidden, ArgumentKind.Text],
        Operation.FindCommand => [ArgumentKind.Strings, ArgumentKind.Hidden],
        Operation.Execute => [ArgumentKind.Strings, ArgumentKind.Strings, ArgumentKind.Hidden, ArgumentKind.Hidden, ArgumentKind.Hidden],
        Operation.CheckFilesystem => [ArgumentKind.Descriptor, ArgumentKind.FilesystemMagic, ArgumentKind.Hidden],
        Operation.CheckNode => [ArgumentKind.Descriptor, ArgumentKind.Text, ArgumentKind.Octal, ArgumentKind.DeviceNumber],
        Operation.CopyTree => [ArgumentKind.Descriptor, ArgumentKind.Descriptor],
        Operation.CopyLink => [ArgumentKind.Text, ArgumentKind.Descriptor, ArgumentKind.Text],
        Operation.SendTerminal => [ArgumentKind.Descriptor],
        Operation.LoadNotifyingFilter => [ArgumentKind.Number, ArgumentKind.Hidden],
        _ => [],
    };

    private static ArgumentKind[] Of(Syscall call) => call switch
    {
        Syscall.openat2 => [ArgumentKind.Descriptor, ArgumentKind.Text, ArgumentKind.OpenHow, ArgumentKind.Hidden],
        Syscall.mkdirat => [ArgumentKind.Descriptor, ArgumentKind.Text, ArgumentKind.Octal],
        Syscall.mknodat => [ArgumentKind.Descriptor, ArgumentKind.Text, ArgumentKind.Octal, ArgumentKind.DeviceNumber],
        Syscall.unlinkat => [ArgumentKind.Descriptor, ArgumentKind.Text, ArgumentKind.Hidden],
        Syscall.symlinkat => [ArgumentKind.Text, ArgumentKind.Descriptor, ArgumentKind.Text],
        Syscall.fchownat => [ArgumentKind.Descriptor, ArgumentKind.Text, ArgumentKind.Id, ArgumentKind.Id, ArgumentKind.AtFlags],
        Syscall.chdir or Syscall.chroot => [ArgumentKind.Text],
        Syscall.mount => [ArgumentKind.Text, ArgumentKind.Text, ArgumentKind.Text, ArgumentKind.MountFlags, ArgumentKind.Text],
        Syscall.umount2 => [ArgumentKind.Text, ArgumentKind.UnmountFlags],
        Syscall.pivot_root => [ArgumentKind.Text, ArgumentKind.Text],
        Syscall.open_tree => [ArgumentKind.Descriptor, ArgumentKind.Text, ArgumentKind.OpenTreeFlags],
        Syscall.move_mount => [ArgumentKind.Descriptor, ArgumentKind.Text, ArgumentKind.Descriptor, ArgumentKind.Text, ArgumentKind.MoveMountFlags],
        Syscall.fsopen => [ArgumentKind.Text, ArgumentKind.Hidden],
        Syscall.fsconfig => [ArgumentKind.Descriptor, ArgumentKind.FsConfigCommand, ArgumentKind.Text, ArgumentKind.Text, ArgumentKind.Hidden],
        Syscall.fspick => [ArgumentKind.Descriptor, ArgumentKind.Text, ArgumentKind.Hidden],
        Syscall.fsmount => [ArgumentKind.Descriptor, ArgumentKind.Hidden, ArgumentKind.MountAttributes],
        Syscall.mount_setattr => [ArgumentKind.Descriptor, ArgumentKind.Text, ArgumentKind.AtFlags, ArgumentKind.MountAttr, ArgumentKind.Hidden],
        Syscall.setns => [ArgumentKind.Descriptor, ArgumentKind.CloneFlags],
        Syscall.unshare => [ArgumentKind.CloneFlags],
        Syscall.sethostname or Syscall.setdomainname => [ArgumentKind.Text, ArgumentKind.Hidden],
        Syscall.write => [ArgumentKind.Descriptor, ArgumentKind.Text, ArgumentKind.Hidden],
        Syscall.prctl => [ArgumentKind.PrctlOption, ArgumentKind.Number, ArgumentKind.Number, ArgumentKind.Hidden, ArgumentKind.Hidden],
        Syscall.ioctl => [ArgumentKind.Descriptor, ArgumentKind.IoctlRequest, ArgumentKind.Hidden],
        Syscall.umask => [ArgumentKind.Octal],
        Syscall.rt_sigaction => [ArgumentKind.Number, ArgumentKind.Hidden, ArgumentKind.Hidden, ArgumentKind.Hidden],
        Syscall.setgroups => [ArgumentKind.Hidden, ArgumentKind.Ids],
        Syscall.prlimit64 => [ArgumentKind.Hidden, ArgumentKind.Rlimit, ArgumentKind.Rlimit64, ArgumentKind.Hidden],
        Syscall.capset => [ArgumentKind.Hidden, ArgumentKind.CapabilityData],
        Syscall.rt_sigprocmask => [ArgumentKind.Hidden, ArgumentKind.Hidden, ArgumentKind.Hidden, ArgumentKind.Hidden],
        Syscall.seccomp => [ArgumentKind.Hidden, ArgumentKind.Number, ArgumentKind.Hidden],
        Syscall.sched_setattr => [ArgumentKind.Hidden, ArgumentKind.SchedulerAttributes, ArgumentKind.Hidden],
        Syscall.sched_setaffinity => [ArgumentKind.Hidden, ArgumentKind.Hidden, ArgumentKind.BitSet],
        Syscall.set_mempolicy => [ArgumentKind.Number, ArgumentKind.BitSet, ArgumentKind.Hidden],
        Syscall.close or Syscall.fchdir => [ArgumentKind.Descriptor],
        Syscall.dup3 => [ArgumentKind.Descriptor, ArgumentKind.Number, ArgumentKind.Hidden],
        Syscall.keyctl => [ArgumentKind.Hidden, ArgumentKind.Hidden],
        Syscall.close_range => [ArgumentKind.Number, ArgumentKind.Number, ArgumentKind.Number],
        _ => [ArgumentKind.Number, ArgumentKind.Number, ArgumentKind.Number, ArgumentKind.Number, ArgumentKind.Number, ArgumentKind.Number],
    };
}
