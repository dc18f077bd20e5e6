namespace Vitrine.Insight.Audit.Rules;

/// <summary>mem, kmem, port or kmsg.</summary>
internal sealed class KernelDeviceRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA077", "Memory or log device of the kernel", Severity.High, Gain.HostRoot)
    {
        Reason = "/dev/mem and /dev/port are the machine's memory and ports; /dev/kmsg is its log.",
        Fix = "run without that --device",
        References = [Reference.Cis("5.18")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        var devices = container.Explanation.Devices;
        if (devices.AllAllowed == true)
            return;
        foreach (var rule in devices.Rules)
        {
            if (rule is { Type: 'c', Major: 1, Minor: 1 or 2 or 4 or 11 } && rule.Access.AsSpan().ContainsAny('r', 'w'))
                report.Add(rule.Minor == 11 ? Severity.Medium : Info.Severity, rule.Minor == 11 ? Gain.Information : Info.Gain, $"It may open {Evidences.Name(rule)} ({rule.Access}).", Evidences.Devices(container, Evidences.Text(rule)));
        }
    }
}
