namespace Vitrine.Insight.Sections;

/// <summary>The security module's label, and whether the process can gain privileges by exec.</summary>
internal static class ConfinementExplainer
{
    public static ConfinementSection Explain(ExplainContext context)
    {
        var notes = context.Notes();
        var active = context.View.ActiveModules;
        var raw = notes.Read("label", context.Source("attr/current"), () => Label(context));
        var (module, label, mode) = Read(raw, active);
        NoteLabel(context, notes, active, module, label, mode);
        NoteNewPrivileges(context, notes);
        return new ConfinementSection
        {
            Module = module,
            Label = label,
            Mode = mode,
            NoNewPrivileges = context.Status.NoNewPrivileges,
            Facts = notes.Facts,
            Warnings = notes.Warnings,
        };
    }

    // Without AppArmor or SELinux the kernel answers EINVAL: an answer, not a refusal.
    private static string? Label(ExplainContext context)
    {
        try
        {
            return context.Proc.SecurityLabel(context.Pid);
        }
        catch (Vitrine.Linux.LinuxException refused) when (refused.Errno == Vitrine.Linux.Errno.EINVAL)
        {
            return null;
        }
    }

    /// <summary>Tells AppArmor's <c>profile (mode)</c> from SELinux's <c>user:role:type:level</c>.</summary>
    internal static (string? Module, string? Label, string? Mode) Read(string? raw, string active)
    {
        if (string.IsNullOrEmpty(raw))
            return (null, null, null);
        if (raw == "unconfined" && !active.Contains("selinux", StringComparison.Ordinal))
            return ("apparmor", raw, "unconfined");
        var open = raw.LastIndexOf(" (", StringComparison.Ordinal);
        if (open > 0 && raw.EndsWith(')'))
            return ("apparmor", raw[..open], raw[(open + 2)..^1]);
        return raw.Split(':') is [_, _, var type, ..]
            ? ("selinux", raw, type.StartsWith("unconfined", StringComparison.Ordinal) || type == "spc_t" ? "unconfined" : null)
            : (null, raw, null);
    }

    private static void NoteLabel(
        ExplainContext context, SectionNotes notes, string active, string? module, string? label, string? mode)
    {
        if (module is null)
        {
            notes.Fact("security module", "none", context.Source("attr/current"),
                "Neither AppArmor nor SELinux confines it on this host"
                + (active.Length > 0 ? $" (active modules: {active})." : "."));
            notes.Warn(Severity.Low, "confinement.none", "No security module stands behind the other walls.",
                "use a host kernel with AppArmor or SELinux enabled");
            return;
        }

        notes.Fact("security module", $"{module}: {label}{(mode is null ? "" : $" ({mode})")}", context.Source("attr/current"), mode switch
        {
            "enforce" => "The profile's rules are enforced, for root too.",
            "complain" => "Violations are only logged, nothing is refused.",
            "unconfined" => "The module is active on the host, but does not confine this process.",
            _ => "The module's policy decides by this label, for root too.",
        });
        if (mode is "unconfined" or "complain")
        {
            notes.Warn(Severity.Medium, $"confinement.{mode}",
                $"{module} is active on this host but does not hold this process back.",
                "run without --security-opt apparmor=unconfined / label=disable and without --privileged");
        }
    }

    private static void NoteNewPrivileges(ExplainContext context, SectionNotes notes)
    {
        if (context.Status.NoNewPrivileges is not { } set)
            return;
        notes.Fact("no_new_privs", set ? "set" : "not set", context.Source("status"), set
            ? "Set-user-id programs and file capabilities give it nothing: exec never raises its privileges."
            : "A set-user-id program in its root can raise its privileges, up to the bounding set.");
        if (!set && context.Status.User.Effective != 0)
        {
            notes.Warn(Severity.Low, "confinement.new-privileges",
                "It runs as an ordinary user, but a set-user-id root program in the image makes it root inside.",
                "--security-opt no-new-privileges");
        }
    }
}
