using Vitrine.Linux;
using Vitrine.Linux.Seccomp;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>From the configuration's seccomp section (runtime-spec config-linux.md, Seccomp) to the code that the kernel runs.</summary>
internal static class SeccompSteps
{
    /// <exception cref="VitrineException">The section is invalid, or asks for what is not supported.</exception>
    public static SeccompCode Compile(Seccomp seccomp)
    {
        var defaultAction = Action(seccomp.DefaultAction, seccomp.DefaultErrnoRet);
        var filter = new SeccompFilter
        {
            DefaultAction = defaultAction,
            Architectures = Architectures(seccomp.Architectures),
            Rules = [.. (seccomp.Syscalls ?? []).SelectMany(rule => Rules(rule, defaultAction))],
            Flags = Flags(seccomp.Flags),
        };
        try
        {
            var program = SeccompCompiler.Compile(filter);
            return new SeccompCode(program.Bytes.ToArray(), program.Flags);
        }
        catch (SeccompException e)
        {
            throw Invalid(e.Message);
        }
    }

    private static IEnumerable<SeccompRule> Rules(SyscallRule rule, SeccompAction defaultAction)
    {
        var action = Action(rule.Action, rule.ErrnoRet);
        // As in libseccomp, a rule that says what the default says is none: it must not hide a later one.
        if (action == defaultAction)
            yield break;
        var tests = (rule.Args ?? []).Select(Test).ToArray();
        if (tests.Select(test => test.Index).Distinct().Count() == tests.Length)
            yield return new SeccompRule(rule.Names, action, tests);
        else
            // As in runc, several conditions on one argument are alternatives.
            foreach (var test in tests)
                yield return new SeccompRule(rule.Names, action, test);
    }

    private static ArgumentTest Test(SyscallArgument argument)
    {
        if (argument.Index >= ArgumentTest.ArgumentCount)
            throw Invalid($"argument index {argument.Index} is out of range");
        var index = (byte)argument.Index;
        return argument.Op switch
        {
            "SCMP_CMP_NE" => new(index, Comparison.NotEqual, argument.Value),
            "SCMP_CMP_LT" => new(index, Comparison.Less, argument.Value),
            "SCMP_CMP_LE" => new(index, Comparison.LessOrEqual, argument.Value),
            "SCMP_CMP_EQ" => new(index, Comparison.Equal, argument.Value),
            "SCMP_CMP_GE" => new(index, Comparison.GreaterOrEqual, argument.Value),
            "SCMP_CMP_GT" => new(index, Comparison.Greater, argument.Value),
            "SCMP_CMP_MASKED_EQ" => new(index, Comparison.MaskedEqual, argument.ValueTwo, Mask: argument.Value),
            _ => throw Invalid($"unknown operator {argument.Op}"),
        };
    }

    private static SeccompAction Action(string name, uint? errno) => name switch
    {
        "SCMP_ACT_KILL" or "SCMP_ACT_KILL_THREAD" => SeccompAction.KillThread,
        "SCMP_ACT_KILL_PROCESS" => SeccompAction.KillProcess,
        "SCMP_ACT_TRAP" => SeccompAction.Trap,
        "SCMP_ACT_ERRNO" => SeccompAction.Fail((Errno)(errno ?? (uint)Errno.EPERM)),
        "SCMP_ACT_TRACE" => SeccompAction.Trace((ushort)(errno ?? (uint)Errno.EPERM)),
        "SCMP_ACT_ALLOW" => SeccompAction.Allow,
        "SCMP_ACT_LOG" => SeccompAction.Log,
        "SCMP_ACT_NOTIFY" => throw new VitrineException(ErrorKind.NotImplemented, "seccomp: SCMP_ACT_NOTIFY is not supported"),
        _ => throw Invalid($"unknown action {name}"),
    };

    /// <summary>ABIs without a table here are those of other machines; but an empty list would mean the native one.</summary>
    private static List<SeccompArchitecture> Architectures(IReadOnlyList<string>? names)
    {
        var known = new List<SeccompArchitecture>();
        foreach (var name in names ?? [])
            if (SeccompArchitectures.TryParse(name, out var architecture))
                known.Add(architecture);
        return names is { Count: > 0 } && !known.Contains(SeccompArchitectures.Native)
            ? throw Invalid($"the architectures {string.Join(',', names)} leave out this machine's")
            : known;
    }

    private static SeccompFlags Flags(IReadOnlyList<string>? names)
    {
        // As runc: without flags, no mitigation that only costs time where it was not asked for.
        if (names is not { Count: > 0 })
            return SeccompFlags.SpecAllow;
        var flags = SeccompFlags.None;
        foreach (var name in names)
            flags |= name switch
            {
                "SECCOMP_FILTER_FLAG_TSYNC" => SeccompFlags.None, // One thread is all there is.
                "SECCOMP_FILTER_FLAG_LOG" => SeccompFlags.Log,
                "SECCOMP_FILTER_FLAG_SPEC_ALLOW" => SeccompFlags.SpecAllow,
                "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" => SeccompFlags.WaitKillableRecv,
                _ => throw Invalid($"unknown flag {name}"),
            };
        return flags;
    }

    private static VitrineException Invalid(string message) => new(ErrorKind.Invalid, $"invalid seccomp configuration: {message}");
}
