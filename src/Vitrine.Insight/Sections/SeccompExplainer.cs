using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Sections;

/// <summary>Which system calls the process may make.</summary>
internal static class SeccompExplainer
{
    public static SeccompSection Explain(ExplainContext context)
    {
        var notes = context.Notes();
        var mode = context.Status.SeccompMode switch
        {
            0 => SeccompMode.Disabled,
            1 => SeccompMode.Strict,
            2 => SeccompMode.Filter,
            _ => SeccompMode.Unknown,
        };
        notes.Fact("mode", Words(mode, context.Status.SeccompFilters), context.Source("status"), Meaning(mode));
        if (mode is SeccompMode.Disabled)
        {
            notes.Warn(Severity.Medium, "seccomp.off",
                "No filter: every system call of the kernel can be tried, and most escapes need one that a filter would refuse.",
                "run without --security-opt seccomp=unconfined and without --privileged");
        }

        var rules = mode is SeccompMode.Filter && context.Spec?.Linux?.Seccomp is { } filter ? new SeccompRules(filter) : null;
        var section = new SeccompSection { Mode = mode, Filters = context.Status.SeccompFilters };
        if (rules is not null)
            section = section with { Groups = Groups(context, rules, notes), BlockedCount = SyscallCount.Blocked(rules) };
        NoteRules(context, notes, mode, section);
        return section with { Facts = notes.Facts, Warnings = notes.Warnings };
    }

    private static string Words(SeccompMode mode, int? filters) => (mode, filters) switch
    {
        (SeccompMode.Filter, { } count) => count == 1 ? "filter" : $"filter ({count} stacked)",
        _ => mode.ToString().ToLowerInvariant(),
    };

    private static string Meaning(SeccompMode mode) => mode switch
    {
        SeccompMode.Disabled => "Every system call is let through to the kernel.",
        SeccompMode.Strict => "Only read, write, exit and sigreturn are let through.",
        SeccompMode.Filter => "A program in the kernel looks at each system call and its arguments, and refuses those its rules name.",
        _ => "The kernel does not tell: it is built without seccomp.",
    };

    private static void NoteRules(ExplainContext context, SectionNotes notes, SeccompMode mode, SeccompSection section)
    {
        if (section.BlockedCount is { } count)
        {
            notes.Fact("refused", $"{count} system calls", context.SpecPath ?? "", "Counted over all calls of this machine's architecture.");
        }
        else if (mode is SeccompMode.Filter)
        {
            notes.Fact("rules", "not known", context.Source("status"),
                "The kernel shows a filter's rules only to a tracer with CAP_SYS_ADMIN; the engine's specification names them.");
        }
    }

    private static List<SyscallGroupFact> Groups(ExplainContext context, SeccompRules rules, SectionNotes notes)
    {
        var groups = new List<SyscallGroupFact>();
        foreach (var (purpose, meaning, all) in SyscallPurposes.Groups)
        {
            var calls = all.Where(SyscallCount.Exists).ToArray();
            if (calls.Length == 0)
                continue;
            string[] With(SyscallVerdict verdict) => [.. calls.Where(call => rules.Of(call) == verdict)];
            groups.Add(new SyscallGroupFact
            {
                Purpose = purpose,
                Meaning = meaning,
                Blocked = With(SyscallVerdict.Blocked),
                Conditional = With(SyscallVerdict.Conditional),
                Allowed = With(SyscallVerdict.Allowed),
            });
        }

        WarnOpen(context, notes, groups, "modules", Capability.CAP_SYS_MODULE, Severity.High);
        WarnOpen(context, notes, groups, "kernel", Capability.CAP_SYS_BOOT, Severity.High);
        WarnOpen(context, notes, groups, "mount", Capability.CAP_SYS_ADMIN, Severity.Medium);
        return groups;
    }

    /// <summary>A call that the filter lets through is a danger where the capability for it is there too.</summary>
    private static void WarnOpen(
        ExplainContext context, SectionNotes notes, List<SyscallGroupFact> groups, string purpose, Capability needs, Severity severity)
    {
        if (groups.Find(group => group.Purpose == purpose) is not { Allowed.Count: > 0 } group)
            return;
        var armed = new CapabilitySet(context.Status.CapBounding).Contains(needs) && !context.HasOwn(NamespaceKind.User);
        notes.Warn(armed ? severity : Severity.Note, $"seccomp.{purpose}",
            $"The filter lets {string.Join(", ", group.Allowed)} through ({group.Meaning}); "
            + (armed ? $"and it has {Capabilities.Name(needs)}." : $"without {Capabilities.Name(needs)} they fail outside a user namespace."),
            "use the default profile");
    }
}
