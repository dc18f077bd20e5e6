namespace Vitrine.Insight.Host;

/// <summary>A container's engine and id, as far as a mark tells.</summary>
internal sealed record EngineMark(string? Engine, string Id);

/// <summary>By which marks the engines are known: the cgroup paths they make and the supervisors they leave.</summary>
internal static class EngineMarks
{
    private const int IdLength = 64;
    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdef");

    /// <summary>Prefixes of systemd scopes and of the directories above an id.</summary>
    private static readonly (string Mark, string Engine)[] Prefixes =
    [
        ("docker-", "docker"),
        ("libpod-", "podman"),
        ("crio-", "cri-o"),
        ("cri-containerd-", "containerd"),
        ("nerdctl-", "containerd"),
        ("vitrine-", "vitrine"),
    ];

    private static readonly (string Directory, string Engine)[] Parents =
    [
        ("docker", "docker"),
        ("libpod_parent", "podman"),
        ("vitrine", "vitrine"),
        ("default", "containerd"),
        ("k8s.io", "containerd"),
    ];

    private static readonly string[] LxcParents = ["lxc", "lxc.payload"];

    /// <summary>Thread names, which the kernel cuts after 15 bytes.</summary>
    private static readonly (string Command, string Engine, string Role)[] Supervisors =
    [
        ("vitrine-shim", "vitrine", "Vitrine's supervisor: it owns stdio and the log, answers attach and exec, and reaps; "
            + "the container runs on when every other part of Vitrine is gone."),
        ("containerd-shim", "containerd", "containerd's shim (also under Docker and Kubernetes): it holds stdio and the exit code, "
            + "so that containerd and dockerd can be restarted."),
        ("conmon", "podman", "conmon, the monitor of Podman and CRI-O: it holds stdio, writes the log and the exit code."),
        ("systemd-nspawn", "systemd-nspawn", "systemd-nspawn stays as the parent of the container it started."),
        ("lxc-start", "lxc", "LXC's monitor stays as the parent of the container's init."),
        ("crio-conmon", "cri-o", "conmon under CRI-O's name: it holds stdio, writes the log and the exit code."),
        ("unshare", "none", "unshare(1) from util-linux: no engine at all, a process that asked for namespaces and forked."),
        ("bwrap", "bubblewrap", "bubblewrap, which Flatpak uses: a sandbox without an engine."),
        ("runc", "runc", "runc run in the foreground: the low-level runtime itself, without an engine."),
        ("crun", "crun", "crun run in the foreground: the low-level runtime itself, without an engine."),
    ];

    /// <summary>Programs that enter a container's namespaces to serve it from outside, and what keeps namespaces for engines without root.</summary>
    private static readonly string[] Helpers =
        ["slirp4netns", "pasta", "pasta.avx2", "passt", "rootlesskit", "rootlessport", "fuse-overlayfs", "aardvark-dns", "netavark", "catatonit", "podman", "podman pause", "buildah", "dockerd", "containerd", "nsenter"];

    /// <summary>Whether this is what an engine is called here.</summary>
    public static bool IsEngine(string name) => name is HostContainer.NoEngine or "cri-o" or "unknown"
        || Array.Exists(Prefixes, known => known.Engine == name) || Array.Exists(Supervisors, known => known.Engine == name);

    /// <summary>Whether a program is an engine's helper: in namespaces of its own or of a container, and none itself.</summary>
    public static bool IsHelper(string command) => Array.IndexOf(Helpers, command) >= 0;

    /// <summary>Whether a supervisor is never in the namespaces that it has a container made in.</summary>
    public static bool StaysOutside(string command) => FromSupervisor(command) is { Engine: "vitrine" or "containerd" or "podman" or "cri-o" };

    /// <summary>The container a cgroup path is named after, the innermost where there are several; or null.</summary>
    public static EngineMark? FromCgroup(string? path) => FromCgroup(path, null);

    /// <summary>The container around another in a cgroup path: the innermost mark with another id.</summary>
    public static EngineMark? Around(string? path, string id) => FromCgroup(path, id);

