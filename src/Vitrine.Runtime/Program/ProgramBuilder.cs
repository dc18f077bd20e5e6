using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>Collects the instructions and the data of a setup program.</summary>
internal sealed class ProgramBuilder
{
    private readonly List<Instruction> _instructions = new(256);
    private readonly List<Operand> _operands = new(1024);
    private readonly List<Step> _steps = new(64);
    private readonly ArrayBufferWriter<byte> _data = new(8192);
    private readonly List<int> _pointers = [];
    private readonly List<int> _labels = [];
    private readonly List<string> _warnings = [];
    private readonly List<object> _references = [];
    private readonly List<(Register Register, IdMappedMount Mount)> _mappedMounts = [];
    private DataOffset? _empty;
    private int _registers = Register.Preset;

    /// <inheritdoc cref="SetupProgram.CloneFlags"/>
    public CloneFlags CloneFlags { get; set; }

    /// <inheritdoc cref="SetupProgram.PidNamespaceOf"/>
    public SafeFileHandle? PidNamespaceOf { get; set; }

    /// <inheritdoc cref="SetupProgram.Terminal"/>
    public bool Terminal { get; set; }

    /// <inheritdoc cref="SetupProgram.UidMap"/>
    public string UidMap { get; set; } = "";

    /// <inheritdoc cref="SetupProgram.UidMap"/>
    public string GidMap { get; set; } = "";

    /// <inheritdoc cref="SetupProgram.SetGroups"/>
    public string? SetGroups { get; set; }

    /// <inheritdoc cref="SetupProgram.StdioOwner"/>
    public uint StdioOwner { get; set; }

    /// <inheritdoc cref="SetupProgram.TargetPid"/>
    public int TargetPid { get; set; }

    /// <inheritdoc cref="SetupProgram.Listener"/>
    public SeccompListener? Listener { get; set; }

    /// <summary>The descriptor of a procfs that is known to be one, once <see cref="ProcfsSteps"/> has opened it.</summary>
    public Register? Proc { get; set; }

    /// <inheritdoc cref="SetupProgram.Command"/>
    public string Command { get; set; } = "";

    /// <summary>Starts a step: the words for all instructions up to the next one.</summary>
    public void Step(string action, string? subject = null, IReadOnlyList<string>? options = null, StepKind kind = StepKind.Setup) =>
        _steps.Add(new Step(action, subject, options, kind));

    /// <summary>Keeps an object alive as long as the program: the owner of a descriptor whose number the program holds.</summary>
    public void Hold(object owner) => _references.Add(owner);

    /// <summary>Notes something that was configured but cannot be had.</summary>
    public void Warn(string warning) => _warnings.Add(warning);

    /// <summary>A system call whose failure is the program's.</summary>
    public void Call(Syscall call, params ReadOnlySpan<Operand> operands) => Add(Operation.Call, call, -1, ErrorPolicy.Fail, operands);

    /// <summary>A system call with its own error policy.</summary>
    public void Call(ErrorPolicy policy, Syscall call, params ReadOnlySpan<Operand> operands) =>
        Add(Operation.Call, call, -1, policy, operands);

    /// <summary>A system call whose result is kept.</summary>
    public Register Keep(Syscall call, params ReadOnlySpan<Operand> operands) => Keep(ErrorPolicy.Fail, call, operands);

    /// <inheritdoc cref="Keep(Syscall, ReadOnlySpan{Operand})"/>
    public Register Keep(ErrorPolicy policy, Syscall call, params ReadOnlySpan<Operand> operands)
    {
        var register = NewRegister();
        Add(Operation.Call, call, register.Number, policy, operands);
        return register;
    }

    /// <summary>As <see cref="Keep(ErrorPolicy, Syscall, ReadOnlySpan{Operand})"/>, into a register that another path fills too.</summary>
    public void KeepIn(Register register, ErrorPolicy policy, Syscall call, params ReadOnlySpan<Operand> operands) =>
        Add(Operation.Call, call, register.Number, policy, operands);

    /// <summary>An operation that is no system call.</summary>
    public void Do(Operation operation, params ReadOnlySpan<Operand> operands) =>
        Add(operation, Syscall.None, -1, ErrorPolicy.Fail, operands);

    /// <summary>An operation that is no system call, with its own error policy.</summary>
    public void Do(ErrorPolicy policy, Operation operation, params ReadOnlySpan<Operand> operands) =>
        Add(operation, Syscall.None, -1, policy, operands);

    /// <summary>An operation whose result is kept.</summary>
    public Register KeepFrom(Operation operation, params ReadOnlySpan<Operand> operands)
    {
        var register = NewRegister();
        Add(operation, Syscall.None, register.Number, ErrorPolicy.Fail, operands);
        return register;
    }

    /// <summary>A jump or fork to a label; its result, if any, goes to <paramref name="result"/>.</summary>
    public void Branch(Operation operation, Label target, Register? result = null) =>
        Add(operation, Syscall.None, result?.Number ?? -1, ErrorPolicy.Fail, [], target.Number);

    public void Close(Register descriptor) => Call(ErrorPolicy.IgnoreAll, Syscall.close, descriptor);

