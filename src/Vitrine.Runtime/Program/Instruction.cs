using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>One step of a setup program.</summary>
internal readonly struct Instruction
{
    /// <summary>As many arguments as a system call takes.</summary>
    public const int MaximumOperands = 6;

    public required Operation Operation { get; init; }

    /// <summary>The system call of <see cref="Operation.Call"/>.</summary>
    public Syscall Call { get; init; }

    /// <summary>Where its operands start in <see cref="SetupProgram.Operands"/>.</summary>
    public int FirstOperand { get; init; }

    /// <summary>At most six.</summary>
    public int OperandCount { get; init; }

    /// <summary>The register that takes the result, or -1.</summary>
    public required int Result { get; init; }

    public required ErrorPolicy OnError { get; init; }

    /// <summary>Where a jump or fork goes: an instruction's index.</summary>
    public int Target { get; init; }

    /// <summary>What it is part of: an index into <see cref="SetupProgram.Steps"/>.</summary>
    public required int Step { get; init; }
}

/// <summary>What happens when an instruction fails with some error numbers; with any other, the whole program fails.</summary>
/// <param name="First">An error number that is not a failure, or None.</param>
/// <param name="Second">Another.</param>
/// <param name="Third">Another.</param>
/// <param name="Any">Whether no error number is a failure.</param>
/// <param name="Warn">Whether the parent is told, although the program goes on.</param>
/// <param name="Target">Where the program goes on: an instruction's index (a label while it is built), or -1 for the next one.</param>
internal readonly record struct ErrorPolicy(Errno First, Errno Second = Errno.None, Errno Third = Errno.None,
    bool Any = false, bool Warn = false, int Target = -1)
{
    /// <summary>Every error is a failure.</summary>
    public static ErrorPolicy Fail => default(ErrorPolicy) with { Target = -1 };

    /// <summary>Whatever happens, go on.</summary>
    public static ErrorPolicy IgnoreAll => new(Errno.None, Any: true);

    /// <summary>Whatever happens, go on, but tell the parent.</summary>
    public static ErrorPolicy WarnAll => new(Errno.None, Any: true, Warn: true);

    /// <summary>These errors are not failures.</summary>
    public static ErrorPolicy Ignore(Errno first, Errno second = Errno.None, Errno third = Errno.None) => new(first, second, third);

    /// <summary>On these errors go on at the label.</summary>
    public static ErrorPolicy Goto(Label label, Errno first, Errno second = Errno.None, Errno third = Errno.None) =>
        new(first, second, third, Target: label.Number);
}

/// <summary>A place in the program that is known when it is complete.</summary>
internal readonly record struct Label(int Number);

/// <summary>What a run of instructions does, in words: for <c>--explain</c> and for the message when one of them fails.</summary>
/// <param name="Action">What is done, ending so that the object can follow: <c>mount proc on</c>.</param>
/// <param name="Object">What it is done to, or null.</param>
/// <param name="Options">With which options, or null.</param>
/// <param name="Kind">What the step's failure means to the caller.</param>
internal sealed record Step(string Action, string? Object = null, IReadOnlyList<string>? Options = null, StepKind Kind = StepKind.Setup)
{
    public override string ToString()
    {
        var text = Object is null ? Action : $"{Action} '{Object}'";
        return Options is { Count: > 0 } ? $"{text} ({string.Join(',', Options)})" : text;
    }
}

internal enum StepKind : byte
{
    Setup,
    WorkingDirectory,

    /// <summary>Running the command itself.</summary>
    Command,
}
