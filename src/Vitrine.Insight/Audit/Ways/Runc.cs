namespace Vitrine.Insight.Audit.Ways;

/// <summary>Which runtime a container has.</summary>
internal static class Runc
{
    /// <summary>Whether runc runs it: its shim or monitor is told; else docker and containerd use it, and Vitrine does not.</summary>
    public static Precondition Runs(ContainerSubject container)
    {
        const string Text = "runc as its runtime";
        var supervisor = container.Explanation.Processes.Supervisor;
        var source = supervisor is null ? container.Source("stat") : $"/proc/{supervisor.Pid}/comm";
        if (container.Runtime is { } runtime)
            return new(Text, Path.GetFileName(runtime) == "runc", $"its engine starts it with {runtime}", source);
        return container.Explanation.Target.Engine switch
        {
            "vitrine" => new(Text, false, "vitrine-shim runs it", source),
            "docker" or "containerd" or "runc" => new(Text, true, $"{container.Explanation.Target.Engine} uses it unless told otherwise", source),
            "podman" or "cri-o" => new(Text, null, "crun or runc: its engine's configuration says which", source),
            _ => new(Text, false, "no engine that uses it", source),
        };
    }
}
