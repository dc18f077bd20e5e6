using Vitrine.Linux;
using Vitrine.Linux.Seccomp;
using Vitrine.Oci.Runtime;

namespace Vitrine.Filters;

/// <summary>Reads config.json's linux.seccomp (runtime-spec config-linux.md, Seccomp) as a filter, the way runc does.</summary>
public static class SeccompSection
{
    private static readonly (string Name, Comparison Comparison)[] s_operators =
    [
        ("SCMP_CMP_NE", Comparison.NotEqual), ("SCMP_CMP_LT", Comparison.Less), ("SCMP_CMP_LE", Comparison.LessOrEqual),
        ("SCMP_CMP_EQ", Comparison.Equal), ("SCMP_CMP_GE", Comparison.GreaterOrEqual), ("SCMP_CMP_GT", Comparison.Greater),
        ("SCMP_CMP_MASKED_EQ", Comparison.MaskedEqual),
    ];

    // Those of ERRNO and TRACE carry a number, which is put in where they are used.
    private static readonly (string Name, SeccompAction Action)[] s_actions =
    [
        ("SCMP_ACT_ALLOW", SeccompAction.Allow), (ErrnoAction, SeccompAction.Fail(Errno.None)), ("SCMP_ACT_LOG", SeccompAction.Log),
        ("SCMP_ACT_TRAP", SeccompAction.Trap), (TraceAction, SeccompAction.Trace(0)), ("SCMP_ACT_KILL", SeccompAction.KillThread),
        ("SCMP_ACT_KILL_THREAD", SeccompAction.KillThread), ("SCMP_ACT_KILL_PROCESS", SeccompAction.KillProcess),
        ("SCMP_ACT_NOTIFY", SeccompAction.Notify),
    ];

    private static readonly (string Name, SeccompFlags Flag)[] s_flags =
    [
        ("SECCOMP_FILTER_FLAG_TSYNC", SeccompFlags.Tsync), ("SECCOMP_FILTER_FLAG_LOG", SeccompFlags.Log),
        ("SECCOMP_FILTER_FLAG_SPEC_ALLOW", SeccompFlags.SpecAllow),
        ("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", SeccompFlags.WaitKillableRecv),
    ];

    private const string ErrnoAction = "SCMP_ACT_ERRNO";
    private const string TraceAction = "SCMP_ACT_TRACE";

    /// <summary>Names of comparisons that a section may use, in a new array.</summary>
    public static string[] OperatorNames => Array.ConvertAll(s_operators, static known => known.Name);

    /// <summary>Names of actions that a section may use, in a new array.</summary>
    public static string[] ActionNames => Array.ConvertAll(s_actions, static known => known.Name);

    /// <summary>Names of flags that a section may use, in a new array.</summary>
    public static string[] FlagNames => Array.ConvertAll(s_flags, static known => known.Name);

    /// <summary>Compiles the section.</summary>
    /// <exception cref="VitrineException">The section is malformed, needs what this version does not do, or is too long for the kernel.</exception>
    public static SeccompProgram Compile(Seccomp section)
    {
        try
        {
            return SeccompCompiler.Compile(ToFilter(section));
        }
        catch (SeccompException error)
        {
            throw new VitrineException(ErrorKind.Invalid, error.Message, error);
        }
    }

    /// <summary>Maps the section to a filter. ABIs that this machine cannot have, such as mips, are left out.</summary>
    /// <exception cref="VitrineException">The section is malformed or needs what this version does not do.</exception>
    public static SeccompFilter ToFilter(Seccomp section)
    {
        var defaultAction = Action(section.DefaultAction, section.DefaultErrnoRet);
        var rules = Rules(section.Syscalls ?? []);
        if (section is { ListenerMetadata.Length: > 0, ListenerPath: null or "" })
            throw Invalid("listenerMetadata needs listenerPath");
        return new SeccompFilter
        {
            DefaultAction = defaultAction,
            Architectures = Architectures(section.Architectures),
            Rules = rules,
            Flags = WithListener(Flags(section.Flags), defaultAction, rules, section.ListenerPath),
        };
    }

