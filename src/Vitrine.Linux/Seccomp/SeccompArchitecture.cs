using System.Runtime.InteropServices;

namespace Vitrine.Linux.Seccomp;

/// <summary>
/// A system call ABI that a filter can have rules for. x86-64 and x32 come from the kernel with the same AUDIT_ARCH value and
/// differ by bit 30 of the call number.
/// </summary>
public enum SeccompArchitecture : byte
{
    X64,
    X86,
    X32,
    Arm64,
    Arm,
}

/// <summary>What is known of each <see cref="SeccompArchitecture"/>.</summary>
public static class SeccompArchitectures
{
    /// <summary>Bit 30 of a call number: the x32 ABI (__X32_SYSCALL_BIT).</summary>
    public const uint X32Bit = 0x40000000;

    /// <summary>The ABI that this process itself uses.</summary>
    /// <exception cref="PlatformNotSupportedException">There are no tables for this machine.</exception>
    public static SeccompArchitecture Native => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => SeccompArchitecture.X64,
        Architecture.Arm64 => SeccompArchitecture.Arm64,
        _ => throw new PlatformNotSupportedException("no system call tables for this machine"),
    };

    /// <summary>The AUDIT_ARCH value in struct seccomp_data (linux/audit.h).</summary>
    public static uint AuditValue(this SeccompArchitecture architecture) => architecture switch
    {
        SeccompArchitecture.X86 => 0x40000003,
        SeccompArchitecture.Arm64 => 0xC00000B7,
        SeccompArchitecture.Arm => 0x40000028,
        _ => 0xC000003E,
    };

    /// <summary>
    /// Whether registers are compared by their low half only: on the 32-bit ABIs, x32 among them, as libseccomp does. A rule's
    /// value of -1 written with 64 bits then matches the -1 of a 32-bit program.
    /// </summary>
    public static bool HasNarrowArguments(this SeccompArchitecture architecture) =>
        architecture is SeccompArchitecture.X86 or SeccompArchitecture.X32 or SeccompArchitecture.Arm;

    /// <summary>Reads libseccomp's name, e.g. <c>SCMP_ARCH_X86_64</c>.</summary>
    /// <returns>False for ABIs this version has no table for (mips, s390x, ...).</returns>
    public static bool TryParse(ReadOnlySpan<char> name, out SeccompArchitecture architecture)
    {
        (var known, architecture) = name switch
        {
            "SCMP_ARCH_X86_64" => (true, SeccompArchitecture.X64),
            "SCMP_ARCH_X86" => (true, SeccompArchitecture.X86),
            "SCMP_ARCH_X32" => (true, SeccompArchitecture.X32),
            "SCMP_ARCH_AARCH64" => (true, SeccompArchitecture.Arm64),
            "SCMP_ARCH_ARM" => (true, SeccompArchitecture.Arm),
            _ => (false, default),
        };
        return known;
    }

    /// <summary>Every ABI, in a new array.</summary>
    public static SeccompArchitecture[] All =>
        [SeccompArchitecture.X64, SeccompArchitecture.X86, SeccompArchitecture.X32, SeccompArchitecture.Arm64, SeccompArchitecture.Arm];

    /// <summary>libseccomp's names of all ABIs that there are tables for, in a new array.</summary>
    public static string[] Names => Array.ConvertAll(All, Name);

    /// <summary>libseccomp's name of the ABI.</summary>
    public static string Name(this SeccompArchitecture architecture) => architecture switch
    {
        SeccompArchitecture.X64 => "SCMP_ARCH_X86_64",
        SeccompArchitecture.X86 => "SCMP_ARCH_X86",
        SeccompArchitecture.X32 => "SCMP_ARCH_X32",
        SeccompArchitecture.Arm64 => "SCMP_ARCH_AARCH64",
        _ => "SCMP_ARCH_ARM",
    };
}
