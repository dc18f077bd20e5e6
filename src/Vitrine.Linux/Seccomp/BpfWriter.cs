using System.Buffers.Binary;

namespace Vitrine.Linux.Seccomp;

/// <summary>
/// Writes a classic BPF program from its last instruction to its first. Jumps go forward only, so every target is already in
/// place when an instruction is written and all distances are known; a label is a position counted from the end.
/// Only instructions that the kernel's constant-allow emulator understands are used (kernel/seccomp.c,
/// seccomp_is_const_allow), so that calls which are always allowed skip the filter altogether.
/// </summary>
internal sealed class BpfWriter
{
    // Offsets in struct seccomp_data.
    public const uint NumberWord = 0;
    public const uint ArchitectureWord = 4;
    private const uint ArgumentsOffset = 16;

    // linux/bpf_common.h: class, size or operation, mode or source.
    public const ushort JumpEqual = 0x15;
    public const ushort JumpGreater = 0x25;
    public const ushort JumpGreaterOrEqual = 0x35;
    private const ushort LoadAbsolute = 0x20;
    private const ushort AndConstant = 0x54;
    private const ushort JumpAlways = 0x05;
    private const ushort Return = 0x06;

    // A conditional jump reaches 255 instructions ahead; two are kept for the bridges of its own two targets.
    private const int Reach = 253;

    private ulong[] _code = new ulong[512];

    /// <summary>The same instructions without distances, and where each leads to: what does the same needs to be there only once.</summary>
    private ulong[] _plain = new ulong[512];
    private long[] _targets = new long[512];
    private int _count;

    /// <summary>The offset of an argument's low half (little-endian), or of its high half.</summary>
    public static uint ArgumentWord(int index, bool high) => ArgumentsOffset + (uint)(index * 8) + (high ? 4u : 0u);

    /// <summary>A place that answers with <paramref name="action"/>: one in reach of the next instruction, or a new one.</summary>
    public int Answer(SeccompAction action)
    {
        var wanted = Encode(Return, 0, 0, action.Value);
        var recent = Math.Max(0, _count - Reach);
        var found = _code.AsSpan(recent, _count - recent).LastIndexOf(wanted);
        return found >= 0 ? recent + found : Emit(wanted);
    }

    /// <summary>Jumps to one of two labels by a comparison of the accumulator with a constant.</summary>
    public int Branch(ushort comparison, uint constant, int whenTrue, int whenFalse)
    {
        if (whenTrue == whenFalse)
            return whenTrue;
        var plain = Encode(comparison, 0, 0, constant);
        var targets = (long)whenTrue << 32 | (uint)whenFalse;
        if (Find(plain, targets) is var known and >= 0)
            return known;
        whenTrue = Bridge(whenTrue);
        whenFalse = Bridge(whenFalse);
        return Emit(Encode(comparison, Distance(whenTrue), Distance(whenFalse), constant), plain, targets);
    }

    /// <summary>Loads a word of struct seccomp_data into the accumulator and goes on at a label.</summary>
    public int Load(uint offset, int next) => Straight(Encode(LoadAbsolute, 0, 0, offset), next);

    /// <summary>Masks the accumulator and goes on at a label.</summary>
    public int And(uint mask, int next) => mask == uint.MaxValue ? next : Straight(Encode(AndConstant, 0, 0, mask), next);

    /// <summary>The program in its right order.</summary>
    /// <exception cref="SeccompException">It is longer than the kernel takes.</exception>
    public byte[] ToProgram()
    {
        if (_count > SeccompProgram.MaxInstructions)
            throw new SeccompException($"the seccomp filter has {_count} instructions; the kernel takes {SeccompProgram.MaxInstructions}");
        var program = new byte[_count * SeccompProgram.InstructionSize];
        for (var i = 0; i < _count; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(program.AsSpan(i * SeccompProgram.InstructionSize), _code[_count - 1 - i]);
        return program;
    }

    // struct sock_filter { u16 code; u8 jt; u8 jf; u32 k; } as one little-endian word.
    private static ulong Encode(ushort code, int jumpTrue, int jumpFalse, uint constant) =>
        code | (ulong)(byte)jumpTrue << 16 | (ulong)(byte)jumpFalse << 24 | (ulong)constant << 32;

    private int Distance(int label) => _count - label - 1;

    private int Straight(ulong instruction, int next)
    {
        if (Find(instruction, next) is var known and >= 0)
            return known;
        if (Distance(next) != 0)
            Continue(next);
        return Emit(instruction, instruction, next);
    }

    /// <summary>An instruction in reach that does the same, or -1.</summary>
    private int Find(ulong plain, long targets)
    {
        var recent = Math.Max(0, _count - Reach);
        var end = _count;
        while (_plain.AsSpan(recent, end - recent).LastIndexOf(plain) is var found and >= 0)
        {
            end = recent + found;
            if (_targets[end] == targets)
                return end;
        }

        return -1;
    }

    private int Bridge(int label) => Distance(label) <= Reach ? label : Continue(label);

    /// <summary>A place that does what the label's does: a copy of an answer, a jump for anything else.</summary>
    private int Continue(int label) =>
        (ushort)_code[label] == Return ? Emit(_code[label]) : Emit(Encode(JumpAlways, 0, 0, (uint)Distance(label)));

    private int Emit(ulong instruction, ulong plain = 0, long targets = 0)
    {
        if (_count == _code.Length)
        {
            Array.Resize(ref _code, _code.Length * 2);
            Array.Resize(ref _plain, _code.Length);
            Array.Resize(ref _targets, _code.Length);
        }

        (_code[_count], _plain[_count], _targets[_count]) = (instruction, plain, targets);
        return _count++;
    }
}
