namespace Vitrine.Insight.Audit.Ways;

/// <summary>A writable directory of the host.</summary>
internal sealed class SetuidOnHostWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA516", "A set-user-id program left on the host", Severity.Medium, Gain.HostRoot)
    {
        Reason = "Root inside leaves a root program in a directory that a user of the host may enter.",
        Fix = "mount it nosuid on the host, or run in a user namespace or as another user",
        References = ["mount(8), nosuid"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "copy a shell into the mounted directory, and make it set-user-id root",
        "run it on the host as an ordinary user, who is then root",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        yield return Conditions.Root(container);
        yield return Conditions.Mount(container, "a writable directory of the host, not nosuid",
            mount => mount is { Class: MountClass.Bind, ReadOnly: false, Source: ['/', ..] } && !mount.Options.Contains("nosuid"));
        yield return new Precondition("an account on the host that may enter the directory", null, "who has one is not known here", "/etc/passwd");
    }
}
