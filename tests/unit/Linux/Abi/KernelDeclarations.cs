namespace Vitrine.Tests.Unit.Linux.Abi;

/// <summary>A struct of ours and the one in C that it must equal.</summary>
/// <param name="Type">Ours, without "Vitrine.".</param>
/// <param name="C">The type in C.</param>
/// <param name="Fields">"Ours=theirs" where the names differ; "Ours=" for padding and what C has no name for.</param>
/// <param name="SizeFrom">What to compare our size with, where it is not sizeof(C).</param>
internal sealed record StructRow(string Type, string C, string Fields = "", string? SizeFrom = null);

/// <summary>A constant of ours, or a member of an enum, and the expression in C that it must equal.</summary>
internal sealed record ConstantRow(string Type, string Member, string C);

/// <summary>
/// Everything of the C headers that we declare again. To add: a line in <see cref="Structs"/> or <see cref="Constants"/>; a struct that
/// is not the kernel's, in <see cref="OwnStructs"/>; an enum that is not, in <see cref="OwnEnums"/>. Constants and enum members
/// under the kernel's own name (CAP_KILL, PR_SET_NAME) need no line: they are found by themselves.
/// </summary>
internal static class KernelDeclarations
{
    public const string Headers = """
        #define _GNU_SOURCE
        #include <stddef.h>
        #include <errno.h>
        #include <netinet/in.h>
        #include <netinet/tcp.h>
        #include <fcntl.h>
        #include <poll.h>
        #include <sched.h>
        #include <signal.h>
        #include <spawn.h>
        #include <stdio.h>
        #include <termios.h>
        #include <time.h>
        #include <sys/epoll.h>
        #include <sys/eventfd.h>
        #include <sys/file.h>
        #include <sys/inotify.h>
        #include <sys/ioctl.h>
        #include <sys/mman.h>
        #include <sys/mount.h>
        #include <sys/personality.h>
        #include <sys/resource.h>
        #include <sys/signalfd.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <sys/statvfs.h>
        #include <sys/uio.h>
        #include <sys/un.h>
        #include <sys/wait.h>
        #include <net/if.h>
        #include <linux/audit.h>
        #include <linux/bpf.h>
        #include <linux/capability.h>
        #include <linux/close_range.h>
        #include <linux/filter.h>
        #include <linux/fs.h>
        #include <linux/keyctl.h>
        #include <linux/limits.h>
        #include <linux/magic.h>
        #include <linux/openat2.h>
        #include <linux/prctl.h>
        #include <linux/ptrace.h>
        #include <linux/sched.h>
        #define sched_param kernel_sched_param
        #include <linux/sched/types.h>
        #undef sched_param
        #include <linux/netlink.h>
        #include <linux/rtnetlink.h>
        #include <linux/if_link.h>
        #include <linux/netfilter.h>
        #include <linux/netfilter/nfnetlink.h>
        #include <linux/netfilter/nf_tables.h>
        #include <linux/netfilter/nfnetlink_conntrack.h>
        #include <linux/seccomp.h>
        #include <linux/sockios.h>
        #include <asm/unistd.h>
        #include <zstd.h>
        #define LINUX_CAPABILITY_VERSION_3 _LINUX_CAPABILITY_VERSION_3
        struct linux_dirent64 { unsigned long long d_ino; long long d_off; unsigned short d_reclen; unsigned char d_type; char d_name[]; };
        struct rights { struct cmsghdr header; int descriptor; };
        """;

