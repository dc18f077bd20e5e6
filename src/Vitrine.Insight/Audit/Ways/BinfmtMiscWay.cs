using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Ways;

/// <summary>/proc/sys/fs/binfmt_misc/register.</summary>
internal sealed class BinfmtMiscWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA506", "binfmt_misc", Severity.High, Gain.HostRoot)
    {
        Reason = "An interpreter of the container is run for programs of a kind that the host executes, with their set-user-id bits where the flag C is given.",
        Fix = "leave /proc/sys read-only; no --privileged",
        References = ["Documentation/admin-guide/binfmt-misc"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "register a format that a set-user-id program of the host matches, with an interpreter that lies in the container",
        "wait until somebody on the host runs such a program",
        "the interpreter runs in its place, as its owner",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.Root(container);
        yield return Conditions.Any("/proc/sys/fs/binfmt_misc/register writable, or mount(2)",
            Conditions.MayWrite(container, "/proc/sys/fs/binfmt_misc/register"), MountItself(container));
        yield return Conditions.Unconfined(container);
    }

    private static Precondition MountItself(ContainerSubject container)
    {
        var power = Conditions.Has(container, Capability.CAP_SYS_ADMIN);
        return power.IsMet == true ? Conditions.SeccompLets(container, "mount", "fsopen") : power;
    }
}
