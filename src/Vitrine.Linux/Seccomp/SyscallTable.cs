using System.Text;

namespace Vitrine.Linux.Seccomp;

/// <summary>System calls by name and by number, in every ABI. A name has the same id in all of them.</summary>
public static class SyscallTable
{
    /// <summary>How many names there are; ids run from 0.</summary>
    public const int Count = SyscallNumbers.Count;

    // arm's private calls (breakpoint, cacheflush, set_tls, ...) lie at 0xF0000 and are kept in 16 bits.
    private const uint ArmPrivateBase = 0xF0000;
    private const ushort ArmPrivateMark = 0xF000;

    /// <summary>Steps after which a search takes fewer.</summary>
    private const int Near = 4;

    /// <summary>Finds a name, e.g. <c>openat2</c>.</summary>
    /// <returns>Its id, or -1 where no ABI has such a call.</returns>
    public static int Find(ReadOnlySpan<char> name)
    {
        var names = SyscallNumbers.Names;
        var offsets = SyscallNumbers.Offsets;
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = Compare(name, names[offsets[middle]..offsets[middle + 1]]);
            if (order == 0)
                return middle;
            if (order < 0)
                high = middle - 1;
            else
                low = middle + 1;
        }

        return -1;
    }

    /// <summary>The same for one of a list of names: profiles have them in alphabetical order, so it is mostly soon behind the one before.</summary>
    /// <param name="name">The name.</param>
    /// <param name="previous">The id of the name before it in the list, or -1.</param>
    public static int FindAfter(ReadOnlySpan<char> name, int previous)
    {
        for (var id = previous + 1; id < Math.Min(previous + 1 + Near, Count); id++)
            if (Compare(name, SyscallNumbers.Names[SyscallNumbers.Offsets[id]..SyscallNumbers.Offsets[id + 1]]) == 0)
                return id;
        return Find(name);
    }

    /// <summary>The name of an id.</summary>
    public static string Name(int id) =>
        Encoding.ASCII.GetString(SyscallNumbers.Names[SyscallNumbers.Offsets[id]..SyscallNumbers.Offsets[id + 1]]);

    /// <summary>The number that the kernel sees for a call, x32's bit included.</summary>
    /// <returns>False where the ABI does not have the call.</returns>
    public static bool TryGetNumber(SeccompArchitecture architecture, int id, out uint number)
    {
        var narrow = Numbers(architecture)[id];
        number = architecture switch
        {
            SeccompArchitecture.X32 => narrow | SeccompArchitectures.X32Bit,
            SeccompArchitecture.Arm when narrow >= ArmPrivateMark => narrow - (uint)ArmPrivateMark + ArmPrivateBase,
            _ => narrow,
        };
        return narrow != SyscallNumbers.Absent;
    }

    /// <summary>The name of a call number as the kernel sees it, or null where the ABI has no such call in this version's tables.</summary>
    public static string? NameOf(SeccompArchitecture architecture, uint number)
    {
        for (var id = 0; id < Count; id++)
        {
            if (TryGetNumber(architecture, id, out var candidate) && candidate == number)
                return Name(id);
        }

        return null;
    }

    private static ReadOnlySpan<ushort> Numbers(SeccompArchitecture architecture) => architecture switch
    {
        SeccompArchitecture.X64 => SyscallNumbers.X64,
        SeccompArchitecture.X86 => SyscallNumbers.X86,
        SeccompArchitecture.X32 => SyscallNumbers.X32,
        SeccompArchitecture.Arm64 => SyscallNumbers.Arm64,
        _ => SyscallNumbers.Arm,
    };

    private static int Compare(ReadOnlySpan<char> name, ReadOnlySpan<byte> candidate)
    {
        var common = Math.Min(name.Length, candidate.Length);
        for (var i = 0; i < common; i++)
        {
            if (name[i] != candidate[i])
                return name[i] - candidate[i];
        }

        return name.Length - candidate.Length;
    }
}