    public static IReadOnlyList<StructRow> Structs { get; } =
    [
        new("Linux.Statx", "struct statx", "spare0="),
        new("Linux.StatxTimestamp", "struct statx_timestamp", "spare="),
        new("Linux.FileAt+OpenHow", "struct open_how"),
        new("Linux.FileAt+TimeSpec", "struct timespec"),
        new("Linux.Clock+TimeSpec", "struct timespec", "Seconds=tv_sec Nanoseconds=tv_nsec"),
        new("Linux.FileOn+StatVfs", "struct statvfs"),
        new("Linux.PollItem", "struct pollfd", "Descriptor=fd Asked=events Found=revents"),
        new("Linux.FileIdentity+Buffer", "struct statx",
            "Links=stx_nlink Inode=stx_ino DeviceMajor=stx_dev_major DeviceMinor=stx_dev_minor"),
        new("Linux.FileStamp+Buffer", "struct statx",
            "Inode=stx_ino Size=stx_size ChangedSeconds=stx_ctime.tv_sec ChangedNanoseconds=stx_ctime.tv_nsec ModifiedSeconds=stx_mtime.tv_sec ModifiedNanoseconds=stx_mtime.tv_nsec"),
        new("Linux.ThisProcess+SignalInfo", "siginfo_t", "Code=si_code Pid=si_pid Status=si_status"),
        new("Linux.PidFd+SignalInfo", "siginfo_t", "Code=si_code Pid=si_pid Status=si_status"),
        new("Linux.SignalMask", "sigset_t", "_words="),
        new("Linux.Seccomp.CallTracer+SyscallInfo", "struct ptrace_syscall_info", "nr=entry.nr"),
        new("Linux.Terminal+Winsize", "struct winsize", "Rows=ws_row Columns=ws_col PixelWidth=ws_xpixel PixelHeight=ws_ypixel"),
        new("Linux.TerminalMode+Termios", "struct termios",
            "InputFlags=c_iflag OutputFlags=c_oflag ControlFlags=c_cflag LocalFlags=c_lflag Line=c_line Characters=c_cc InputSpeed=c_ispeed OutputSpeed=c_ospeed"),
        new("Linux.SeqpacketSocket+Part", "struct iovec", "Start=iov_base Length=iov_len"),
        new("Linux.SeqpacketSocket+MessageHeader", "struct msghdr",
            "Name=msg_name NameLength=msg_namelen Parts=msg_iov PartCount=msg_iovlen Control=msg_control ControlLength=msg_controllen Flags=msg_flags"),
        new("Linux.Netlink.NetlinkSocket+SocketAddress", "struct sockaddr_nl", "Family=nl_family Padding=nl_pad Port=nl_pid Groups=nl_groups"),
        new("Linux.Netlink.RouteSocket+LinkHeader", "struct ifinfomsg", "Family=ifi_family Padding= Type=ifi_type Index=ifi_index Flags=ifi_flags Change=ifi_change"),
        new("Linux.Netlink.RouteSocket+AddressHeader", "struct ifaddrmsg", "Family=ifa_family Prefix=ifa_prefixlen Flags=ifa_flags Scope=ifa_scope Link=ifa_index"),
        new("Linux.Netlink.RouteSocket+RouteHeader", "struct rtmsg", "Family=rtm_family Prefix=rtm_dst_len SourcePrefix=rtm_src_len Service=rtm_tos "
            + "Table=rtm_table Protocol=rtm_protocol Scope=rtm_scope Type=rtm_type Flags=rtm_flags"),
        new("Linux.DeviceFilter+LoadAttributes", "union bpf_attr", SizeFrom: "offsetof(union bpf_attr, prog_flags) + sizeof(__u32)"),
        new("Linux.DeviceFilter+AttachAttributes", "union bpf_attr", SizeFrom: "offsetof(union bpf_attr, attach_flags) + sizeof(__u32)"),
        new("Linux.DeviceFilter+ByIdAttributes", "union bpf_attr", SizeFrom: "offsetof(union bpf_attr, open_flags) + sizeof(__u32)"),
        new("Linux.DeviceFilter+QueryAttributes", "union bpf_attr",
            "target_fd=query.target_fd attach_type=query.attach_type query_flags=query.query_flags attach_flags=query.attach_flags "
                + "prog_ids=query.prog_ids prog_cnt=query.prog_cnt", SizeFrom: "offsetof(union bpf_attr, query.prog_cnt) + 2 * sizeof(__u32)"),
        new("Linux.ZstdStream+InBuffer", "ZSTD_inBuffer"),
        new("Linux.ZstdStream+OutBuffer", "ZSTD_outBuffer"),
        new("Runtime.OpenHow", "struct open_how"),
        new("Runtime.Rlimit64", "struct rlimit64"),
        new("Runtime.CapabilityHeader", "struct __user_cap_header_struct"),
        new("Runtime.CapabilityData", "struct __user_cap_data_struct",
            "effective_low=effective permitted_low=permitted inheritable_low=inheritable effective_high= permitted_high= inheritable_high=",
            "2 * sizeof(struct __user_cap_data_struct)"),
        new("Runtime.WinSize", "struct winsize"),
        new("Runtime.InterfaceRequest", "struct ifreq"),
        new("Runtime.MountAttr", "struct mount_attr"),
        new("Linux.DetachedMount+Change", "struct mount_attr"),
        new("Runtime.SchedulerAttributes", "struct sched_attr"),
        new("Runtime.Interpreter+How", "struct open_how", "Flags=flags Mode=mode Resolve=resolve"),
        new("Runtime.Interpreter+Status", "struct statx",
            "Mask=stx_mask BlockSize=stx_blksize Attributes=stx_attributes LinkCount=stx_nlink Owner=stx_uid Group=stx_gid Mode=stx_mode Spare= " +
            "Inode=stx_ino Size=stx_size Blocks=stx_blocks AttributesMask=stx_attributes_mask Times=stx_atime NumberMajor=stx_rdev_major " +
            "NumberMinor=stx_rdev_minor Rest="),
        new("Runtime.Interpreter+CloneArguments", "struct clone_args"),
        new("Runtime.Interpreter+Vector", "struct iovec", "Start=iov_base Length=iov_len"),
        new("Runtime.Interpreter+MessageHeader", "struct msghdr",
            "Name=msg_name NameLength=msg_namelen Parts=msg_iov PartCount=msg_iovlen Control=msg_control ControlLength=msg_controllen Flags=msg_flags"),
        new("Runtime.Interpreter+RightsBlock", "struct rights",
            "Length=header.cmsg_len Level=header.cmsg_level Type=header.cmsg_type Descriptor=descriptor Padding="),
    ];

