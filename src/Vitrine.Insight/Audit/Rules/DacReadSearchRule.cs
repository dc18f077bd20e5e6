using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_DAC_READ_SEARCH.</summary>
internal sealed class DacReadSearchRule() : CapabilityRule(Capability.CAP_DAC_READ_SEARCH)
{
    public override RuleInfo Info { get; } = new("VA014", "Capability DAC_READ_SEARCH", Severity.High, Gain.HostData)
    {
        Reason = "open_by_handle_at(2) takes a number instead of a path: it knows no root directory (the \"shocker\" escape).",
        Fix = Drop("DAC_READ_SEARCH"),
        References = [Reference.Cis("5.4"), "open_by_handle_at(2)"],
    };

    protected override string Effect(ContainerSubject container) => "opens files by handle, host files outside its root among them";
}
