using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>A mount whose changes go both ways.</summary>
internal sealed class SharedPropagationRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA068", "Shared mount propagation", Severity.Low, Gain.HostData)
    {
        Reason = "Mounts made inside, which take CAP_SYS_ADMIN, appear on the host.",
        Fix = "mount it with rslave or rprivate (-v SOURCE:TARGET:rslave)",
        References = [Reference.Cis("5.20")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        foreach (var mount in container.HostMounts())
        {
            if (mount.Propagation.Contains("shared", StringComparison.Ordinal))
                report.Add(container.Holds(Capability.CAP_SYS_ADMIN) ? Severity.High : Info.Severity, Info.Gain, $"{mount.Destination} is shared with the host.", new Evidence(container.Source("mountinfo"), $"{mount.Destination}: {mount.Propagation}"));
        }
    }
}
