namespace Vitrine.Insight.Audit.Ways;

/// <summary>The kernel's own cryptography writes into the page cache.</summary>
internal sealed class CopyFailWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA529", "Copy Fail", Severity.Critical, Gain.HostRoot)
    {
        Reason = "A socket of the kernel's cryptography (AF_ALG) writes to any file that can be read, in the page cache that all containers share.",
        Fix = "update the kernel; keep the seccomp profile, which refuses such sockets; a modprobe.d line \"install algif_aead /bin/false\" where the module is one",
        References = ["CVE-2026-31431"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "open a socket of the family AF_ALG, for authenticated encryption",
        "splice a page of a file into it that the host runs, or another container",
        "let it decrypt in place: whoever reads the file next gets what was written",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.KernelFlaw(container, Known.KernelNeed.Nothing, "CVE-2026-31431");
        // By family, which a filter's list of calls does not tell.
        yield return Conditions.SeccompLets(container, "socket");
    }
}
