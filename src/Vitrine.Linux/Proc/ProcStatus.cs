namespace Vitrine.Linux.Proc;

/// <summary>/proc/PID/status (proc_pid_status(5)): identity, credentials and confinement of a process.</summary>
public sealed record ProcStatus
{
    /// <summary>The thread name with the kernel's escapes (<c>\n</c>, <c>\\</c>) left in.</summary>
    public string Name { get; init; } = "";

    public char State { get; init; }
    public int ThreadGroupId { get; init; }
    public int Pid { get; init; }
    public int ParentPid { get; init; }

    /// <summary>The process that traces this one, or 0.</summary>
    public int TracerPid { get; init; }

    /// <summary>User ids as this reader's user namespace numbers them.</summary>
    public IdSet User { get; init; }

    public IdSet Group { get; init; }
    public IReadOnlyList<uint> SupplementaryGroups { get; init; } = [];

    /// <summary>The pid in each pid namespace from the reader's down to the process's own.</summary>
    public IReadOnlyList<int> NamespacePids { get; init; } = [];

    /// <summary>Whether it is a thread of the kernel; null on kernels before 6.10, which do not say.</summary>
    public bool? IsKernelThread { get; init; }

    /// <summary>Resident memory in KiB; 0 for kernel threads.</summary>
    public long ResidentKilobytes { get; init; }

    public int Threads { get; init; }

    /// <summary>Capability sets as bit masks (capabilities(7)).</summary>
    public ulong CapInheritable { get; init; }
    public ulong CapPermitted { get; init; }
    public ulong CapEffective { get; init; }
    public ulong CapBounding { get; init; }
    public ulong CapAmbient { get; init; }

    /// <summary>Null where the kernel does not say (before 4.10).</summary>
    public bool? NoNewPrivileges { get; init; }

    /// <summary>0 none, 1 strict, 2 filter; null where the kernel is built without seccomp.</summary>
    public int? SeccompMode { get; init; }

    /// <summary>How many filters are stacked; null on kernels before 5.9.</summary>
    public int? SeccompFilters { get; init; }

    public string CpusAllowed { get; init; } = "";
    public string MemoryNodesAllowed { get; init; } = "";

    /// <summary>Its pid in its own pid namespace.</summary>
    public int InnermostPid => NamespacePids.Count > 0 ? NamespacePids[^1] : Pid;

    /// <summary>Reads the whole file; unknown and malformed lines are left out. Null where it names no process.</summary>
    public static ProcStatus? Parse(ReadOnlySpan<byte> text)
    {
        var status = new ProcStatus();
        var lines = new Utf8Lines(text);
        while (lines.TryNext(out var line))
        {
            var colon = line.IndexOf((byte)':');
            if (colon > 0)
                status = status.With(line[..colon], line[(colon + 1)..].Trim(" \t"u8));
        }

        return status.Pid == 0 ? null : status;
    }

    private ProcStatus With(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => key switch
    {
        _ when key.SequenceEqual("Name"u8) => this with { Name = Utf8Text.Decode(value) },
        _ when key.SequenceEqual("State"u8) => this with { State = value.IsEmpty ? '?' : (char)value[0] },
        _ when key.SequenceEqual("Tgid"u8) => this with { ThreadGroupId = Int(value) },
        _ when key.SequenceEqual("Pid"u8) => this with { Pid = Int(value) },
        _ when key.SequenceEqual("PPid"u8) => this with { ParentPid = Int(value) },
        _ when key.SequenceEqual("TracerPid"u8) => this with { TracerPid = Int(value) },
        _ when key.SequenceEqual("Uid"u8) => this with { User = IdSet.Parse(value) },
        _ when key.SequenceEqual("Gid"u8) => this with { Group = IdSet.Parse(value) },
        _ when key.SequenceEqual("Groups"u8) => this with { SupplementaryGroups = UInts(value) },
        _ when key.SequenceEqual("NSpid"u8) => this with { NamespacePids = Ints(value) },
        _ when key.SequenceEqual("Kthread"u8) => this with { IsKernelThread = Int(value) == 1 },
        _ when key.SequenceEqual("VmRSS"u8) => this with { ResidentKilobytes = Kilobytes(value) },
        _ when key.SequenceEqual("Threads"u8) => this with { Threads = Int(value) },
        _ when key.SequenceEqual("CapInh"u8) => this with { CapInheritable = Mask(value) },
        _ when key.SequenceEqual("CapPrm"u8) => this with { CapPermitted = Mask(value) },
        _ when key.SequenceEqual("CapEff"u8) => this with { CapEffective = Mask(value) },
        _ when key.SequenceEqual("CapBnd"u8) => this with { CapBounding = Mask(value) },
        _ when key.SequenceEqual("CapAmb"u8) => this with { CapAmbient = Mask(value) },
        _ when key.SequenceEqual("NoNewPrivs"u8) => this with { NoNewPrivileges = Int(value) == 1 },
        _ when key.SequenceEqual("Seccomp"u8) => this with { SeccompMode = Int(value) },
        _ when key.SequenceEqual("Seccomp_filters"u8) => this with { SeccompFilters = Int(value) },
        _ when key.SequenceEqual("Cpus_allowed_list"u8) => this with { CpusAllowed = Utf8Text.Decode(value) },
        _ when key.SequenceEqual("Mems_allowed_list"u8) => this with { MemoryNodesAllowed = Utf8Text.Decode(value) },
        _ => this,
    };

    private static int Int(ReadOnlySpan<byte> value) => Utf8Text.TryInt32(value, out var number) ? number : 0;

    private static ulong Mask(ReadOnlySpan<byte> value) => Utf8Text.TryHex(value, out var mask) ? mask : 0;

    private static long Kilobytes(ReadOnlySpan<byte> value) => new Utf8Words(value).TryInt64(out var number) ? number : 0;

    private static List<int> Ints(ReadOnlySpan<byte> value)
    {
        var numbers = new List<int>();
        var words = new Utf8Words(value);
        while (words.TryInt32(out var number))
            numbers.Add(number);
        return numbers;
    }

    private static List<uint> UInts(ReadOnlySpan<byte> value)
    {
        var numbers = new List<uint>();
        var words = new Utf8Words(value);
        while (words.TryUInt32(out var number))
            numbers.Add(number);
        return numbers;
    }
}

/// <summary>The four ids of one kind that a process carries (credentials(7)).</summary>
public readonly record struct IdSet(uint Real, uint Effective, uint Saved, uint FileSystem)
{
    internal static IdSet Parse(ReadOnlySpan<byte> text)
    {
        var words = new Utf8Words(text);
        return words.TryUInt32(out var real) && words.TryUInt32(out var effective)
            && words.TryUInt32(out var saved) && words.TryUInt32(out var fileSystem)
            ? new IdSet(real, effective, saved, fileSystem)
            : default;
    }
}
