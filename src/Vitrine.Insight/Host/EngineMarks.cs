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
        ("unshare", "none", "unshare(1) from util-linux: no engine at all, a process that asked for namespaces and forked."),
        ("bwrap", "bubblewrap", "bubblewrap, which Flatpak uses: a sandbox without an engine."),
        ("runc", "runc", "runc run in the foreground: the low-level runtime itself, without an engine."),
        ("crun", "crun", "crun run in the foreground: the low-level runtime itself, without an engine."),
    ];

    /// <summary>The container a cgroup path is named after, or null.</summary>
    public static EngineMark? FromCgroup(string? path)
    {
        if (string.IsNullOrEmpty(path))
            return null;
        var segments = path.Split('/');
        for (var i = segments.Length - 1; i > 0; i--)
        {
            var mark = FromLxc(segments[i]) ?? FromSegment(segments[i], segments[i - 1]);
            if (mark is not null)
                return mark;
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

    private static EngineMark? FromLxc(string segment) =>
        segment.StartsWith("lxc.payload.", StringComparison.Ordinal) && segment.Length > 12
            ? new EngineMark("lxc", segment[12..])
            : null;

    private static bool IsId(ReadOnlySpan<char> text) =>
        text.Length == IdLength && !text.ContainsAnyExcept(HexDigits);
}
