using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>An instruction as the child reads it: plain numbers, pointers already absolute.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeInstruction
{
    public Operation Operation;

    /// <summary>Which arguments are register numbers, a bit each.</summary>
    public byte Registers;
    public byte AnyError;
    public byte Warn;
    public ushort Error1;
    public ushort Error2;
    public ushort Error3;
    public int Number;
    public int Result;
    public int ErrorTarget;
    public int Target;
    public fixed long Arguments[Instruction.MaximumOperands];
}

/// <summary>All that the child knows.</summary>
internal unsafe struct NativeContext
{
    public NativeInstruction* Code;
    public int Count;
    public long* Registers;

    /// <summary>The kernel's numbers, indexed by <see cref="Syscall"/>, for operations that are more than one call.</summary>
    public int* Numbers;

    /// <summary>A v2 cgroup's directory that the process is to start in, or -1 where the parent joins it later.</summary>
    public int Cgroup;

    /// <summary>The launcher's end of the control socket, of which the clone gets a copy that it must not keep.</summary>
    public int ParentEnd;

    /// <summary>The instruction before which the child asks to have its launcher killed, for tests; -1 for none.</summary>
    public int Halt;

    /// <summary>Whether the first clone starts in it: not where a next stage does.</summary>
    public bool CgroupAtFirst;

    /// <summary>The hierarchies that there is room for: v1 has fourteen controllers, and names.</summary>
    public const int MaximumCgroupFiles = 32;

    /// <summary>The files by which the process enters v1 cgroups.</summary>
    public fixed int CgroupFiles[MaximumCgroupFiles];

    public int CgroupFileCount;
}

/// <summary>
/// A setup program in unmanaged memory. Everything the child touches is here, so that nothing of the managed heap is
/// read, let alone written, between clone and execve.
/// </summary>
internal sealed unsafe class NativeProgram : IDisposable
{
    private byte* _block;

    public NativeProgram(SetupProgram program)
    {
        var numbers = (int)Syscall.Last;
        var codeSize = program.Instructions.Length * sizeof(NativeInstruction);
        var registerSize = program.RegisterCount * sizeof(long);
        var headSize = sizeof(NativeContext) + Align(numbers * sizeof(int)) + codeSize + registerSize;
        _block = (byte*)NativeMemory.AllocZeroed((nuint)(headSize + program.Data.Length));

        Context = (NativeContext*)_block;
        Context->Numbers = (int*)(_block + sizeof(NativeContext));
        Context->Code = (NativeInstruction*)((byte*)Context->Numbers + Align(numbers * sizeof(int)));
        Context->Registers = (long*)((byte*)Context->Code + codeSize);
        Context->Count = program.Instructions.Length;
        Context->Cgroup = -1;
        Context->Halt = -1;
        Context->CgroupAtFirst = !program.HasNextStage;
        var data = _block + headSize;

        for (var call = 1; call < numbers; call++)
            Context->Numbers[call] = SyscallNumber.Of((Syscall)call);
        program.Data.Span.CopyTo(new Span<byte>(data, program.Data.Length));
        foreach (var pointer in program.Pointers)
            *(long*)(data + pointer) += (long)data;
        for (var i = 0; i < Context->Count; i++)
            Translate(program.Instructions[i], program.OperandsOf(program.Instructions[i]), Context->Code + i, data);
    }

    public NativeContext* Context { get; }

    /// <summary>Makes the process start in a v2 cgroup, where the kernel can: it then is never moved, which takes a wait.</summary>
    /// <returns>False where the parent must join it.</returns>
    public bool StartIn(SafeFileHandle directory)
    {
        if (!Interpreter.HasClone3(Context))
            return false;
        Context->Cgroup = (int)directory.DangerousGetHandle();
        return true;
    }

    /// <summary>Adds a v1 cgroup that the process moves itself into, by its file <c>tasks</c>.</summary>
    public void EnterBy(SafeFileHandle tasks) => Context->CgroupFiles[Context->CgroupFileCount++] = (int)tasks.DangerousGetHandle();

    /// <summary>Gives a register the value the program starts with.</summary>
    public void Preset(Register register, long value) => Context->Registers[register.Number] = value;

    /// <summary>Clones this process to run the program.</summary>
    /// <param name="flags">The namespaces to make.</param>
    /// <param name="parentEnd">The launcher's end of the control socket.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public (int Pid, SafeFileHandle PidFd) Clone(CloneFlags flags, SafeHandle parentEnd)
    {
        Context->ParentEnd = (int)parentEnd.DangerousGetHandle();
        int pidFd;
        var pid = Interpreter.Clone(Context, flags | CloneFlags.PidFd, &pidFd);
        return pid < 0
            ? throw new LinuxException("clone", null, FlagText.Of(flags, Names.Clone), (Errno)(-pid))
            : ((int)pid, new SafeFileHandle(pidFd, ownsHandle: true));
    }

    public void Dispose()
    {
        NativeMemory.Free(_block);
        _block = null;
    }

    private void Translate(in Instruction from, ReadOnlySpan<Operand> operands, NativeInstruction* to, byte* data)
    {
        to->Operation = from.Operation;
        to->Number = from.Operation == Operation.Call ? Context->Numbers[(int)from.Call] : 0;
        to->Result = from.Result;
        to->Target = from.Target;
        to->ErrorTarget = from.OnError.Target;
        to->AnyError = from.OnError.Any ? (byte)1 : (byte)0;
        to->Warn = from.OnError.Warn ? (byte)1 : (byte)0;
        to->Error1 = (ushort)from.OnError.First;
        to->Error2 = (ushort)from.OnError.Second;
        to->Error3 = (ushort)from.OnError.Third;
        for (var i = 0; i < operands.Length; i++)
        {
            var operand = operands[i];
            to->Arguments[i] = operand.Kind == OperandKind.Data ? (long)(data + operand.Value) : operand.Value;
            if (operand.Kind == OperandKind.Register)
                to->Registers |= (byte)(1 << i);
        }
    }

    private static int Align(int size) => (size + 7) & ~7;
}
