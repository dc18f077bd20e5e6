using Vitrine.Oci.Runtime;

namespace Vitrine.Insight.Sections;

/// <summary>What a filter does with a system call.</summary>
internal enum SyscallVerdict
{
    Allowed,

    /// <summary>It depends on the arguments.</summary>
    Conditional,
    Blocked,
}

/// <summary>Answers what the rules of a specification do with a call, by name.</summary>
internal sealed class SeccompRules
{
    private readonly Dictionary<string, SyscallVerdict> verdicts = new(StringComparer.Ordinal);
    private readonly SyscallVerdict other;

    public SeccompRules(Seccomp filter)
    {
        other = Runs(filter.DefaultAction) ? SyscallVerdict.Allowed : SyscallVerdict.Blocked;
        foreach (var rule in filter.Syscalls ?? [])
        {
            foreach (var name in rule.Names)
                Add(name, rule);
        }
    }

    public SyscallVerdict Of(string name) => verdicts.GetValueOrDefault(name, other);

    // A rule without conditions decides, whatever others say of some arguments (seccomp_rule_add(3)).
    private void Add(string name, SyscallRule rule)
    {
        var verdict = Runs(rule.Action) ? SyscallVerdict.Allowed : SyscallVerdict.Blocked;
        if (rule.Args is not { Count: > 0 })
            verdicts[name] = verdict;
        else if (verdict != other && verdicts.GetValueOrDefault(name, other) == other)
            verdicts[name] = SyscallVerdict.Conditional;
    }

    private static bool Runs(string action) => action is "SCMP_ACT_ALLOW" or "SCMP_ACT_LOG";
}
