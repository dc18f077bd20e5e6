using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>A capability that an ordinary program does without.</summary>
internal abstract class CapabilityRule(Capability capability) : ContainerRule
{
    protected Capability Capability => capability;

    /// <summary>The flag that takes it away.</summary>
    protected static string Drop(string name) => $"--cap-drop {name}";

    public override void Check(ContainerSubject container, RuleReport report)
    {
        var power = container.PowerOf(capability);
        // Of a privileged container PrivilegedRule speaks, once for all.
        if (power == Power.None || container.IsPrivileged)
            return;
        var name = Capabilities.Name(capability);
        var evidence = new Evidence(container.Source("status"), power == Power.Held ? $"CapEff and CapPrm: {name}" : $"CapBnd: {name}, NoNewPrivs: 0");
        var (severity, gain) = Weigh(container);
        if (container.HasUserNamespace)
            report.Add(Severity.Note, gain, $"It has {name}, but only for what its user namespace owns; it opens more of the kernel to attacks.", evidence);
        else if (power == Power.Latent)
            report.Add(severity > Severity.Low ? severity - 1 : severity, gain, $"{name} is in its bounding set: a set-user-id program or file capability inside brings it.", evidence);
        else
            report.Add(severity, gain, $"It has {name}: it {Effect(container)}.", evidence);
    }

    /// <summary>What the capability does here, to follow "it".</summary>
    protected abstract string Effect(ContainerSubject container);

    /// <summary>How much it matters here.</summary>
    protected virtual (Severity Severity, Gain Gain) Weigh(ContainerSubject container) => (Info.Severity, Info.Gain);
}
