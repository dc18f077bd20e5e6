namespace Vitrine.Linux.Seccomp;

/// <summary>The decisions of one ABI as ranges of call numbers.</summary>
internal ref struct AbiRanges
{
    // Call numbers below 1024, and behind them arm's private ones from 0xF0000.
    private const int Ordinary = 1024;
    private const int Slots = Ordinary + 16;
    private const uint PrivateBase = 0xF0000;

    private static readonly ArgumentTest s_always = new(0, Comparison.GreaterOrEqual, 0, ulong.MaxValue);

    private readonly ArgumentChains _chains;
    private readonly RuleTable _rules;
    private readonly SeccompAction _default;
    private readonly SeccompArchitecture _architecture;
    private readonly List<Target> _targets;
    private readonly ushort[] _choices = new ushort[Slots];

    /// <summary>What decides a number by its arguments, where nothing decides it without.</summary>
    private readonly List<Clause>?[] _conditions = new List<Clause>?[Slots];
    private int _last = -1;

    private AbiRanges(ArgumentChains chains, RuleTable rules, SeccompAction defaultAction, SeccompArchitecture architecture)
    {
        _chains = chains;
        _rules = rules;
        _default = defaultAction;
        _architecture = architecture;
        _targets = [defaultAction];
    }

    /// <summary>Writes the code for arguments that the ABI's rules need, and adds its ranges.</summary>
    public static void Append(List<DecisionRange> ranges, ArgumentChains chains, RuleTable rules, SeccompFilter filter,
        SeccompArchitecture architecture)
    {
        var abi = new AbiRanges(chains, rules, filter.DefaultAction, architecture);
        abi.Choose();
        abi.RefuseNewer();
        abi.AppendTo(ranges);
    }

    private void Choose()
    {
        for (var id = 0; id < SyscallTable.Count; id++)
        {
            if (!SyscallTable.TryGetNumber(_architecture, id, out var number))
                continue;
            var slot = number >= PrivateBase && _architecture == SeccompArchitecture.Arm
                ? Ordinary + (int)(number - PrivateBase)
                : (int)(number & ~SeccompArchitectures.X32Bit);
            if (_rules.IsNamed(id) && slot < Ordinary)
                _last = Math.Max(_last, slot);
            if (_choices[slot] == 0 || _conditions[slot] is not null)
                Choose(id, slot);
        }
    }

    /// <summary>
    /// Adds a call's rules to those of its number. A number may have two names, as arm_sync_file_range and sync_file_range2 are
    /// one call: the rules of both hold, in the order of the table.
    /// </summary>
    private readonly void Choose(int id, int slot)
    {
        var before = _conditions[slot];
        var clauses = _architecture == SeccompArchitecture.X86 ? MultiplexedCalls.Clauses(_rules, id) : _rules.Clauses(id);
        if (_rules.Always(id) is { } action)
        {
            _choices[slot] = IndexOf(before is null ? action : ChainTarget([.. before, new Clause([s_always], action)]));
            _conditions[slot] = null;
        }
        else if (clauses is not null)
        {
            _conditions[slot] = before is null ? clauses : [.. before, .. clauses];
            _choices[slot] = IndexOf(ChainTarget(_conditions[slot]!));
        }
    }

    /// <summary>
    /// A call newer than the newest one that the profile names is one whose author did not know it: ENOSYS, from which programs
    /// fall back to older calls, instead of EPERM, from which they do not (runc, libcontainer/seccomp/patchbpf). A profile that
    /// allows by default means it also for those.
    /// </summary>
    private readonly void RefuseNewer()
    {
        if (_last < 0 || _default.RunsTheCall)
            return;
        var unknown = IndexOf(SeccompAction.Fail(Errno.ENOSYS));
        foreach (ref var choice in _choices.AsSpan((_last + 1)..Ordinary))
        {
            // socketcall and ipc may answer for the calls they carry without being named.
            if (choice == 0)
                choice = unknown;
        }
    }

    private readonly void AppendTo(List<DecisionRange> ranges)
    {
        var bit = _architecture == SeccompArchitecture.X32 ? SeccompArchitectures.X32Bit : 0;
        var slots = _architecture == SeccompArchitecture.Arm ? Slots : Ordinary;
        for (var slot = 0; slot < slots; slot++)
        {
            var number = slot < Ordinary ? (uint)slot : (uint)(slot - Ordinary) + PrivateBase;
            DecisionTree.Append(ranges, number | bit, _targets[_choices[slot]]);
        }
    }

    private readonly Target ChainTarget(List<Clause> clauses) => _chains.TargetOf(clauses, _default, _architecture.HasNarrowArguments());

    private readonly ushort IndexOf(Target target)
    {
        var index = _targets.IndexOf(target);
        if (index < 0)
        {
            index = _targets.Count;
            _targets.Add(target);
        }

        return (ushort)index;
    }
}
