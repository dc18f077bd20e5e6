namespace Vitrine.Runtime;

/// <summary>What an instruction does. All but the first are steps that are no single system call.</summary>
internal enum Operation : byte
{
    /// <summary>One system call; EINTR is retried.</summary>
    Call,

    /// <summary>Continues at the target.</summary>
    Jump,

    /// <summary>Waits for the parent's go-ahead; leaves when the parent has gone.</summary>
    AwaitParent,

    /// <summary>
    /// Waits as <see cref="AwaitParent"/> does, for by then the parent has recorded the process or moved it, and enters the cgroups
    /// that it did not start in.
    /// </summary>
    EnterCgroup,

    /// <summary>Asks the parent to write the id maps of the new user namespace, and waits until it has.</summary>
    AwaitIdMaps,

    /// <summary>Leaves when the parent has gone: closes the race between PR_SET_PDEATHSIG and the parent's end.</summary>
    CheckParent,

    /// <summary>Forks the next stage as a sibling, tells the parent its pid, and leaves; the next stage continues.</summary>
    ForkStage,

    /// <summary>Sets every signal to its default and empties the mask.</summary>
    ResetSignals,

    /// <summary>Opens a path below a root directory, creating what is missing: root, path, <see cref="MountPointKind"/>, like.</summary>
    MountPoint,

    /// <summary>Drops every capability from the bounding set that is not in the mask.</summary>
    DropBounding,

    /// <summary>Fails with EXDEV unless a descriptor is on a filesystem of one kind, and with EINVAL unless it is this inode where one is given: descriptor, magic, inode.</summary>
    CheckFilesystem,

    /// <summary>Fails with EEXIST unless there is a node of this type and number: directory, name, mode, number.</summary>
    CheckNode,

    /// <summary>Copies what is in one directory into another: from, to.</summary>
    CopyTree,

    /// <summary>Makes the same symbolic link as there is at a path of the host, or EINVAL where that is none: path, directory, name.</summary>
    CopyLink,

    /// <summary>Sends a descriptor to the parent.</summary>
    SendTerminal,

    /// <summary>
    /// Loads a seccomp filter with a listener, and has a process that the filter does not bind send that to the parent: flags, program.
    /// </summary>
    LoadNotifyingFilter,

    /// <summary>Tells the parent that all is set up: what follows is the command itself.</summary>
    ReportReady,

    /// <summary>Tells the parent that the filesystem is put together, and waits until it has run its hooks.</summary>
    AwaitHooks,

    /// <summary>Looks whether there is a command that could be executed: candidates, and whether they are a search.</summary>
    FindCommand,

    /// <summary>Forks the command: the child continues, this process goes to the target to become its init.</summary>
    ForkCommand,

    /// <summary>Overwrites the command line that ps shows: start, end, text.</summary>
    SetTitle,

    /// <summary>Forwards signals to the command, reaps, and leaves with the command's status. Never returns.</summary>
    InitLoop,

    /// <summary>
    /// Executes the first of the candidate paths that there is: candidates, argv, envp, whether they are a search, and the
    /// command's name where nobody but stderr can be told of a failure. Never returns.
    /// </summary>
    Execute,
}

/// <summary>What <see cref="Operation.MountPoint"/> makes where nothing is.</summary>
[Flags]
internal enum MountPointKind : byte
{
    Directory = 0,
    File = 1,

    /// <summary>Whichever the object of the last operand's descriptor is.</summary>
    Like = 2,

    /// <summary>No symbolic link may be in the path.</summary>
    NoSymlinks = 4,
}
