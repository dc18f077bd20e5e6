namespace Vitrine.Insight.Audit.Rules;

/// <summary>kubelet with anonymous access.</summary>
internal sealed class KubeletRule : HostRule
{
    public override RuleInfo Info { get; } = new("VA244", "Kubelet that asks nobody who he is", Severity.Critical, Gain.HostRoot)
    {
        Reason = "Port 10250 runs commands in every pod; the read-only port tells of all of them.",
        Fix = "--anonymous-auth=false --authorization-mode=Webhook --read-only-port=0",
        References = ["CIS Kubernetes Benchmark, 4.2"],
    };

    public override void Check(HostFacts host, RuleReport report)
    {
        foreach (var pid in host.Processes("kubelet"))
        {
            foreach (var argument in host.Arguments(pid))
            {
                if (argument is "--anonymous-auth=true" or "--anonymous-auth" or "--authorization-mode=AlwaysAllow")
                    report.Add($"kubelet runs with {argument}.", new Evidence($"/proc/{pid}/cmdline", argument));
                else if (argument.StartsWith("--read-only-port=", StringComparison.Ordinal) && argument != "--read-only-port=0")
                    report.Add(Severity.Medium, Gain.Information, $"kubelet serves all it knows of pods on a port: {argument}.", new Evidence($"/proc/{pid}/cmdline", argument));
            }
        }
    }
}
