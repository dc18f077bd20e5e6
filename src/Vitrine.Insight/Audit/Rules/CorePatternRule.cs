namespace Vitrine.Insight.Audit.Rules;

/// <summary>core_pattern with a pipe.</summary>
internal sealed class CorePatternRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA206", "Core dumps go to a program", Severity.Note, Gain.Hygiene)
    {
        Reason = "The program runs as root of the host for every process that crashes, in containers too, on input of the attacker's choice.",
        Fix = "sysctl kernel.core_pattern=core, or keep the handler up to date",
        References = ["core(5)", "CVE-2022-0811"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        if (host.Sysctl("kernel/core_pattern") is not ['|', ..] pattern)
            return;
        var program = pattern[1..].Split(' ')[0];
        if (program.Length == 0 || program[0] != '/' || SetByContainer(program))
            report.Add(Severity.Critical, Gain.HostRoot, $"core_pattern runs {program}, which is no program of the host's own: somebody may have set it from a container.", new Evidence(HostFacts.SysctlPath("kernel/core_pattern"), pattern));
        else
            report.Add(Info.Severity, Gain.Hygiene, $"A crash in any container runs {program} as root on the host.", new Evidence(HostFacts.SysctlPath("kernel/core_pattern"), pattern));
    }

    // The classic escape names a file of the container by its place in the store, or by /proc/PID/root.
    private static bool SetByContainer(string program)
    {
        foreach (var part in (ReadOnlySpan<string>)["/overlay", "/diff/", "/upper/", "/proc/", "/tmp/", "/dev/shm/"])
        {
            if (program.Contains(part, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
