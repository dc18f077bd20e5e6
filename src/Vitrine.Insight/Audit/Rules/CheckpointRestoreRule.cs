using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Rules;

/// <summary>CAP_CHECKPOINT_RESTORE.</summary>
internal sealed class CheckpointRestoreRule() : CapabilityRule(Capability.CAP_CHECKPOINT_RESTORE)
{
    public override RuleInfo Info { get; } = new("VA027", "Capability CHECKPOINT_RESTORE", Severity.Medium, Gain.Information)
    {
        Reason = "Links in /proc/PID/map_files of others open for it.",
        Fix = Drop("CHECKPOINT_RESTORE"),
        References = [Reference.Cis("5.4")],
    };

    protected override string Effect(ContainerSubject container) => "chooses pids and reads /proc entries of others as CRIU does";
}
