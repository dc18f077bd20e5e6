namespace Vitrine.Insight.Audit.Rules;

/// <summary>A disk.</summary>
internal sealed class BlockDeviceRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA076", "Block device of the host", Severity.High, Gain.HostRoot)
    {
        Reason = "Whoever may write to a disk's node changes any file on it, past all permissions.",
        Fix = "run without that --device; mount a directory or a volume instead",
        References = [Reference.Cis("5.18")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        var devices = container.Explanation.Devices;
        if (devices.AllAllowed == true)
            return; // AllDevicesRule speaks of that.
        foreach (var rule in devices.Rules)
        {
            if (rule.Type == 'b' && rule.Access.AsSpan().ContainsAny('r', 'w'))
                report.Add(Info.Severity, rule.Access.Contains('w', StringComparison.Ordinal) ? Info.Gain : Gain.HostData, $"It may open {Evidences.Name(rule)} ({rule.Access}).", Evidences.Devices(container, Evidences.Text(rule)));
        }
    }
}
