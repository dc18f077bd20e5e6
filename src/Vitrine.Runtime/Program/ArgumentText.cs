using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>One argument of an instruction as text.</summary>
internal static class ArgumentText
{
    private const long CurrentDirectory = Kernel.AT_FDCWD;

    /// <summary>The argument, or null where it is not worth showing.</summary>
    public static string? Of(SetupProgram program, ArgumentKind kind, Operand operand)
    {
        if (kind == ArgumentKind.Hidden)
            return null;
        return operand.Kind switch
        {
            OperandKind.Register => RegisterName((int)operand.Value),
            OperandKind.Data => OfData(program, kind, (int)operand.Value),
            _ => OfNumber(kind, operand.Value),
        };
    }

    public static string RegisterName(int number) => number switch
    {
        0 => "control",
        1 => "stdin",
        2 => "stdout",
        3 => "stderr",
        _ => string.Create(CultureInfo.InvariantCulture, $"r{number}"),
    };

    private static string? OfNumber(ArgumentKind kind, long value) => kind switch
    {
        ArgumentKind.Descriptor when value == CurrentDirectory => "AT_FDCWD",
        ArgumentKind.Descriptor when value < 0 => null,
        ArgumentKind.Text when value == 0 => "NULL",
        ArgumentKind.Octal => "0" + Convert.ToString(value, 8),
        ArgumentKind.DeviceNumber => $"{value >> 8 & 0xFFF}:{(value & 0xFF) | (value >> 12 & ~0xFFL)}",
        ArgumentKind.AtFlags => FlagText.Of(value, Names.At),
        ArgumentKind.MountFlags => FlagText.Of(value, Names.Mount),
        ArgumentKind.MountAttributes => FlagText.Of(value, Names.MountAttribute),
        ArgumentKind.OpenTreeFlags => FlagText.Of(value, Names.OpenTree),
        ArgumentKind.MoveMountFlags => FlagText.Of(value, Names.MoveMount),
        ArgumentKind.UnmountFlags => FlagText.Of(value, Names.Unmount),
        ArgumentKind.CloneFlags => FlagText.Of(value, Names.Clone),
        ArgumentKind.FsConfigCommand => Names.One(value, Names.FsConfig),
        ArgumentKind.PrctlOption => Names.One(value, Names.Prctl),
        ArgumentKind.IoctlRequest => Names.One(value, Names.Ioctl),
        ArgumentKind.Rlimit => Rlimits.Name((int)value),
        ArgumentKind.Capabilities => value == 0 ? "none" : new CapabilitySet((ulong)value).ToString(),
        ArgumentKind.MountPointKind => OfMountPoint((MountPointKind)value),
        ArgumentKind.FilesystemMagic => Names.One(value, Names.Magic),
        ArgumentKind.Id when value is -1 or uint.MaxValue => "-1",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    private static string OfMountPoint(MountPointKind kind)
    {
        var what = kind.HasFlag(MountPointKind.Like) ? "like" : kind.HasFlag(MountPointKind.File) ? "file" : "directory";
        return kind.HasFlag(MountPointKind.NoSymlinks) ? what + " without links" : what;
    }

    private static string? OfData(SetupProgram program, ArgumentKind kind, int offset)
    {
        var data = program.Data.Span[offset..];
        switch (kind)
        {
            case ArgumentKind.Text:
                return Quote(data);
            case ArgumentKind.OpenHow:
                var how = MemoryMarshal.Read<OpenHow>(data);
                var flags = FlagText.Of((long)how.flags, Names.Open);
                return how.resolve == 0 ? flags : $"{flags}, {FlagText.Of((long)how.resolve, Names.Resolve)}";
            case ArgumentKind.MountAttr:
                return OfMountAttr(MemoryMarshal.Read<MountAttr>(data));
            case ArgumentKind.Rlimit64:
                var limit = MemoryMarshal.Read<Rlimit64>(data);
                return $"{Limit(limit.rlim_cur)}:{Limit(limit.rlim_max)}";
            case ArgumentKind.CapabilityData:
                return OfCapabilities(MemoryMarshal.Read<CapabilityData>(data));
            case ArgumentKind.SchedulerAttributes:
                return OfScheduler(MemoryMarshal.Read<SchedulerAttributes>(data));
            case ArgumentKind.Strings:
                return OfStrings(program, data);
            case ArgumentKind.Ids or ArgumentKind.BitSet:
                return null; // The step names them.
            default:
                return "&data";
        }
    }

    private static string OfMountAttr(in MountAttr attr)
    {
        var parts = new List<string>();
        if (attr.attr_set != MountAttributes.None)
            parts.Add("set " + FlagText.Of((long)attr.attr_set, Names.MountAttribute));
        if (attr.attr_clr != MountAttributes.None)
            parts.Add("clear " + FlagText.Of((long)attr.attr_clr, Names.MountAttribute));
        if (attr.propagation != MountPropagation.Unchanged)
            parts.Add(FlagText.Of((long)attr.propagation, Names.Mount));
        return $"{{{string.Join(", ", parts)}}}";
    }

    private static string OfScheduler(in SchedulerAttributes a) => string.Create(CultureInfo.InvariantCulture,
        $"{{policy {a.sched_policy}, flags {a.sched_flags}, nice {a.sched_nice}, priority {a.sched_priority}, " +
        $"runtime {a.sched_runtime}, deadline {a.sched_deadline}, period {a.sched_period}}}");

    private static string OfCapabilities(in CapabilityData data)
    {
        static string Set(uint low, uint high) => $"0x{low | (ulong)high << 32:x}";
        return $"{{effective {Set(data.effective_low, data.effective_high)}, permitted {Set(data.permitted_low, data.permitted_high)}, " +
            $"inheritable {Set(data.inheritable_low, data.inheritable_high)}}}";
    }

    private static string OfStrings(SetupProgram program, ReadOnlySpan<byte> table)
    {
        var texts = new List<string>();
        for (; MemoryMarshal.Read<long>(table) is var offset and not 0; table = table[sizeof(long)..])
            texts.Add(Quote(program.Data.Span[(int)offset..]));
        return $"[{string.Join(", ", texts)}]";
    }

    private static string Quote(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder("\"");
        foreach (var rune in Encoding.UTF8.GetString(data[..data.IndexOf((byte)0)]).EnumerateRunes())
        {
            if (rune.Value is '"' or '\\')
                text.Append('\\').Append(rune);
            else if (Rune.IsControl(rune))
                text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
            else
                text.Append(rune);
        }

        return text.Append('"').ToString();
    }

    private static string Limit(ulong value) => value == Rlimits.Infinity ? "unlimited" : value.ToString(CultureInfo.InvariantCulture);
}
