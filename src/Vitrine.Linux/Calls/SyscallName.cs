namespace Vitrine.Linux;

/// <summary>The kernel's names of <see cref="Syscall"/>s: Enum.ToString would need the members' names, and the shim is compiled without names.</summary>
public static class SyscallName
{
    private const string Names =
        "- read write close ioctl openat2 mkdirat mknodat symlinkat unlinkat readlinkat statx fchownat fchmodat fchdir chdir " +
        "chroot mount umount2 pivot_root open_tree move_mount fsopen fsconfig fsmount mount_setattr fspick fstatfs getdents64 " +
        "sendfile utimensat set_mempolicy dup3 fcntl close_range setns unshare clone sethostname setdomainname prctl capget " +
        "capset setgroups setresuid setresgid prlimit64 umask personality setsid keyctl seccomp execve exit_group rt_sigaction " +
        "rt_sigprocmask kill wait4 getpid socket sendmsg recvfrom sched_setattr sched_setaffinity ioprio_set pidfd_open " +
        "pidfd_send_signal rt_sigtimedwait bpf clone3 faccessat2 getppid sched_yield";

    /// <summary>For example <c>openat2</c>.</summary>
    public static string Of(Syscall call) => WordList.At(Names, (int)call) ?? "no call";
}
