using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Ways;

/// <summary>The classic second chroot.</summary>
internal sealed class ChrootWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA528", "Out of a chroot", Severity.High, Gain.HostRoot)
    {
        Reason = "A chroot bounds names, not descriptors: with a second one the first is left.",
        Fix = "use pivot_root in a mount namespace; --cap-drop SYS_CHROOT",
        References = ["chroot(2)"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "open the current directory, make a directory and chroot into it",
        "go up with .. from the open directory, past the old root",
        "chroot to the real root",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        var kind = container.Explanation.Root.Kind;
        yield return new Precondition("a root that is only a chroot", kind == RootKind.Unknown ? null : kind == RootKind.Chroot, kind switch
        {
            RootKind.Chroot => "its root is a directory of the host's mount tree",
            RootKind.Unknown => "its root link could not be read",
            _ => "it was pivoted, or is the host's own",
        }, container.Source("root"));
        yield return Conditions.Has(container, Capability.CAP_SYS_CHROOT);
    }
}