    /// <summary>The empty string, which stands for the descriptor beside it.</summary>
    public DataOffset Empty => _empty ??= Text("");

    public Register NewRegister() => new(_registers++);

    public Label NewLabel()
    {
        _labels.Add(-1);
        return new Label(_labels.Count - 1);
    }

    /// <summary>The label is here.</summary>
    public void Mark(Label label) => _labels[label.Number] = _instructions.Count;

    /// <summary>A C string in the data block.</summary>
    /// <exception cref="VitrineException">The text has a NUL inside: the kernel would see another text.</exception>
    public DataOffset Text(string text)
    {
        if (text.Contains('\0'))
            throw Invalid.Configuration($"NUL character in \"{text.Replace("\0", "\\0")}\"");
        var start = _data.WrittenCount;
        var span = _data.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length) + 1);
        var length = Encoding.UTF8.GetBytes(text, span);
        span[length] = 0;
        _data.Advance(length + 1);
        return new DataOffset(start);
    }

    /// <summary>A structure or array in the data block.</summary>
    public DataOffset Struct<T>(in T value)
        where T : unmanaged => Bytes(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <summary>Bytes in the data block, aligned for any structure.</summary>
    public DataOffset Bytes(ReadOnlySpan<byte> bytes)
    {
        Align();
        var start = _data.WrittenCount;
        _data.Write(bytes);
        return new DataOffset(start);
    }

    /// <summary>A null-terminated array of pointers to C strings: argv, envp.</summary>
    public DataOffset Strings(IReadOnlyList<string> texts)
    {
        var offsets = new int[texts.Count];
        for (var i = 0; i < texts.Count; i++)
            offsets[i] = Text(texts[i]).Value;
        Align();
        var start = _data.WrittenCount;
        foreach (var offset in offsets)
            Pointer(new DataOffset(offset));
        _data.Write(stackalloc byte[sizeof(long)]);
        return new DataOffset(start);
    }

    /// <summary>A 64-bit integer followed by a pointer, as in struct sock_fprog.</summary>
    public DataOffset CountAndPointer(long count, DataOffset target)
    {
        var start = Struct(count);
        Pointer(target);
        return start;
    }

    /// <summary>A copy of a mount with other ids, which only the launcher can make.</summary>
    public Register MappedTree(IdMappedMount mount)
    {
        var register = NewRegister();
        _mappedMounts.Add((register, mount));
        return register;
    }

    /// <summary>The program, with every label resolved.</summary>
    public SetupProgram Build()
    {
        var instructions = new Instruction[_instructions.Count];
        var stages = 0;
        var nextStage = false;
        var hides = false;
        for (var i = 0; i < instructions.Length; i++)
        {
            instructions[i] = Resolve(_instructions[i]);
            stages += instructions[i].Operation is Operation.ForkStage or Operation.AwaitIdMaps ? 1 : 0;
            nextStage |= instructions[i].Operation == Operation.ForkStage;
            hides |= instructions[i].Operation == Operation.SetTitle;
        }

        return new SetupProgram(instructions, [.. _operands], [.. _steps], _data.WrittenMemory, [.. _pointers], _registers)
        {
            CloneFlags = CloneFlags,
            PidNamespaceOf = PidNamespaceOf,
            Terminal = Terminal,
            UidMap = UidMap,
            GidMap = GidMap,
            SetGroups = SetGroups,
            StdioOwner = StdioOwner,
            Command = Command,
            TargetPid = TargetPid,
            HidesCommandLine = hides,
            StageCount = stages,
            HasNextStage = nextStage,
            Warnings = [.. _warnings],
            References = [.. _references],
            Listener = Listener,
            MappedMounts = [.. _mappedMounts],
        };
    }

    private Instruction Resolve(in Instruction instruction) => instruction with
    {
        Target = instruction.Operation is Operation.Jump or Operation.ForkCommand ? _labels[instruction.Target] : 0,
        OnError = instruction.OnError.Target < 0
            ? instruction.OnError
            : instruction.OnError with { Target = _labels[instruction.OnError.Target] },
    };

    private void Add(Operation operation, Syscall call, int result, ErrorPolicy policy, ReadOnlySpan<Operand> operands, int target = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(operands.Length, Instruction.MaximumOperands);
        _instructions.Add(new Instruction
        {
            Operation = operation,
            Call = call,
            FirstOperand = _operands.Count,
            OperandCount = operands.Length,
            Result = result,
            OnError = policy,
            Target = target,
            Step = _steps.Count - 1,
        });
        foreach (var operand in operands)
            _operands.Add(operand);
    }

    private void Pointer(DataOffset target)
    {
        _pointers.Add(_data.WrittenCount);
        BinaryPrimitives.WriteInt64LittleEndian(_data.GetSpan(sizeof(long)), target.Value);
        _data.Advance(sizeof(long));
    }

    private void Align()
    {
        var gap = -_data.WrittenCount & (sizeof(long) - 1);
        _data.GetSpan(sizeof(long))[..gap].Clear();
        _data.Advance(gap);
    }
}
