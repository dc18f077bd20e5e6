namespace Vitrine.Insight.Sections;

/// <summary>System calls that a filter is there to refuse, by what they are good for.</summary>
internal static class SyscallPurposes
{
    public static IReadOnlyList<(string Purpose, string Meaning, string[] Calls)> Groups { get; } =
    [
        ("mount", "change what the container sees as its files",
            ["mount", "umount", "umount2", "pivot_root", "move_mount", "open_tree", "open_tree_attr", "fsopen", "fsconfig", "fsmount", "fspick",
                "mount_setattr"]),
        ("namespaces", "enter or make namespaces, and get all capabilities in a new user namespace",
            ["unshare", "setns", "clone", "clone3"]),
        ("modules", "load code into the kernel",
            ["init_module", "finit_module", "delete_module", "create_module", "get_kernel_syms", "query_module"]),
        ("kernel", "start another kernel, or stop this one",
            ["reboot", "kexec_load", "kexec_file_load"]),
        ("bpf and tracing", "run programs in the kernel and watch the whole host",
            ["bpf", "perf_event_open", "userfaultfd", "lookup_dcookie"]),
        ("ptrace", "read and change other processes",
            ["ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd", "process_madvise"]),
        ("keyring", "use the kernel's keys, which namespaces do not separate",
            ["add_key", "request_key", "keyctl"]),
        ("time", "set the host's clock",
            ["settimeofday", "clock_settime", "clock_settime64", "clock_adjtime", "clock_adjtime64", "adjtimex", "stime"]),
        ("file handles", "open files by number, past every directory permission",
            ["open_by_handle_at", "name_to_handle_at"]),
        ("hardware", "reach ports and memory of the machine",
            ["iopl", "ioperm", "pciconfig_read", "pciconfig_write", "pciconfig_iobase"]),
        ("swap, quota and accounting", "administer the host",
            ["swapon", "swapoff", "quotactl", "quotactl_fd", "acct", "syslog", "vhangup", "sethostname", "setdomainname"]),
        ("io_uring", "a second way into the kernel that seccomp cannot see through",
            ["io_uring_setup", "io_uring_enter", "io_uring_register"]),
        ("memory placement", "look at and move memory between nodes",
            ["mbind", "set_mempolicy", "set_mempolicy_home_node", "get_mempolicy", "migrate_pages", "move_pages"]),
        ("sockets", "address families with a history of kernel bugs (AF_ALG, AF_VSOCK)", ["socket", "socketcall"]),
        ("old and odd", "calls hardly anything needs",
            ["personality", "uselib", "ustat", "sysfs", "_sysctl", "nfsservctl", "vm86", "vm86old", "modify_ldt", "bdflush", "vserver"]),
    ];
}
