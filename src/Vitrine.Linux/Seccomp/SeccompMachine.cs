using System.Buffers.Binary;

namespace Vitrine.Linux.Seccomp;

/// <summary>A system call as a filter sees it (struct seccomp_data); an argument that is not there is 0.</summary>
/// <param name="AuditArchitecture">The AUDIT_ARCH value.</param>
/// <param name="Number">The call's number in that ABI.</param>
/// <param name="Arguments">Up to six.</param>
public readonly record struct SeccompCall(uint AuditArchitecture, uint Number, ReadOnlyMemory<ulong> Arguments);

/// <summary>
/// Runs a filter as the kernel does: classic BPF over struct seccomp_data, with the checks of seccomp_check_filter and
/// bpf_check_classic (kernel/seccomp.c, net/core/filter.c). For filters of any origin, ours or dumped from a process.
/// </summary>
public sealed class SeccompMachine
{
    private const int DataSize = 64;
    private const int FirstArgument = 16;
    private const int MemoryWords = 16;

    private readonly (ushort Code, byte True, byte False, uint K)[] _program;

    /// <param name="program">struct sock_filter each, as <see cref="SeccompProgram.Bytes"/>.</param>
    /// <exception cref="SeccompException">It is none that the kernel takes.</exception>
    public SeccompMachine(ReadOnlySpan<byte> program)
    {
        if (program.IsEmpty || program.Length % SeccompProgram.InstructionSize != 0 || program.Length / SeccompProgram.InstructionSize > SeccompProgram.MaxInstructions)
            throw new SeccompException($"a filter has 1 to {SeccompProgram.MaxInstructions} instructions of {SeccompProgram.InstructionSize} bytes, not {program.Length} bytes");
        _program = new (ushort, byte, byte, uint)[program.Length / SeccompProgram.InstructionSize];
        for (var i = 0; i < _program.Length; i++)
        {
            var at = program[(i * SeccompProgram.InstructionSize)..];
            _program[i] = (BinaryPrimitives.ReadUInt16LittleEndian(at), at[2], at[3], BinaryPrimitives.ReadUInt32LittleEndian(at[4..]));
        }

        for (var i = 0; i < _program.Length; i++)
            Check(i);
        if ((_program[^1].Code & 0x07) != 0x06)
            throw new SeccompException("a filter ends with a return");
    }

    /// <summary>How many instructions it has.</summary>
    public int Length => _program.Length;

    /// <summary>Answers a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="looksAtArguments">Whether any argument was looked at on the way: others may then be answered otherwise.</param>
    public SeccompAction Run(SeccompCall call, out bool looksAtArguments)
    {
        Span<byte> data = stackalloc byte[DataSize];
        data.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(data, call.Number);
        BinaryPrimitives.WriteUInt32LittleEndian(data[4..], call.AuditArchitecture);
        for (var i = 0; i < call.Arguments.Length && i < ArgumentTest.ArgumentCount; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(data[(FirstArgument + i * 8)..], call.Arguments.Span[i]);
        return new SeccompAction(Run(data, out looksAtArguments));
    }

    private uint Run(ReadOnlySpan<byte> data, out bool looksAtArguments)
    {
        uint accumulator = 0, index = 0;
        Span<uint> memory = stackalloc uint[MemoryWords];
        memory.Clear();
        looksAtArguments = false;
        for (var pc = 0; ; pc++)
        {
            var (code, whenTrue, whenFalse, k) = _program[pc];
            switch (code)
            {
                case 0x20:
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data[(int)k..]);
                    looksAtArguments |= k >= FirstArgument;
                    break;
                case 0x80: accumulator = DataSize; break;
                case 0x81: index = DataSize; break;
                case 0x00: accumulator = k; break;
                case 0x01: index = k; break;
                case 0x60: accumulator = memory[(int)k]; break;
                case 0x61: index = memory[(int)k]; break;
                case 0x02: memory[(int)k] = accumulator; break;
                case 0x03: memory[(int)k] = index; break;
                case 0x07: index = accumulator; break;
                case 0x87: accumulator = index; break;
                case 0x05: pc += (int)k; break;
                case 0x06: return k;
                case 0x16: return accumulator;
                default:
                    var operand = (code & 0x08) != 0 ? index : k;
                    if ((code & 0x07) == 0x05)
                        pc += Jumps(code, accumulator, operand) ? whenTrue : whenFalse;
                    else if (operand == 0 && (code & 0xF0) == 0x30)
                        return 0; // The kernel ends a division by 0 so: the thread is killed.
                    else
                        accumulator = Compute(code, accumulator, operand);
                    break;
            }
        }
    }

    private static bool Jumps(ushort code, uint accumulator, uint operand) => (code & 0xF0) switch
    {
        0x10 => accumulator == operand,
        0x20 => accumulator > operand,
        0x30 => accumulator >= operand,
        _ => (accumulator & operand) != 0,
    };

    private static uint Compute(ushort code, uint accumulator, uint operand) => (code & 0xF0) switch
    {
        0x00 => accumulator + operand,
        0x10 => accumulator - operand,
        0x20 => accumulator * operand,
        0x30 => accumulator / operand,
        0x40 => accumulator | operand,
        0x50 => accumulator & operand,
        0x60 => accumulator << (int)operand,
        0x70 => accumulator >> (int)operand,
        0x80 => (uint)-(int)accumulator,
        _ => accumulator ^ operand,
    };

    private void Check(int at)
    {
        var (code, whenTrue, whenFalse, k) = _program[at];
        var sound = code switch
        {
            0x20 => k % 4 == 0 && k < DataSize,
            0x60 or 0x61 or 0x02 or 0x03 => k < MemoryWords,
            0x05 => k < _program.Length - at - 1,
            0x15 or 0x25 or 0x35 or 0x45 or 0x1D or 0x2D or 0x3D or 0x4D => at + 1 + Math.Max(whenTrue, whenFalse) < _program.Length,
            0x34 => k != 0,
            0x64 or 0x74 => k < 32,
            0x80 or 0x81 or 0x00 or 0x01 or 0x07 or 0x87 or 0x06 or 0x16 => true,
            0x04 or 0x0C or 0x14 or 0x1C or 0x24 or 0x2C or 0x3C or 0x44 or 0x4C or 0x54 or 0x5C or 0x6C or 0x7C or 0x84 or 0xA4 or 0xAC => true,
            _ => false,
        };
        if (!sound)
            throw new SeccompException($"instruction {at} of the filter is none that the kernel takes: code 0x{code:x2}, k 0x{k:x}");
    }
}
