namespace Vitrine.Linux.Seccomp;

/// <summary>How a system call argument is compared with a value; all comparisons are unsigned (libseccomp's scmp_compare).</summary>
public enum Comparison : byte
{
    NotEqual,
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,

    /// <summary>The argument and the value are equal in the bits of a mask.</summary>
    MaskedEqual,
}

/// <summary>One condition on an argument of a system call.</summary>
/// <param name="Index">Which argument, from 0 to 5.</param>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Value">With what.</param>
/// <param name="Mask">The bits that <see cref="Comparison.MaskedEqual"/> looks at.</param>
public readonly record struct ArgumentTest(byte Index, Comparison Comparison, ulong Value, ulong Mask = ulong.MaxValue)
{
    /// <summary>How many arguments a system call has.</summary>
    public const int ArgumentCount = 6;

    /// <summary>Whether an argument passes.</summary>
    public bool Accepts(ulong argument) => Comparison switch
    {
        Comparison.NotEqual => argument != Value,
        Comparison.Less => argument < Value,
        Comparison.LessOrEqual => argument <= Value,
        Comparison.Equal => argument == Value,
        Comparison.GreaterOrEqual => argument >= Value,
        Comparison.Greater => argument > Value,
        _ => (argument & Mask) == (Value & Mask),
    };

    /// <summary>The test as a 32-bit ABI sees it: the low halves of value and mask.</summary>
    public ArgumentTest Narrow() => this with { Value = (uint)Value, Mask = (uint)Mask };
}
