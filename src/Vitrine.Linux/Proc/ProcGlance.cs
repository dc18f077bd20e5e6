namespace Vitrine.Linux.Proc;

/// <summary>
/// The lines of /proc/PID/status that a walk over all processes needs, read in one pass and without a string for each:
/// <see cref="ProcStatus"/> has the rest.
/// </summary>
public readonly record struct ProcGlance
{
    /// <summary>The thread name, at most 15 bytes.</summary>
    public string Command { get; private init; }

    public char State { get; private init; }
    public int Pid { get; private init; }
    public int ParentPid { get; private init; }

    /// <summary>Effective ids, as this reader's user namespace numbers them.</summary>
    public uint User { get; private init; }

    /// <summary>How many pid namespaces see the process, from the reader's down: more than 1 is a pid namespace of its own.</summary>
    public int PidNamespaces { get; private init; }

    /// <summary>Its pid in its own pid namespace.</summary>
    public int InnermostPid { get; private init; }

    public ulong CapEffective { get; private init; }
    public ulong CapBounding { get; private init; }

    /// <summary>Null where the kernel does not say.</summary>
    public bool? NoNewPrivileges { get; private init; }

    /// <summary>0 none, 1 strict, 2 filter; null where the kernel is built without seccomp.</summary>
    public int? SeccompMode { get; private init; }

    /// <summary>Whether it has ended and only its exit code remains.</summary>
    public bool IsDead => State is 'Z' or 'X' or 'x';

    /// <summary>Reads the whole file; false where it names no process.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ProcGlance glance)
    {
        glance = new ProcGlance { Command = "" };
        var lines = new Utf8Lines(text);
        while (lines.TryNext(out var line))
        {
            var colon = line.IndexOf((byte)':');
            if (colon > 0)
                glance = With(glance, line[..colon], line[(colon + 1)..].Trim(" \t"u8));
        }

        if (glance.PidNamespaces == 0)
            glance = glance with { PidNamespaces = 1, InnermostPid = glance.Pid };
        return glance.Pid != 0;
    }

    private static ProcGlance With(in ProcGlance glance, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => key switch
    {
        _ when key.SequenceEqual("Name"u8) => glance with { Command = Utf8Text.DecodeName(value) },
        _ when key.SequenceEqual("State"u8) => glance with { State = value.IsEmpty ? '?' : (char)value[0] },
        _ when key.SequenceEqual("Pid"u8) => glance with { Pid = Int(value) },
        _ when key.SequenceEqual("PPid"u8) => glance with { ParentPid = Int(value) },
        _ when key.SequenceEqual("Uid"u8) => glance with { User = IdSet.Parse(value).Effective },
        _ when key.SequenceEqual("NSpid"u8) => WithPids(glance, value),
        _ when key.SequenceEqual("CapEff"u8) => glance with { CapEffective = Mask(value) },
        _ when key.SequenceEqual("CapBnd"u8) => glance with { CapBounding = Mask(value) },
        _ when key.SequenceEqual("NoNewPrivs"u8) => glance with { NoNewPrivileges = Int(value) == 1 },
        _ when key.SequenceEqual("Seccomp"u8) => glance with { SeccompMode = Int(value) },
        _ => glance,
    };

    private static ProcGlance WithPids(in ProcGlance glance, ReadOnlySpan<byte> value)
    {
        var (count, last) = (0, 0);
        var words = new Utf8Words(value);
        for (; words.TryInt32(out var pid); count++)
            last = pid;
        return glance with { PidNamespaces = count, InnermostPid = last };
    }

    private static int Int(ReadOnlySpan<byte> value) => Utf8Text.TryInt32(value, out var number) ? number : 0;

    private static ulong Mask(ReadOnlySpan<byte> value) => Utf8Text.TryHex(value, out var mask) ? mask : 0;
}
