namespace Vitrine.Insight.Audit.Rules;

/// <summary>Any further device: kvm, fuse, tun, a graphics card.</summary>
internal sealed class OtherDeviceRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA078", "Device of the host", Severity.Note, Gain.Hygiene)
    {
        Reason = "Each device is a driver of the kernel that it may talk to.",
        Fix = "run without that --device where it is not needed",
        References = [Reference.Cis("5.18")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        var devices = container.Explanation.Devices;
        if (devices.AllAllowed == true)
            return;
        foreach (var rule in devices.Rules)
        {
            if (!Evidences.IsUsual(rule) && rule is { Type: 'c' } and not { Major: 1, Minor: 1 or 2 or 4 or 11 } && rule.Access.AsSpan().ContainsAny('r', 'w'))
                report.Add($"It may open {Evidences.Name(rule)} ({rule.Access}).", Evidences.Devices(container, Evidences.Text(rule)));
        }
    }
}