    private static EngineMark? FromCgroup(string? path, string? exceptId)
    {
        if (string.IsNullOrEmpty(path))
            return null;
        var segments = path.Split('/');
        for (var i = segments.Length - 1; i > 0; i--)
        {
            var mark = FromNamed(segments[i], segments[i - 1]) ?? FromSegment(segments[i], segments[i - 1]);
            if (mark is not null && mark.Id != exceptId)
                return mark;
        }

        return null;
    }

    /// <summary>
    /// The uid of the Kubernetes pod in a cgroup path, as the API has it; null outside of pods. The kubelet names the cgroup
    /// <c>kubepods/burstable/podUID</c>, or <c>kubepods-burstable-podUID.slice</c> with the dashes of the uid as underscores.
    /// </summary>
    public static string? PodOf(string? path)
    {
        if (path is null || !path.Contains("kubepods", StringComparison.Ordinal))
            return null;
        var segments = path.Split('/');
        for (var i = segments.Length - 1; i > 0; i--)
        {
            var end = segments[i].IndexOf(".slice", StringComparison.Ordinal);
            var name = end < 0 ? segments[i] : segments[i][..end];
            var start = name.StartsWith("kubepods", StringComparison.Ordinal) ? name.LastIndexOf("-pod", StringComparison.Ordinal) + 1 : 0;
            if (name.AsSpan(start).StartsWith("pod", StringComparison.Ordinal) && (start > 0 || segments[i - 1].Length > 0))
                return name[(start + 3)..].Replace('_', '-');
        }

        return null;
    }

    /// <summary>What a supervisor's thread name says: its engine and what it is for. Null for any other program.</summary>
    public static (string Engine, string Role)? FromSupervisor(string command)
    {
        foreach (var (name, engine, role) in Supervisors)
        {
            if (command == name || (name.Length == 15 && command.StartsWith(name, StringComparison.Ordinal)))
                return (engine, role);
        }

        return null;
    }

    private static EngineMark? FromSegment(string segment, string parent)
    {
        var name = segment.EndsWith(".scope", StringComparison.Ordinal) ? segment[..^6] : segment;
        // SLICE:PREFIX:ID, meant for systemd, taken as a path by a runtime that does not use it.
        if (name.LastIndexOf(':') is var colon and > 0)
            name = $"{name[(name.LastIndexOf(':', colon - 1) + 1)..colon]}-{name[(colon + 1)..]}";
        foreach (var (mark, engine) in Prefixes)
        {
            if (name.StartsWith(mark, StringComparison.Ordinal) && IsId(name.AsSpan(mark.Length)))
                return new EngineMark(engine, name[mark.Length..]);
        }

        if (!IsId(name))
            return null;
        foreach (var (directory, engine) in Parents)
        {
            if (parent == directory)
                return new EngineMark(engine, name);
        }

        return new EngineMark(null, name);
    }

    /// <summary>Engines whose cgroups have the container's name, not an id.</summary>
    private static EngineMark? FromNamed(string segment, string parent)
    {
        if (segment.StartsWith("lxc.payload.", StringComparison.Ordinal) && segment.Length > 12)
            return new EngineMark("lxc", segment[12..]);
        if (segment.Length > 0 && Array.IndexOf(LxcParents, parent) >= 0)
            return new EngineMark("lxc", segment);
        // systemd-nspawn is beside its container: in .../supervisor.
        return segment == "payload" && Machine(parent) is { Length: > 0 } machine ? new EngineMark("systemd-nspawn", machine) : null;
    }

    private static string? Machine(string unit)
    {
        foreach (var (prefix, suffix) in (ReadOnlySpan<(string, string)>)[("machine-", ".scope"), ("systemd-nspawn@", ".service")])
        {
            if (unit.StartsWith(prefix, StringComparison.Ordinal) && unit.EndsWith(suffix, StringComparison.Ordinal) && unit.Length > prefix.Length + suffix.Length)
                return unit[prefix.Length..^suffix.Length].Replace("\\x2d", "-", StringComparison.Ordinal);
        }

        return null;
    }

    private static bool IsId(ReadOnlySpan<char> text) =>
        text.Length == IdLength && !text.ContainsAnyExcept(HexDigits);
}
