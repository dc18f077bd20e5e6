using System.Buffers.Binary;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Seccomp;

/// <summary>What the kernel hands to a filter (struct seccomp_data); the instruction pointer is not looked at by any of ours.</summary>
internal readonly record struct SeccompData(uint Architecture, uint Number, ulong[] Arguments)
{
    public byte[] ToBytes()
    {
        var bytes = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Number);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Architecture);
        for (var i = 0; i < Arguments.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16 + i * 8), Arguments[i]);
        return bytes;
    }
}

/// <summary>
/// A reference interpreter of classic BPF, written from the kernel's rules (net/core/filter.c bpf_check_classic, kernel/seccomp.c
/// seccomp_check_filter) and not from the compiler: it refuses what the kernel would refuse, and counts steps.
/// </summary>
internal sealed class BpfInterpreter
{
    private static readonly uint[] Architectures = [0xC000003E, 0x40000003, 0xC00000B7, 0x40000028];

    private readonly (ushort Code, byte True, byte False, uint K)[] _program;

    public BpfInterpreter(ReadOnlySpan<byte> program)
    {
        Assert.Equal(0, program.Length % 8);
        _program = new (ushort, byte, byte, uint)[program.Length / 8];
        for (var i = 0; i < _program.Length; i++)
        {
            var at = program[(i * 8)..];
            _program[i] = (BinaryPrimitives.ReadUInt16LittleEndian(at), at[2], at[3], BinaryPrimitives.ReadUInt32LittleEndian(at[4..]));
        }

        Verify();
    }

    public int Length => _program.Length;

    /// <summary>
    /// Whether the last run compared the architecture with call numbers: libseccomp 2.5.4 leaves out the load of the number where the
    /// first call that it looks at has conditions on its arguments. Such a program answers nonsense.
    /// </summary>
    public bool LostTheNumber { get; private set; }

    public (uint Result, int Steps) Run(SeccompData data) => Run(data.ToBytes());

    public (uint Result, int Steps) Run(byte[] data)
    {
        uint accumulator = 0, index = 0;
        var memory = new uint[16];
        var steps = 0;
        var holdsArchitecture = false;
        LostTheNumber = false;
        for (var pc = 0; ; pc++)
        {
            steps++;
            var (code, whenTrue, whenFalse, k) = _program[pc];
            switch (code)
            {
                case 0x20:
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan((int)k));
                    holdsArchitecture = k == 4;
                    break;
                case 0x00: accumulator = k; break;
                case 0x60: accumulator = memory[k]; break;
                case 0x02: memory[k] = accumulator; break;
                case 0x07: index = accumulator; break;
                case 0x87: accumulator = index; break;
                case 0x54: accumulator &= k; break;
                case 0x05: pc += (int)k; break;
                case 0x15:
                    pc += accumulator == k ? whenTrue : whenFalse;
                    LostTheNumber |= holdsArchitecture && Array.IndexOf(Architectures, k) < 0;
                    break;
                case 0x25: pc += accumulator > k ? whenTrue : whenFalse; break;
                case 0x35: pc += accumulator >= k ? whenTrue : whenFalse; break;
                case 0x45: pc += (accumulator & k) != 0 ? whenTrue : whenFalse; break;
                case 0x06: return (k, steps);
                default: throw new InvalidOperationException($"instruction {pc}: code 0x{code:x2}");
            }
        }
    }

    private void Verify()
    {
        Assert.InRange(_program.Length, 1, 4096);
        for (var i = 0; i < _program.Length; i++)
        {
            var (code, whenTrue, whenFalse, k) = _program[i];
            switch (code)
            {
                case 0x20: Assert.True(k % 4 == 0 && k < 64, $"instruction {i} loads from {k}"); break;
                case 0x60 or 0x02: Assert.True(k < 16, $"instruction {i} uses memory {k}"); break;
                case 0x00 or 0x07 or 0x87 or 0x54 or 0x06: break;
                case 0x05: Assert.True(k < _program.Length - i - 1, $"instruction {i} jumps to {i + 1 + k}"); break;
                case 0x15 or 0x25 or 0x35 or 0x45:
                    Assert.True(i + 1 + Math.Max(whenTrue, whenFalse) < _program.Length, $"instruction {i} jumps out");
                    break;
                default: Assert.Fail($"instruction {i}: code 0x{code:x2}"); break;
            }
        }

        Assert.Equal(0x06, _program[^1].Code);
    }
}
