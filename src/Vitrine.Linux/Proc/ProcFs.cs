namespace Vitrine.Linux.Proc;

/// <summary>
/// Reads what the kernel tells of processes. Every reader gives null for a process that is not there (any more), and
/// throws <see cref="LinuxException"/> where the kernel refuses (EACCES, EPERM) or does not have the feature (EINVAL).
/// </summary>
/// <param name="root">Where procfs is mounted: <c>/proc</c>, or a plain tree in tests.</param>
public sealed class ProcFs(string root = "/proc")
{
    /// <summary>The most open files that are listed of one process.</summary>
    public const int OpenFileLimit = 4096;

    /// <summary>This host's /proc.</summary>
    public static ProcFs Host { get; } = new();

    public string Root { get; } = root;

    /// <summary>The path of a file of a process, as facts quote it.</summary>
    public string PathOf(int pid, string file) => $"{Root}/{pid}/{file}";

    /// <summary>Pids of all processes (thread group leaders) that this procfs shows, ascending.</summary>
    public IReadOnlyList<int> Processes() => ProcFile.ReadNumericNames(Root) ?? [];

    /// <summary>Ids of a process's threads, ascending.</summary>
    public IReadOnlyList<int>? Threads(int pid) => ProcFile.ReadNumericNames(PathOf(pid, "task"));

    public ProcStat? Stat(int pid)
    {
        using var content = ProcFile.Read(PathOf(pid, "stat"));
        return ProcStat.Parse(content.Bytes);
    }

    /// <summary>Clock ticks since boot at which the process started.</summary>
    public ulong? StartTime(int pid) => Stat(pid)?.StartTime;

    /// <summary>Whether that very process still runs: same start time, and not a zombie.</summary>
    public bool IsAlive(int pid, ulong startTime) => Stat(pid) is { IsDead: false } stat && stat.StartTime == startTime;

    public ProcStatus? Status(int pid)
    {
        using var content = ProcFile.Read(PathOf(pid, "status"));
        return ProcStatus.Parse(content.Bytes);
    }

    /// <summary>The status of the process that reads.</summary>
    public ProcStatus? ReaderStatus()
    {
        using var content = ProcFile.Read($"{Root}/self/status");
        return ProcStatus.Parse(content.Bytes);
    }

    /// <summary>The arguments; empty for kernel threads and zombies. The process itself may have overwritten them.</summary>
    public IReadOnlyList<string>? CommandLine(int pid)
    {
        using var content = ProcFile.Read(PathOf(pid, "cmdline"));
        return content.IsMissing ? null : Utf8Text.SplitNul(content.Bytes);
    }

    /// <summary>The arguments in a text of cmdline.</summary>
    public static IReadOnlyList<string> SplitArguments(ReadOnlySpan<byte> text) => Utf8Text.SplitNul(text);

    /// <summary>The environment at the last exec, as <c>NAME=value</c>; later changes do not show.</summary>
    public IReadOnlyList<string>? Environment(int pid)
    {
        using var content = ProcFile.Read(PathOf(pid, "environ"));
        return content.IsMissing ? null : Utf8Text.SplitNul(content.Bytes);
    }

    public IReadOnlyList<CgroupMembership>? Cgroups(int pid)
    {
        using var content = ProcFile.Read(PathOf(pid, "cgroup"));
        return content.IsMissing ? null : CgroupMembership.Parse(content.Bytes);
    }

    public IReadOnlyList<MountEntry>? Mounts(int pid)
    {
        using var content = ProcFile.Read(PathOf(pid, "mountinfo"));
        return content.IsMissing ? null : MountEntry.Parse(content.Bytes);
    }

    /// <summary>One namespace of a process; null also where the kernel does not have the kind.</summary>
    public NamespaceId? Namespace(int pid, NamespaceKind kind)
    {
        var link = ProcFile.ReadLink(PathOf(pid, $"ns/{NamespaceId.FileName(kind)}"));
        return link is not null && NamespaceId.TryParse(kind, link, out var id) ? id : null;
    }

    /// <summary>All namespaces of a process that the kernel has; empty for a process that is gone.</summary>
    public IReadOnlyList<NamespaceId> Namespaces(int pid)
    {
        var ids = new List<NamespaceId>(8);
        foreach (var kind in NamespaceId.Kinds)
        {
            if (Namespace(pid, kind) is { } id)
                ids.Add(id);
        }

        return ids;
    }

    /// <summary>The mounts this reader sees: where hierarchies and filesystems are mounted on its side.</summary>
    public IReadOnlyList<MountEntry> ReaderMounts()
    {
        using var content = ProcFile.Read($"{Root}/self/mountinfo");
        return MountEntry.Parse(content.Bytes);
    }

    public IReadOnlyList<IdRange>? UserMap(int pid) => IdMap(pid, "uid_map");