    /// <summary>Structs that mirror nothing in C.</summary>
    public static IReadOnlyList<string> OwnStructs { get; } =
    [
        "Linux.Seccomp.AbiRanges", "Linux.SocketName", "Linux.SocketName+SocketBytes",
        "Runtime.NativeInstruction", "Runtime.NativeContext", "Runtime.ProblemText", "Runtime.ControlMessage", "Runtime.Interpreter+Arguments",
    ];

    /// <summary>Enums whose values are our own.</summary>
    public static IReadOnlyList<string> OwnEnums { get; } =
    [
        "Linux.BindOptions", "Linux.FreezerState", "Linux.ReceiveStatus", "Linux.Proc.NamespaceKind", "Linux.Syscall", "Linux.Seccomp.SeccompArchitecture", "Linux.Seccomp.Comparison",
    ];

    public static IReadOnlyList<ConstantRow> Constants { get; } =
    [
        .. Members("Linux.LockMode", "Shared=LOCK_SH Exclusive=LOCK_EX"),
        .. Members("Linux.FileLock", "NonBlocking=LOCK_NB OpenFlags=O_RDWR|O_CREAT|O_CLOEXEC"),
        .. Members("Linux.PollEvents", "Read=POLLIN Write=POLLOUT Error=POLLERR HangUp=POLLHUP Invalid=POLLNVAL"),
        .. Members("Linux.EpollEvents", "Read=EPOLLIN Write=EPOLLOUT Error=EPOLLERR HangUp=EPOLLHUP"),
        .. Members("Linux.Epoll", "CloseOnExec=EPOLL_CLOEXEC"),
        .. Members("Linux.SignalFd", "NonBlockingCloseOnExec=SFD_NONBLOCK|SFD_CLOEXEC InfoSize=sizeof(struct~signalfd_siginfo) Block=SIG_BLOCK"),
        .. Members("Linux.CloneFlags", "NewTime=CLONE_NEWTIME PidFd=CLONE_PIDFD Parent=CLONE_PARENT NewMount=CLONE_NEWNS NewCgroup=CLONE_NEWCGROUP "
            + "NewUts=CLONE_NEWUTS NewIpc=CLONE_NEWIPC NewUser=CLONE_NEWUSER NewPid=CLONE_NEWPID NewNetwork=CLONE_NEWNET IntoCgroup=CLONE_INTO_CGROUP"),
        .. Members("Linux.DeviceAccess", "MakeNode=BPF_DEVCG_ACC_MKNOD Read=BPF_DEVCG_ACC_READ Write=BPF_DEVCG_ACC_WRITE "
            + "All=BPF_DEVCG_ACC_MKNOD|BPF_DEVCG_ACC_READ|BPF_DEVCG_ACC_WRITE"),
        .. Members("Linux.DeviceKind", "Block=BPF_DEVCG_DEV_BLOCK Character=BPF_DEVCG_DEV_CHAR"),
        .. Members("Linux.DeviceFilter", "ProgramLoad=BPF_PROG_LOAD ProgramAttach=BPF_PROG_ATTACH ProgramDetach=BPF_PROG_DETACH "
            + "ProgramById=BPF_PROG_GET_FD_BY_ID ProgramQuery=BPF_PROG_QUERY CgroupDeviceProgram=BPF_PROG_TYPE_CGROUP_DEVICE "
            + "CgroupDeviceAttach=BPF_CGROUP_DEVICE AllowMultiple=BPF_F_ALLOW_MULTI LoadWord=BPF_LDX|BPF_W|BPF_MEM AndImmediate=BPF_ALU64|BPF_AND|BPF_K "
            + "ShiftRight=BPF_ALU64|BPF_RSH|BPF_K MoveImmediate=BPF_ALU64|BPF_MOV|BPF_K MoveRegister=BPF_ALU64|BPF_MOV|BPF_X "
            + "JumpEqual=BPF_JMP|BPF_JEQ|BPF_K JumpNotEqual=BPF_JMP|BPF_JNE|BPF_K Exit=BPF_JMP|BPF_EXIT"),
        .. Members("Linux.RenameFlags", "NoReplace=RENAME_NOREPLACE Exchange=RENAME_EXCHANGE"),
        .. Members("Linux.FileKind", "Fifo=S_IFIFO CharacterDevice=S_IFCHR Directory=S_IFDIR BlockDevice=S_IFBLK Regular=S_IFREG Symlink=S_IFLNK Socket=S_IFSOCK"),
        .. Members("Linux.OpenFlags", "ReadOnly=O_RDONLY WriteOnly=O_WRONLY ReadWrite=O_RDWR Create=O_CREAT Exclusive=O_EXCL NoControllingTerminal=O_NOCTTY "
            + "Truncate=O_TRUNC Append=O_APPEND NonBlocking=O_NONBLOCK Directory=O_DIRECTORY NoFollow=O_NOFOLLOW PathOnly=O_PATH"),
        .. Members("Linux.ResolveFlags", "NoCrossMount=RESOLVE_NO_XDEV NoMagicLinks=RESOLVE_NO_MAGICLINKS NoSymlinks=RESOLVE_NO_SYMLINKS "
            + "Beneath=RESOLVE_BENEATH InRoot=RESOLVE_IN_ROOT"),
        .. Members("Linux.MountAttributes", "ReadOnly=MOUNT_ATTR_RDONLY NoSuid=MOUNT_ATTR_NOSUID NoDev=MOUNT_ATTR_NODEV NoExec=MOUNT_ATTR_NOEXEC "
            + "AccessTimeMask=MOUNT_ATTR__ATIME NoAccessTime=MOUNT_ATTR_NOATIME StrictAccessTime=MOUNT_ATTR_STRICTATIME "
            + "NoDirectoryAccessTime=MOUNT_ATTR_NODIRATIME NoSymlinkFollow=MOUNT_ATTR_NOSYMFOLLOW IdMapped=MOUNT_ATTR_IDMAP"),
        .. Members("Linux.MountPropagation", "Unbindable=MS_UNBINDABLE Private=MS_PRIVATE Slave=MS_SLAVE Shared=MS_SHARED"),
        .. Members("Linux.MountFlags", "ReadOnly=MS_RDONLY NoSuid=MS_NOSUID NoDev=MS_NODEV NoExec=MS_NOEXEC Synchronous=MS_SYNCHRONOUS Remount=MS_REMOUNT "
            + "NoAccessTime=MS_NOATIME NoDirectoryAccessTime=MS_NODIRATIME RelativeAccessTime=MS_RELATIME StrictAccessTime=MS_STRICTATIME Bind=MS_BIND Move=MS_MOVE "
            + "Recursive=MS_REC Unbindable=MS_UNBINDABLE Private=MS_PRIVATE Slave=MS_SLAVE Shared=MS_SHARED"),
        .. Members("Linux.OpenTreeFlags", "Clone=OPEN_TREE_CLONE CloseOnExec=OPEN_TREE_CLOEXEC Recursive=AT_RECURSIVE EmptyPath=AT_EMPTY_PATH"),
        .. Members("Linux.MoveMountFlags", "FromEmptyPath=MOVE_MOUNT_F_EMPTY_PATH ToEmptyPath=MOVE_MOUNT_T_EMPTY_PATH"),
        .. Members("Linux.FsConfigCommand", "SetFlag=FSCONFIG_SET_FLAG SetString=FSCONFIG_SET_STRING SetDescriptor=FSCONFIG_SET_FD Create=FSCONFIG_CMD_CREATE Reconfigure=FSCONFIG_CMD_RECONFIGURE"),
        .. Members("Linux.UnmountFlags", "Force=MNT_FORCE Detach=MNT_DETACH NoFollow=UMOUNT_NOFOLLOW"),
        .. Members("Linux.Seccomp.SeccompFlags", "Tsync=SECCOMP_FILTER_FLAG_TSYNC Log=SECCOMP_FILTER_FLAG_LOG SpecAllow=SECCOMP_FILTER_FLAG_SPEC_ALLOW "
            + "NewListener=SECCOMP_FILTER_FLAG_NEW_LISTENER WaitKillableRecv=SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"),
        .. Members("Linux.Seccomp.SeccompAction", "ErrnoBase=SECCOMP_RET_ERRNO TraceBase=SECCOMP_RET_TRACE ActionMask=SECCOMP_RET_ACTION_FULL"),
        .. Members("Linux.Seccomp.SeccompProgram", "InstructionSize=sizeof(struct~sock_filter) MaxInstructions=BPF_MAXINSNS"),
        .. Members("Linux.Seccomp.BpfWriter", "NumberWord=offsetof(struct~seccomp_data,nr) ArchitectureWord=offsetof(struct~seccomp_data,arch) "
            + "ArgumentsOffset=offsetof(struct~seccomp_data,args) JumpEqual=BPF_JMP|BPF_JEQ|BPF_K JumpGreater=BPF_JMP|BPF_JGT|BPF_K "
            + "JumpGreaterOrEqual=BPF_JMP|BPF_JGE|BPF_K LoadAbsolute=BPF_LD|BPF_W|BPF_ABS AndConstant=BPF_ALU|BPF_AND|BPF_K "
            + "JumpAlways=BPF_JMP|BPF_JA Return=BPF_RET|BPF_K"),
        .. Members("Linux.Seccomp.SeccompArchitectures", "X32Bit=0x40000000"),
        .. Members("Linux.CgroupFile", "WriteOnly=O_WRONLY CloseOnExec=O_CLOEXEC"),
        .. Members("Linux.Inotify", "NonBlockingCloseOnExec=IN_NONBLOCK|IN_CLOEXEC "
            + "Changes=IN_MODIFY|IN_MOVED_FROM|IN_MOVED_TO|IN_CREATE|IN_DELETE|IN_DELETE_SELF"),
        .. Members("Linux.InotifySet", "LengthOffset=offsetof(struct~inotify_event,len) HeaderSize=sizeof(struct~inotify_event)"),
        .. Members("Linux.EventFd", "NonBlockingCloseOnExec=EFD_NONBLOCK|EFD_CLOEXEC"),
        .. Members("Linux.Pipe", "CloseOnExec=O_CLOEXEC"),
        .. Members("Linux.Fd", "GetFlags=F_GETFL SetFlags=F_SETFL SetDescriptorFlags=F_SETFD DuplicateCloseOnExec=F_DUPFD_CLOEXEC NonBlock=O_NONBLOCK"),
        .. Members("Linux.MemFd", "CloseOnExec=MFD_CLOEXEC"),
        .. Members("Linux.PipeOwner", "EmptyPath=AT_EMPTY_PATH StatxType=STATX_TYPE ModeOffset=offsetof(struct~statx,stx_mode) TypeMask=S_IFMT "
            + "Fifo=S_IFIFO Socket=S_IFSOCK"),
        .. Members("Linux.FileStamp", "AtFdCwd=AT_FDCWD StatxMtime=STATX_MTIME StatxCtime=STATX_CTIME StatxIno=STATX_INO StatxSize=STATX_SIZE"),
        .. Members("Linux.FileIdentity", "AtFdCwd=AT_FDCWD AtEmptyPath=AT_EMPTY_PATH StatxNlink=STATX_NLINK StatxIno=STATX_INO"),
        .. Members("Linux.Terminal", "GetWindowSize=TIOCGWINSZ SetWindowSize=TIOCSWINSZ"),
        .. Members("Linux.TerminalMode", "AfterOutput=TCSADRAIN"),
        .. Members("Linux.SeqpacketSocket", "UnixDomain=AF_UNIX SeqPacket=SOCK_SEQPACKET TypeOption=SO_TYPE SeqPacketCloseOnExec=SOCK_SEQPACKET|SOCK_CLOEXEC "
            + "NonBlockingCloseOnExec=SOCK_NONBLOCK|SOCK_CLOEXEC DontWait=MSG_DONTWAIT NoSignal=MSG_NOSIGNAL CloseOnExecFiles=MSG_CMSG_CLOEXEC "
            + "Truncated=MSG_TRUNC|MSG_CTRUNC SocketLevel=SOL_SOCKET Rights=SCM_RIGHTS ControlHeader=CMSG_LEN(0)"),
        .. Members("Linux.Netlink.NetlinkFlags", "Request=NLM_F_REQUEST Multi=NLM_F_MULTI Acknowledge=NLM_F_ACK Dump=NLM_F_DUMP Exclusive=NLM_F_EXCL "
            + "Create=NLM_F_CREATE Append=NLM_F_APPEND"),
        .. Members("Linux.Netlink.NetlinkWriter", "HeaderSize=sizeof(struct~nlmsghdr) Nested=NLA_F_NESTED"),
        .. Members("Linux.Netlink.NetlinkSocket", "Domain=AF_NETLINK RawCloseOnExec=SOCK_RAW|SOCK_CLOEXEC DontWait=MSG_DONTWAIT Error=NLMSG_ERROR Done=NLMSG_DONE"),
        .. Members("Linux.Netlink.RouteSocket", "Route=NETLINK_ROUTE NewLink=RTM_NEWLINK LinkAddress=IFLA_ADDRESS LinkName=IFLA_IFNAME LinkMtu=IFLA_MTU "
            + "LinkPeer=IFLA_LINK LinkMaster=IFLA_MASTER LinkKindAndData=IFLA_LINKINFO LinkNamespace=IFLA_NET_NS_FD Kind=IFLA_INFO_KIND Data=IFLA_INFO_DATA PortKind=IFLA_INFO_SLAVE_KIND PortData=IFLA_INFO_SLAVE_DATA PortMode=IFLA_BRPORT_MODE Up=IFF_UP LinkFamilies=IFLA_AF_SPEC Ipv6=AF_INET6 AddressMode=IFLA_INET6_ADDR_GEN_MODE NoAddress=IN6_ADDR_GEN_MODE_NONE"),
        .. Members("Linux.Netlink.NftSocket", "Netfilter=NETLINK_NETFILTER Subsystem=NFNL_SUBSYS_NFTABLES<<8 BatchBegin=NFNL_MSG_BATCH_BEGIN "
            + "BatchEnd=NFNL_MSG_BATCH_END Inet=NFPROTO_INET Ipv4=NFPROTO_IPV4"),
        .. Members("Linux.Netlink.ConntrackSocket", "Netfilter=NETLINK_NETFILTER Subsystem=NFNL_SUBSYS_CTNETLINK<<8"),
        .. Members("Linux.InetSocket", "Stream=SOCK_STREAM Datagram=SOCK_DGRAM Flags=SOCK_NONBLOCK|SOCK_CLOEXEC NoSignal=MSG_NOSIGNAL Peek=MSG_PEEK Truncate=MSG_TRUNC Linger=SO_LINGER EndOfSending=SHUT_WR "
            + "SocketLevel=SOL_SOCKET ReuseAddress=SO_REUSEADDR BindToDevice=SO_BINDTODEVICE TcpLevel=IPPROTO_TCP NoDelay=TCP_NODELAY Ipv6Level=IPPROTO_IPV6 Ipv6Only=IPV6_V6ONLY"),
        .. Members("Linux.OwnCapabilities", "Version3=_LINUX_CAPABILITY_VERSION_3"),
        .. Members("Linux.ThisProcess", "SetChildSubreaper=PR_SET_CHILD_SUBREAPER AnyChild=P_ALL Exited=WEXITED NoHang=WNOHANG"),
        .. Members("Linux.SpawnPlan", "SetSignalDefaults=POSIX_SPAWN_SETSIGDEF SetSignalMask=POSIX_SPAWN_SETSIGMASK SetSession=POSIX_SPAWN_SETSID"),
        .. Members("Linux.ExitStatus", "CldExited=CLD_EXITED"),
        .. Members("Linux.PidFd", "ByPidFd=P_PIDFD NoHang=WNOHANG Exited=WEXITED"),
        .. Members("Linux.DirectoryReader", "LengthOffset=offsetof(struct~linux_dirent64,d_reclen) TypeOffset=offsetof(struct~linux_dirent64,d_type) "
            + "NameOffset=offsetof(struct~linux_dirent64,d_name)"),
        .. Members("Linux.FileCopier", "FiClone=FICLONE"),
        .. Members("Linux.CString", "PathMax=4096"),
        .. Members("Linux.FileAt", "AtCurrentDirectory=AT_FDCWD AtSymlinkNoFollow=AT_SYMLINK_NOFOLLOW AtRemoveDirectory=AT_REMOVEDIR "
            + "AtEmptyPath=AT_EMPTY_PATH StatxBasic=STATX_BASIC_STATS SysOpenat2=__NR_openat2"),
        .. Members("Linux.Xattr", "MaxSize=XATTR_SIZE_MAX NameMax=XATTR_NAME_MAX+1"),
        .. Members("Linux.Clock", "Realtime=CLOCK_REALTIME"),
        .. Members("Linux.Rlimits", "Count=RLIM_NLIMITS"),
        .. Members("Runtime.Interpreter", "PathOnly=O_PATH CloseOnExec=O_CLOEXEC Create=O_CREAT|O_EXCL|O_WRONLY FileTypeMask=S_IFMT DirectoryType=S_IFDIR "
            + "StatxType=STATX_TYPE StatxModeOffset=offsetof(struct~statx,stx_mode) EmptyPath=AT_EMPTY_PATH SigChld=SIGCHLD Peek=MSG_PEEK "
            + "DontWait=MSG_DONTWAIT PrCapBsetDrop=PR_CAPBSET_DROP SetMask=SIG_SETMASK SocketLevel=SOL_SOCKET Rights=SCM_RIGHTS NoHang=WNOHANG "
            + "SigTtin=SIGTTIN SigTtou=SIGTTOU AtCurrentDirectory=AT_FDCWD"),
    ];

