namespace Vitrine.Commands.CommandLine;

/// <summary>
/// The verbs of the glass box, which needs no engine: vitrine-glass has them; vitrine lists them in its help and completion
/// and hands them over.
/// </summary>
public static class GlassCommands
{
    public const string Program = "vitrine-glass";

    /// <summary>Words that lead to verbs of the glass box.</summary>
    public static IReadOnlyList<CommandGroup> Groups { get; } =
    [
        new("host", "Look at the containers of all engines on this host"),
        new("caps", "Decode, show and compare capabilities"),
        new("cgroup", "Look at control groups, change them and run programs in them"),
        new("ns", "List, show, make and enter namespaces"),
        new("fs", "Look at and change the files of containers, without any tool inside"),
        new("lab", "Learn what containers are by guided lessons on this system"),
        new("lsm", "Show what security modules do"),
        new("seccomp", "Show, ask and write filters of system calls"),
    ];

    public static IReadOnlyList<Command> All { get; } =
    [
        Glass("Show what a container or process really is on this host", "container explain", "explain") with { IsCommon = true },
        Glass("Find what weakens containers, the host and engines' sockets, and which ways out are open", "container audit", "audit"),
        Glass("List every process on this host that lives in a container, of any engine", "host ps"),
        Glass("Translate a mask of capabilities into names, and names into the mask", "caps decode"),
        Glass("Show the capabilities of a container or process and what each lets it do", "caps show"),
        Glass("Compare the capabilities of two containers, processes or sets", "caps diff"),
        Glass("Show the tree of cgroups with processes, use and limits", "cgroup ls", "cgroup list"),
        Glass("Make cgroups", "cgroup create"),
        Glass("Read settings of a cgroup, by the names of v1 or v2", "cgroup get"),
        Glass("Change settings of a cgroup, by the names of v1 or v2", "cgroup set"),
        Glass("Run a command in a cgroup", "cgroup exec"),
        Glass("Move running processes into a cgroup", "cgroup classify"),
        Glass("Remove cgroups", "cgroup rm"),
        Glass("Show what cgroups use, live", "cgroup top"),
        Glass("Run a shell with tools of the host or an image in a container's namespaces", "container debug", "debug"),
        Glass("List the namespaces of this host and whose they are", "ns ls", "ns list"),
        Glass("Show what the namespaces of a container or process isolate and with whom they are shared", "ns show"),
        Glass("Run a command in new namespaces, as unshare does", "ns run"),
        Glass("Run a command in the namespaces of a container or process, as nsenter does", "ns enter"),
        Glass("List files of a container", "fs ls"),
        Glass("Print files of a container", "fs cat"),
        Glass("Copy files out of a container or into one", "fs cp"),
        Glass("Edit a file of a container with this host's editor", "fs edit"),
        Glass("Find files of a container by name, type, size, time, permissions, owner", "fs find"),
        Glass("Show what of a container's files was added, changed and deleted, by whom and when", "fs diff"),
        Glass("Show what clients and an engine say over its socket, or give away a socket that allows less", "spy"),
        Glass("Show which system calls a container or process is refused", "seccomp show"),
        Glass("Ask what a filter answers to a system call", "seccomp test"),
        Glass("Write a filter of the system calls that a command makes", "seccomp generate"),
        Glass("List the guided lessons", "lab ls", "lab list"),
        Glass("Print a lesson to read", "lab show"),
        Glass("Run lessons step by step in a throwaway sandbox, explained and checked", "lab run"),
        Glass("Show what AppArmor, SELinux and other security modules do to a container or process", "lsm show"),
    ];

    private static Command Glass(string summary, params string[] forms) => new(summary, null, forms) { Program = Program };
}
