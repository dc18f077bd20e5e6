namespace Vitrine.Insight.Audit.Ways;

/// <summary>A service account's token, or kubelet's files.</summary>
internal sealed class KubeletWay : WayOutRule
{
    public override RuleInfo Info { get; } = new("VA517", "The cluster's API", Severity.High, Gain.OtherContainers)
    {
        Reason = "A token of the cluster, or an open kubelet, starts pods and runs commands in them.",
        Fix = "automountServiceAccountToken: false, and RBAC that gives the least; no -v /var/lib/kubelet",
        References = ["https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/"],
    };

    public override IReadOnlyList<string> Steps { get; } =
    [
        "read the token in /var/run/secrets/kubernetes.io/serviceaccount, or those of other pods in /var/lib/kubelet",
        "ask the API server for a pod with the host's root in it",
        "work in the host's root from there",
    ];

    public override IEnumerable<Precondition> Preconditions(ContainerSubject container)
    {
        const string Token = "/var/run/secrets/kubernetes.io/serviceaccount/token";
        yield return Conditions.Any("a token of the cluster inside",
            new Precondition("a token", container.Files.Look(Token) is not null, container.Files.Look(Token) is null ? "no service account's token" : "a service account's token is there", container.Source($"root{Token}")),
            Conditions.Mount(container, "kubelet's files", mount => mount.Source is "/var/lib/kubelet" or "/var/lib" or "/var" or "/"));
        yield return new Precondition("rights of the token to make pods", null, "the API server decides that", "RBAC");
    }
}