    /// <summary>A listener where anything is left to it, and nothing that only goes with one where not.</summary>
    private static SeccompFlags WithListener(SeccompFlags flags, SeccompAction defaultAction, List<SeccompRule> rules, string? path)
    {
        if (defaultAction != SeccompAction.Notify && !rules.Exists(rule => rule.Action == SeccompAction.Notify))
            return flags & ~SeccompFlags.WaitKillableRecv;
        if (string.IsNullOrEmpty(path))
            throw Invalid("SCMP_ACT_NOTIFY needs listenerPath");
        return flags | SeccompFlags.NewListener;
    }

    private static SeccompArchitecture[] Architectures(IReadOnlyList<string>? names)
    {
        var known = new List<SeccompArchitecture>();
        foreach (var name in names ?? [])
        {
            if (SeccompArchitectures.TryParse(name, out var architecture))
                known.Add(architecture);
            else if (!name.StartsWith("SCMP_ARCH_", StringComparison.Ordinal))
                throw Invalid($"unknown architecture '{name}'");
        }

        // Nothing but foreign ABIs would leave the list empty, which means the machine's own.
        if (known.Count == 0 && names is { Count: > 0 })
            throw Invalid($"no listed architecture is one of this machine: {string.Join(", ", names)}");
        return [.. known];
    }

    private static List<SeccompRule> Rules(IReadOnlyList<SyscallRule> rules)
    {
        var result = new List<SeccompRule>(rules.Count);
        foreach (var rule in rules)
        {
            var action = Action(rule.Action, rule.ErrnoRet);
            var tests = new ArgumentTest[rule.Args?.Count ?? 0];
            for (var i = 0; i < tests.Length; i++)
                tests[i] = Test(rule.Args![i]);

            // Two tests of one argument are alternatives, each a rule of its own; all others hold together (runc, matchCall).
            if (HasRepeatedArgument(tests))
                result.AddRange(Array.ConvertAll(tests, test => new SeccompRule(rule.Names, action, test)));
            else
                result.Add(new SeccompRule(rule.Names, action, tests));
        }

        return result;
    }

    private static bool HasRepeatedArgument(ArgumentTest[] tests)
    {
        var seen = 0;
        foreach (var test in tests)
        {
            if ((seen & 1 << test.Index) != 0)
                return true;
            seen |= 1 << test.Index;
        }

        return false;
    }

    private static ArgumentTest Test(SyscallArgument argument)
    {
        if (argument.Index >= ArgumentTest.ArgumentCount)
            throw Invalid($"there is no system call argument {argument.Index}");
        var index = (byte)argument.Index;
        foreach (var (name, comparison) in s_operators)
        {
            if (name == argument.Op)
            {
                return comparison == Comparison.MaskedEqual
                    ? new(index, comparison, argument.ValueTwo, Mask: argument.Value)
                    : new(index, comparison, argument.Value);
            }
        }

        throw Invalid($"unknown comparison '{argument.Op}'");
    }

    private static SeccompAction Action(string name, uint? errno)
    {
        if (errno is > ushort.MaxValue)
            throw Invalid($"errnoRet {errno} is out of range");
        if (errno is not null && name is not (ErrnoAction or TraceAction))
            throw Invalid($"errnoRet does not go with {name}");
        var data = (ushort)(errno ?? (uint)Errno.EPERM);
        foreach (var (known, action) in s_actions)
        {
            if (known == name)
                return name == ErrnoAction ? SeccompAction.Fail((Errno)data) : name == TraceAction ? SeccompAction.Trace(data) : action;
        }

        throw Invalid($"unknown action '{name}'");
    }

    // No list is not an empty list: runc and Docker then ask for SPEC_ALLOW, or every container would pay for the mitigation.
    private static SeccompFlags Flags(IReadOnlyList<string>? names)
    {
        var flags = names is null ? SeccompFlags.SpecAllow : SeccompFlags.None;
        foreach (var name in names ?? [])
        {
            var known = Array.FindIndex(s_flags, flag => flag.Name == name);
            flags |= known >= 0 ? s_flags[known].Flag : throw Invalid($"unknown flag '{name}'");
        }

        return flags;
    }

    private static VitrineException Invalid(string message) => new(ErrorKind.Invalid, $"seccomp: {message}");
}
