namespace Vitrine.Linux.Seccomp;

/// <summary>A filter's rules by system call instead of by rule; the same for every ABI.</summary>
internal sealed class RuleTable
{
    private readonly bool[] _named = new bool[SyscallTable.Count];
    private readonly SeccompAction?[] _always = new SeccompAction?[SyscallTable.Count];
    private readonly List<Clause>?[] _clauses = new List<Clause>?[SyscallTable.Count];
    private readonly List<string> _unknown = [];
    private readonly SeccompAction _default;

    public RuleTable(SeccompFilter filter)
    {
        _default = filter.DefaultAction;
        foreach (var rule in filter.Rules)
            Add(rule);
    }

    /// <summary>Names that no ABI has.</summary>
    public IReadOnlyList<string> UnknownNames => _unknown;

    /// <summary>Whether any rule names a call.</summary>
    public bool IsNamed(int id) => _named[id];

    /// <summary>The answer that a call always gets, or null where there is none or arguments decide.</summary>
    public SeccompAction? Always(int id) => _always[id];

    /// <summary>What decides a call by its arguments, in order; null where a rule without condition wins or no rule is given.</summary>
    public List<Clause>? Clauses(int id) => _always[id] is null ? _clauses[id] : null;

    private void Add(SeccompRule rule)
    {
        foreach (var test in rule.Tests)
        {
            if (test.Index >= ArgumentTest.ArgumentCount)
                throw new SeccompException($"seccomp: a system call has {ArgumentTest.ArgumentCount} arguments, a rule tests number {test.Index}");
        }

        var names = rule.Names;
        var previous = -1;
        for (var i = 0; i < names.Count; i++)
        {
            var id = SyscallTable.FindAfter(names[i], previous);
            previous = id;
            if (id < 0)
                _unknown.Add(names[i]);
            else
                Add(id, rule);
        }
    }

    private void Add(int id, SeccompRule rule)
    {
        _named[id] = true;

        // Says nothing that the default does not say: left out as runc does, so that it cannot shadow another rule.
        if (rule.Action == _default)
            return;
        if (rule.Tests.Length == 0)
            _always[id] ??= rule.Action;
        else
            (_clauses[id] ??= []).Add(new Clause(rule.Tests, rule.Action));
    }
}
