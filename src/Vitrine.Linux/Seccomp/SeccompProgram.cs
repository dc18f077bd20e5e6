namespace Vitrine.Linux.Seccomp;

/// <summary>A compiled filter, as seccomp(2) SECCOMP_SET_MODE_FILTER takes it.</summary>
public sealed class SeccompProgram
{
    /// <summary>The size of one instruction (struct sock_filter), in bytes.</summary>
    public const int InstructionSize = 8;

    /// <summary>The kernel's limit on instructions (BPF_MAXINSNS).</summary>
    public const int MaxInstructions = 4096;

    private readonly byte[] _code;

    internal SeccompProgram(byte[] code, SeccompFlags flags, IReadOnlyList<string> unknownNames)
    {
        _code = code;
        Flags = (uint)flags;
        UnknownNames = unknownNames;
    }

    /// <summary>The instructions, struct sock_filter each: what sock_fprog.filter points to.</summary>
    public ReadOnlySpan<byte> Bytes => _code;

    /// <summary>How many instructions there are: sock_fprog.len.</summary>
    public int InstructionCount => _code.Length / InstructionSize;

    /// <summary>The flags argument of seccomp(2).</summary>
    public uint Flags { get; }

    /// <summary>Names in the rules that no ABI has in this version's tables; their rules had no effect.</summary>
    public IReadOnlyList<string> UnknownNames { get; }
}

/// <summary>A filter that cannot be compiled: a malformed rule, or more instructions than the kernel takes.</summary>
public sealed class SeccompException(string message) : Exception(message);
