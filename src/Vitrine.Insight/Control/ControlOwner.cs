using Vitrine.Insight.Host;

namespace Vitrine.Insight.Control;

/// <summary>Whose a cgroup is, as its path tells: who makes it will write its settings again, or not know of others' changes.</summary>
/// <param name="Name">The engine, <c>systemd</c>, or null for nobody in particular.</param>
/// <param name="Id">The container, where it is one's.</param>
/// <param name="Advice">How its owner would change its settings; null where nobody else has a say.</param>
public sealed record ControlOwner(string? Name, string? Id, string? Advice)
{
    private static readonly string[] SystemdSuffixes = [".scope", ".service", ".slice"];

    /// <summary>The owner of a path below a hierarchy's root.</summary>
    public static ControlOwner Of(string path)
    {
        if (EngineMarks.FromCgroup(path) is { } mark)
            return new ControlOwner(mark.Engine ?? "another engine", mark.Id, AdviceOf(mark.Engine));
        foreach (var segment in path.Split('/').Reverse())
        {
            if (Array.Exists(SystemdSuffixes, suffix => segment.EndsWith(suffix, StringComparison.Ordinal)))
                return new ControlOwner("systemd", null, $"systemctl set-property --runtime {segment} keeps it");
        }

        return new ControlOwner(null, null, null);
    }

    /// <summary>The path of the cgroup that an engine made for a container, where a process of it may be in one below.</summary>
    internal static string ContainerPath(string path, string id)
    {
        var end = path.LastIndexOf(id, StringComparison.Ordinal) + id.Length;
        var slash = path.IndexOf('/', end);
        return slash < 0 ? path : path[..slash];
    }

    private static string? AdviceOf(string? engine) => engine switch
    {
        "vitrine" => "vitrine update keeps its record in step",
        "docker" => "docker update keeps its record in step",
        "podman" => "podman update keeps its record in step",
        _ => "the engine's own record does not follow",
    };
}
