using Vitrine.Insight.Sections;
using Vitrine.Linux.Seccomp;

namespace Vitrine.Insight.Syscalls;

/// <summary>What a stack of filters answers to a call.</summary>
/// <param name="Action">The answer that counts.</param>
/// <param name="LooksAtArguments">Whether any filter looked at the arguments: others may be answered otherwise.</param>
/// <param name="Filter">Which of the filters gave it, the newest being 0.</param>
public sealed record FilterAnswer(SeccompAction Action, bool LooksAtArguments, int Filter);

/// <summary>
/// The filters of a process, each of which is asked at each call; the strictest answer counts, and of equally strict ones that
/// of the newest filter (seccomp(2)).
/// </summary>
/// <param name="filters">The newest first; none lets every call run.</param>
public sealed class FilterStack(IReadOnlyList<SeccompMachine> filters)
{
    private const uint ActionMask = 0xFFFF0000;

    public int Count => filters.Count;

    /// <summary>How many instructions each has, the newest first.</summary>
    public IReadOnlyList<int> Lengths => [.. filters.Select(filter => filter.Length)];

    /// <summary>The answer to a call.</summary>
    public FilterAnswer Ask(SeccompCall call)
    {
        var answer = new FilterAnswer(SeccompAction.Allow, false, 0);
        for (var i = 0; i < filters.Count; i++)
        {
            var action = filters[i].Run(call, out var looks);
            // As signed numbers the actions are in order of strictness: kill process, kill thread, trap, errno...
            if ((int)(action.Value & ActionMask) < (int)(answer.Action.Value & ActionMask))
                answer = answer with { Action = action, Filter = i };
            answer = answer with { LooksAtArguments = answer.LooksAtArguments || looks };
        }

        return answer;
    }

    /// <summary>The answer to a call by name in an ABI; null where that has no such call.</summary>
    public FilterAnswer? Ask(SeccompArchitecture architecture, string name, params ulong[] arguments) =>
        SyscallTable.Find(name) is >= 0 and var id && SyscallTable.TryGetNumber(architecture, id, out var number)
            ? Ask(new SeccompCall(architecture.AuditValue(), number, arguments))
            : null;

    /// <summary>The calls that filters are there for, by purpose, in this machine's ABI.</summary>
    public IReadOnlyList<SyscallGroupFact> Groups()
    {
        var groups = new List<SyscallGroupFact>();
        foreach (var (purpose, meaning, all) in SyscallPurposes.Groups)
        {
            var verdicts = all.Select(call => (Call: call, Answer: Ask(SeccompArchitectures.Native, call))).Where(pair => pair.Answer is not null).ToList();
            if (verdicts.Count == 0)
                continue;
            groups.Add(new SyscallGroupFact
            {
                Purpose = purpose,
                Meaning = meaning,
                Conditional = [.. verdicts.Where(pair => pair.Answer!.LooksAtArguments).Select(pair => pair.Call)],
                Blocked = [.. verdicts.Where(pair => pair.Answer is { LooksAtArguments: false, Action.RunsTheCall: false }).Select(pair => pair.Call)],
                Allowed = [.. verdicts.Where(pair => pair.Answer is { LooksAtArguments: false, Action.RunsTheCall: true }).Select(pair => pair.Call)],
            });
        }

        return groups;
    }

    /// <summary>How many calls of this machine's ABI are refused whatever their arguments, and how many depend on them.</summary>
    public (int Blocked, int Conditional, int All) Totals()
    {
        var (blocked, conditional, all) = (0, 0, 0);
        for (var id = 0; id < SyscallTable.Count; id++)
        {
            if (!SyscallTable.TryGetNumber(SeccompArchitectures.Native, id, out var number))
                continue;
            all++;
            var answer = Ask(new SeccompCall(SeccompArchitectures.Native.AuditValue(), number, default));
            if (answer.LooksAtArguments)
                conditional++;
            else if (!answer.Action.RunsTheCall)
                blocked++;
        }

        return (blocked, conditional, all);
    }
}
