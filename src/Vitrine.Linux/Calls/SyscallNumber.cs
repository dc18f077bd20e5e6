using System.Runtime.InteropServices;

namespace Vitrine.Linux;

/// <summary>The numbers of system calls on this architecture.</summary>
public static partial class SyscallNumber
{
    /// <summary>The number to call the kernel with.</summary>
    /// <exception cref="PlatformNotSupportedException">Neither x86-64 nor arm64.</exception>
    public static int Of(Syscall call) => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => X64(call),
        Architecture.Arm64 => Arm64(call),
        _ => throw new PlatformNotSupportedException("no system call numbers for this machine"),
    };
}
