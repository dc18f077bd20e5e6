namespace Vitrine.Linux.Seccomp;

/// <summary>Flags of seccomp(2) SECCOMP_SET_MODE_FILTER.</summary>
[Flags]
public enum SeccompFlags : uint
{
    None = 0,

    /// <summary>SECCOMP_FILTER_FLAG_TSYNC: all threads of the process, not only the caller.</summary>
    Tsync = 1,

    /// <summary>SECCOMP_FILTER_FLAG_LOG: log every action but allow, where the host's actions_logged has it.</summary>
    Log = 2,

    /// <summary>SECCOMP_FILTER_FLAG_SPEC_ALLOW: do not turn on the speculative store bypass mitigation.</summary>
    SpecAllow = 4,

    /// <summary>SECCOMP_FILTER_FLAG_NEW_LISTENER: return a descriptor that answers <see cref="SeccompAction.Notify"/>.</summary>
    NewListener = 8,

    /// <summary>SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: only a fatal signal interrupts a call whose notification was read.</summary>
    WaitKillableRecv = 32,
}

/// <summary>
/// What a filter says, before it is compiled. Which rule decides a call (<see cref="SeccompCompiler"/>):
/// the first one that names it without a condition; else the first in order whose tests all pass; else the default.
/// </summary>
public sealed class SeccompFilter
{
    /// <summary>The answer to calls that no rule decides.</summary>
    public required SeccompAction DefaultAction { get; init; }

    /// <summary>The ABIs that may be used; the machine's own where the list is empty.</summary>
    public IReadOnlyList<SeccompArchitecture> Architectures { get; init; } = [];

    /// <summary>The rules, in order.</summary>
    public required IReadOnlyList<SeccompRule> Rules { get; init; }

    /// <summary>Flags for seccomp(2).</summary>
    public SeccompFlags Flags { get; init; }

    /// <summary>The answer to calls through an ABI that is not listed, but x32, which gets ENOSYS as from a kernel without it.</summary>
    public SeccompAction ForeignArchitectureAction { get; init; } = SeccompAction.KillProcess;
}

/// <summary>One rule: what to answer to the named calls when all tests pass.</summary>
/// <param name="Names">System calls; a name that no ABI has is skipped and reported.</param>
/// <param name="Action">The answer.</param>
/// <param name="Tests">Conditions that must all hold; none for a rule without condition.</param>
public sealed record SeccompRule(IReadOnlyList<string> Names, SeccompAction Action, params ArgumentTest[] Tests);
