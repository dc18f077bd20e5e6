namespace Vitrine.Runtime;

internal enum OperandKind : byte
{
    Immediate,

    /// <summary>An offset in the program's data block, passed as a pointer.</summary>
    Data,

    /// <summary>The number of a register, passed as its content.</summary>
    Register,
}

/// <summary>One argument of an instruction.</summary>
internal readonly record struct Operand(OperandKind Kind, long Value)
{
    public static implicit operator Operand(long value) => new(OperandKind.Immediate, value);

    public static implicit operator Operand(Register register) => new(OperandKind.Register, register.Number);

    public static implicit operator Operand(DataOffset data) => new(OperandKind.Data, data.Value);
}

/// <summary>A place that keeps a result, mostly a descriptor, for later instructions.</summary>
internal readonly record struct Register(int Number)
{
    /// <summary>The child's end of the control socket.</summary>
    public static Register Control => new(0);

    public static Register Input => new(1);

    public static Register Output => new(2);

    public static Register Error => new(3);

    /// <summary>Where the command line of this process lies in memory, for <see cref="Operation.SetTitle"/>.</summary>
    public static Register TitleStart => new(4);

    public static Register TitleEnd => new(5);

    /// <summary>How many registers the launcher fills before the program runs.</summary>
    public const int Preset = 6;
}

/// <summary>A place in the program's data block.</summary>
internal readonly record struct DataOffset(int Value);
