using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>
/// A flat list of system calls that turns a fresh clone of this process into the configured one. Immutable; launched as
/// often as wanted.
/// </summary>
public sealed class SetupProgram
{
    internal SetupProgram(Instruction[] instructions, Operand[] operands, Step[] steps, ReadOnlyMemory<byte> data, int[] pointers,
        int registerCount)
    {
        Instructions = instructions;
        Operands = operands;
        Steps = steps;
        Data = data;
        Pointers = pointers;
        RegisterCount = registerCount;
    }

    /// <summary>What was configured but cannot be had, one line each.</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    /// <summary>Whether the process gets a terminal of its own.</summary>
    public bool Terminal { get; internal init; }

    internal Instruction[] Instructions { get; }

    /// <summary>The operands of all instructions, one after another.</summary>
    internal Operand[] Operands { get; }

    internal Step[] Steps { get; }

    /// <summary>Strings and structures that instructions point to.</summary>
    internal ReadOnlyMemory<byte> Data { get; }

    /// <summary>The places in <see cref="Data"/> that hold an offset of it and become pointers.</summary>
    internal int[] Pointers { get; }

    internal int RegisterCount { get; }

    /// <summary>The namespaces that the clone itself makes.</summary>
    internal CloneFlags CloneFlags { get; init; }

    /// <summary>A pidfd of the process in whose pid namespace the clone is to be; null is this process's own.</summary>
    internal SafeFileHandle? PidNamespaceOf { get; init; }

    /// <summary>How many times the child speaks before it waits for the first go-ahead: next stages, and a wish for id maps.</summary>
    internal int StageCount { get; init; }

    /// <summary>Whether the process that is cloned is not the one that stays.</summary>
    internal bool HasNextStage { get; init; }

    /// <summary>The first process of the container that is joined, or 0 for a container's own first process.</summary>
    internal int TargetPid { get; init; }

    /// <summary>The first argument, as configured.</summary>
    internal string Command { get; init; } = "";

    /// <summary>Whether a process of this one's image stays in the container, so that its command line must not show.</summary>
    internal bool HidesCommandLine { get; init; }

    /// <summary>The maps of a new user namespace, as lines of /proc/PID/uid_map and gid_map.</summary>
    internal string UidMap { get; init; } = "";

    /// <inheritdoc cref="UidMap"/>
    internal string GidMap { get; init; } = "";

    /// <summary>What is written to /proc/PID/setgroups before the map of groups: allow or deny; null for what the maps need.</summary>
    internal string? SetGroups { get; init; }

    /// <summary>The host uid that stdio pipes are given to, so that the process can reopen them; 0 leaves them alone.</summary>
    internal uint StdioOwner { get; init; }

    /// <summary>Owners of descriptors whose numbers the program holds.</summary>
    internal IReadOnlyList<object> References { get; init; } = [];

    /// <summary>Who is given the seccomp listener, where there is one.</summary>
    internal SeccompListener? Listener { get; init; }

    /// <summary>Mounts that the launcher makes before it clones, and the registers that take their descriptors.</summary>
    internal IReadOnlyList<(Register Register, IdMappedMount Mount)> MappedMounts { get; init; } = [];

    internal ReadOnlySpan<Operand> OperandsOf(in Instruction instruction) =>
        Operands.AsSpan(instruction.FirstOperand, instruction.OperandCount);

    /// <summary>Writes the program as text: one line for each instruction, with the meaning of each step behind its first.</summary>
    public void Render(TextWriter writer) => ProgramText.Write(this, writer);
}
