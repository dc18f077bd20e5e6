using Vitrine.Linux;

namespace Vitrine.Runtime.Containers;

/// <summary>
/// For tests of crashes: this process kills itself at the n-th of its own steps, or when the child has come to an instruction.
/// </summary>
/// <param name="step">The step, counted from 0; -1 for never.</param>
/// <param name="instruction">The instruction of the setup program; -1 for never.</param>
public sealed class CrashPoint(int step, int instruction)
{
    private int _passed;

    public static CrashPoint Never => new(-1, -1);

    /// <inheritdoc cref="LaunchEvents.KillBefore"/>
    public int Instruction => instruction;

    /// <summary>A step of this process was made.</summary>
    public void Pass()
    {
        if (_passed++ == step)
            ThisProcess.Die();
    }
}
