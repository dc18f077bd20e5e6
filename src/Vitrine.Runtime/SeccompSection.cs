using Vitrine.Linux;
using Vitrine.Linux.Seccomp;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>Reads config.json's linux.seccomp (runtime-spec config-linux.md, Seccomp) as a filter, the way runc does.</summary>
public static class SeccompSection
{
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
        if (defaultAction == SeccompAction.Notify)
            throw Invalid("SCMP_ACT_NOTIFY cannot be the default action: the process could not even be started");
        var notified = rules.FindAll(rule => rule.Action == SeccompAction.Notify);
        if (notified.Count == 0)
            return flags & ~SeccompFlags.WaitKillableRecv;
        if (string.IsNullOrEmpty(path))
            throw Invalid("SCMP_ACT_NOTIFY needs listenerPath");
        // It would wait for an agent that does not have the listener yet.
        if (notified.Exists(rule => rule.Names.Contains("sendmsg")))
            throw Invalid("SCMP_ACT_NOTIFY cannot be used for sendmsg: the listener itself is sent with it");
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
        return argument.Op switch
        {
            "SCMP_CMP_NE" => new(index, Comparison.NotEqual, argument.Value),
            "SCMP_CMP_LT" => new(index, Comparison.Less, argument.Value),
            "SCMP_CMP_LE" => new(index, Comparison.LessOrEqual, argument.Value),
            "SCMP_CMP_EQ" => new(index, Comparison.Equal, argument.Value),
            "SCMP_CMP_GE" => new(index, Comparison.GreaterOrEqual, argument.Value),
            "SCMP_CMP_GT" => new(index, Comparison.Greater, argument.Value),
            "SCMP_CMP_MASKED_EQ" => new(index, Comparison.MaskedEqual, argument.ValueTwo, Mask: argument.Value),
            var other => throw Invalid($"unknown comparison '{other}'"),
        };
    }

    private static SeccompAction Action(string name, uint? errno)
    {
        if (errno is > ushort.MaxValue)
            throw Invalid($"errnoRet {errno} is out of range");
        if (errno is not null && name is not ("SCMP_ACT_ERRNO" or "SCMP_ACT_TRACE"))
            throw Invalid($"errnoRet does not go with {name}");
        var data = (ushort)(errno ?? (uint)Errno.EPERM);
        return name switch
        {
            "SCMP_ACT_ALLOW" => SeccompAction.Allow,
            "SCMP_ACT_ERRNO" => SeccompAction.Fail((Errno)data),
            "SCMP_ACT_LOG" => SeccompAction.Log,
            "SCMP_ACT_TRAP" => SeccompAction.Trap,
            "SCMP_ACT_TRACE" => SeccompAction.Trace(data),
            "SCMP_ACT_KILL" or "SCMP_ACT_KILL_THREAD" => SeccompAction.KillThread,
            "SCMP_ACT_KILL_PROCESS" => SeccompAction.KillProcess,
            "SCMP_ACT_NOTIFY" => SeccompAction.Notify,
            _ => throw Invalid($"unknown action '{name}'"),
        };
    }

    // No list is not an empty list: runc and Docker then ask for SPEC_ALLOW, or every container would pay for the mitigation.
    private static SeccompFlags Flags(IReadOnlyList<string>? names)
    {
        var flags = names is null ? SeccompFlags.SpecAllow : SeccompFlags.None;
        foreach (var name in names ?? [])
        {
            flags |= name switch
            {
                "SECCOMP_FILTER_FLAG_TSYNC" => SeccompFlags.Tsync,
                "SECCOMP_FILTER_FLAG_LOG" => SeccompFlags.Log,
                "SECCOMP_FILTER_FLAG_SPEC_ALLOW" => SeccompFlags.SpecAllow,
                "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" => SeccompFlags.WaitKillableRecv,
                _ => throw Invalid($"unknown flag '{name}'"),
            };
        }

        return flags;
    }

    private static VitrineException Invalid(string message) => new(ErrorKind.Invalid, $"seccomp: {message}");
}
