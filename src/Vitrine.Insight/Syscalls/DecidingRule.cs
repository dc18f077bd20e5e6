using Vitrine.Linux;
using Vitrine.Linux.Seccomp;

namespace Vitrine.Insight.Syscalls;

/// <summary>Which rule of a filter decides a call, in words; what decides is said in docs/seccomp.md.</summary>
public static class DecidingRule
{
    private const int NamesShown = 3;

    /// <summary>Describes what led to an answer.</summary>
    /// <param name="filter">The rules that the program was made from.</param>
    /// <param name="architecture">The ABI.</param>
    /// <param name="number">The call.</param>
    /// <param name="arguments">Its arguments; those that are missing are 0.</param>
    /// <param name="answer">What the program answered.</param>
    public static string Describe(SeccompFilter filter, SeccompArchitecture architecture, uint number, ReadOnlySpan<ulong> arguments, SeccompAction answer)
    {
        if (!(filter.Architectures.Count == 0 ? architecture == SeccompArchitectures.Native : filter.Architectures.Contains(architecture)))
            return $"the ABI {architecture.Name()} is not in the filter's list";
        var names = NamesOf(architecture, number);
        foreach (var name in names)
        {
            if (Find(filter, architecture, name, arguments) is { } rule && rule.Action == answer)
                return $"a rule for {Names(rule.Names, name)}{When(rule.Tests)}";
        }

        if (answer != filter.DefaultAction && answer.Errno == Errno.ENOSYS)
            return "its number is above all that the filter names: as if the kernel did not have it, so that programs fall back";
        if (answer != filter.DefaultAction)
            return $"a rule for what {names.FirstOrDefault()} carries";
        var conditions = filter.Rules.Where(rule => rule.Names.Any(names.Contains)).ToList();
        return conditions.Count == 0
            ? "the default, as no rule names it"
            : $"the default, as {(conditions.Count == 1 ? "the condition of the rule that names it is" : "the conditions of the rules that name it are")} not met: {string.Join("; ", conditions.Select(rule => $"{rule.Action}{When(rule.Tests)}"))}";
    }

    private static SeccompRule? Find(SeccompFilter filter, SeccompArchitecture architecture, string name, ReadOnlySpan<ulong> arguments)
    {
        SeccompRule? conditional = null;
        foreach (var rule in filter.Rules)
        {
            if (rule.Action == filter.DefaultAction || !rule.Names.Contains(name))
                continue;
            if (rule.Tests.Length == 0)
                return rule;
            conditional ??= Holds(architecture, rule, arguments) ? rule : null;
        }

        return conditional;
    }

    private static bool Holds(SeccompArchitecture architecture, SeccompRule rule, ReadOnlySpan<ulong> arguments)
    {
        foreach (var test in rule.Tests)
        {
            var argument = test.Index < arguments.Length ? arguments[test.Index] : 0;
            if (architecture.HasNarrowArguments() ? !test.Narrow().Accepts((uint)argument) : !test.Accepts(argument))
                return false;
        }

        return true;
    }

    private static List<string> NamesOf(SeccompArchitecture architecture, uint number)
    {
        var names = new List<string>();
        for (var id = 0; id < SyscallTable.Count; id++)
        {
            if (SyscallTable.TryGetNumber(architecture, id, out var candidate) && candidate == number)
                names.Add(SyscallTable.Name(id));
        }

        return names;
    }

    private static string Names(IReadOnlyList<string> names, string name)
    {
        if (names.Count <= NamesShown)
            return string.Join(", ", names);
        return $"{name} and {names.Count - 1} others";
    }

    private static string When(ArgumentTest[] tests) => tests.Length == 0 ? "" : $" when {string.Join(" and ", tests.Select(Text))}";

    private static string Text(ArgumentTest test) => test.Comparison switch
    {
        Comparison.MaskedEqual => $"argument {test.Index} & 0x{test.Mask:x} is 0x{test.Value:x}",
        Comparison.Equal => $"argument {test.Index} is {Number(test.Value)}",
        Comparison.NotEqual => $"argument {test.Index} is not {Number(test.Value)}",
        Comparison.Less => $"argument {test.Index} is below {Number(test.Value)}",
        Comparison.LessOrEqual => $"argument {test.Index} is at most {Number(test.Value)}",
        Comparison.GreaterOrEqual => $"argument {test.Index} is at least {Number(test.Value)}",
        _ => $"argument {test.Index} is above {Number(test.Value)}",
    };

    private static string Number(ulong value) => value < 1024 ? $"{value}" : $"0x{value:x}";
}