    /// <summary>What must hold beside equalities.</summary>
    public static IReadOnlyList<string> Conditions { get; } =
    [
        "sizeof(struct epoll_event) == 12 && offsetof(struct epoll_event, data) == 4", // on x86-64, where it is packed
        "RTM_DELLINK == 17 && RTM_GETLINK == 18 && RTM_NEWADDR == 20 && RTM_GETADDR == 22 && RTM_NEWROUTE == 24 && RTM_GETROUTE == 26",
        "IFA_ADDRESS == 1 && IFA_LOCAL == 2 && IFA_F_NODAD == 2 && RTA_DST == 1 && RTA_OIF == 4 && RTA_GATEWAY == 5 && RT_TABLE_MAIN == 254",
        "NFT_MSG_NEWTABLE == 0 && NFT_MSG_DELTABLE == 2 && NFT_MSG_NEWCHAIN == 3 && NFT_MSG_GETCHAIN == 4 && NFT_MSG_NEWRULE == 6 && NFT_MSG_GETRULE == 7",
        "NFT_MSG_NEWSETELEM == 12 && NFT_MSG_DELSETELEM == 14 && NFTA_SET_ELEM_LIST_TABLE == 1 && NFTA_SET_ELEM_LIST_SET == 2 && NFTA_SET_ELEM_LIST_ELEMENTS == 3",
        "NFTA_SET_ELEM_KEY == 1 && NFTA_SET_ELEM_DATA == 2 && NFTA_SET_ELEM_FLAGS == 3 && NFT_SET_ELEM_INTERVAL_END == 1 && NFTA_DATA_VALUE == 1",
        "NFTA_CHAIN_HOOK == 4 && NFTA_CHAIN_POLICY == 5 && NFTA_CHAIN_TYPE == 7 && NFTA_RULE_EXPRESSIONS == 4 && NFT_META_L4PROTO == 16",
        "NFTA_PAYLOAD_SREG == 5 && NFTA_PAYLOAD_CSUM_TYPE == 6 && NFTA_PAYLOAD_CSUM_OFFSET == 7 && NFT_PAYLOAD_CSUM_INET == 1 && NFT_PAYLOAD_TRANSPORT_HEADER == 2",
        "IPCTNL_MSG_CT_GET == 1 && IPCTNL_MSG_CT_DELETE == 2 && CTA_TUPLE_ORIG == 1 && CTA_TUPLE_REPLY == 2 && CTA_ID == 12 && CTA_PROTO_DST_PORT == 3",
        "EPOLL_CTL_ADD == 1 && EPOLL_CTL_DEL == 2 && EPOLL_CTL_MOD == 3",
        "SEEK_DATA == 3 && SEEK_HOLE == 4 && PATH_MAX == 4096",
        "sizeof(posix_spawnattr_t) <= 512",
        "sizeof(posix_spawn_file_actions_t) <= 256",
        "sizeof(struct sockaddr_un) == 110",
        "SECCOMP_RET_KILL_PROCESS == 0x80000000 && SECCOMP_RET_KILL_THREAD == 0 && SECCOMP_RET_TRAP == 0x30000",
        "SECCOMP_RET_USER_NOTIF == 0x7fc00000 && SECCOMP_RET_LOG == 0x7ffc0000 && SECCOMP_RET_ALLOW == 0x7fff0000",
        "AUDIT_ARCH_X86_64 == 0xC000003E && AUDIT_ARCH_I386 == 0x40000003 && AUDIT_ARCH_AARCH64 == 0xC00000B7 && AUDIT_ARCH_ARM == 0x40000028",
    ];

    private static IEnumerable<ConstantRow> Members(string type, string pairs) =>
        pairs.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => new ConstantRow(type, pair[0], pair[1].Replace('~', ' ')));
}