    public IReadOnlyList<IdRange>? GroupMap(int pid) => IdMap(pid, "gid_map");

    public IReadOnlyList<ProcLimit>? Limits(int pid)
    {
        using var content = ProcFile.Read(PathOf(pid, "limits"));
        return content.IsMissing ? null : ProcLimit.Parse(content.Bytes);
    }

    /// <summary>The limits of the process that reads.</summary>
    public IReadOnlyList<ProcLimit>? ReaderLimits()
    {
        using var content = ProcFile.Read($"{Root}/self/limits");
        return content.IsMissing ? null : ProcLimit.Parse(content.Bytes);
    }

    /// <summary>Open files, at most <see cref="OpenFileLimit"/>; those closed meanwhile are left out.</summary>
    public IReadOnlyList<OpenFile>? OpenFiles(int pid)
    {
        var numbers = ProcFile.ReadNumericNames(PathOf(pid, "fd"), OpenFileLimit);
        if (numbers is null)
            return null;
        var files = new List<OpenFile>(numbers.Count);
        foreach (var number in numbers)
        {
            if (ProcFile.ReadLink(PathOf(pid, $"fd/{number}")) is { } target)
                files.Add(new OpenFile(number, target));
        }

        return files;
    }

    /// <summary>
    /// The security module's label: AppArmor's <c>profile (mode)</c> or an SELinux context. The read is refused with EINVAL
    /// where no such module is active.
    /// </summary>
    public string? SecurityLabel(int pid)
    {
        using var content = ProcFile.Read(PathOf(pid, "attr/current"));
        return content.IsMissing ? null : Utf8Text.Decode(content.Bytes.Trim("\n\0 "u8));
    }

    /// <summary>Where one of the process's links (<c>root</c>, <c>exe</c>, <c>cwd</c>) points.</summary>
    public string? Link(int pid, string name) => ProcFile.ReadLink(PathOf(pid, name));

    /// <summary>The interfaces of the process's network namespace.</summary>
    public IReadOnlyList<InterfaceCounters>? NetworkDevices(int pid)
    {
        using var content = ProcFile.Read(PathOf(pid, "net/dev"));
        return content.IsMissing ? null : NetTables.ParseDevices(content.Bytes);
    }

    /// <summary>The sockets of the process's network namespace.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="protocol">tcp, tcp6, udp or udp6; null where the kernel does not have it.</param>
    public IReadOnlyList<SocketEntry>? Sockets(int pid, string protocol)
    {
        using var content = ProcFile.Read(PathOf(pid, $"net/{protocol}"));
        return content.IsMissing ? null : NetTables.ParseSockets(content.Bytes);
    }

    /// <summary>The addresses of the process's network namespace: IPv4 without, IPv6 with the prefix length.</summary>
    public IReadOnlyList<string> Addresses(int pid)
    {
        using var four = ProcFile.Read(PathOf(pid, "net/fib_trie"));
        using var six = ProcFile.Read(PathOf(pid, "net/if_inet6"));
        return [.. NetTables.ParseLocalAddresses(four.Bytes), .. NetTables.ParseAddresses6(six.Bytes)];
    }

    /// <summary>The IPv4 default gateway of the process's network namespace, or null.</summary>
    public string? DefaultGateway(int pid)
    {
        using var content = ProcFile.Read(PathOf(pid, "net/route"));
        return NetTables.ParseDefaultGateway(content.Bytes);
    }

    /// <summary>The routes of the process's network namespace to others, of both families.</summary>
    public IReadOnlyList<RouteEntry> Routes(int pid)
    {
        using var four = ProcFile.Read(PathOf(pid, "net/route"));
        using var six = ProcFile.Read(PathOf(pid, "net/ipv6_route"));
        return [.. NetTables.ParseRoutes(four.Bytes), .. NetTables.ParseRoutes6(six.Bytes)];
    }

    /// <summary>A file of procfs that is not a process's, for example <c>sys/kernel/random/boot_id</c>; null when it is not there.</summary>
    public string? SystemText(string file) => KernelFile.Read($"{Root}/{file}");

    /// <summary>Any further file of a process as text, for facts that quote it; null when it is not there.</summary>
    public string? Text(int pid, string file)
    {
        using var content = ProcFile.Read(PathOf(pid, file));
        return content.IsMissing ? null : Utf8Text.Decode(content.Bytes);
    }

    private List<IdRange>? IdMap(int pid, string file)
    {
        using var content = ProcFile.Read(PathOf(pid, file));
        return content.IsMissing ? null : IdRange.Parse(content.Bytes);
    }
}

/// <summary>An open file: its number and what the link in /proc/PID/fd says of it (a path, <c>socket:[1]</c>, <c>anon_inode:...</c>).</summary>
public sealed record OpenFile(int Number, string Target);
