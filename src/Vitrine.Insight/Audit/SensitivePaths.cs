using Vitrine.Linux;

namespace Vitrine.Insight.Audit;

/// <summary>Paths of the host that a container has no business with.</summary>
internal static class SensitivePaths
{
    /// <summary>A directory, what is in it, and what reading or writing it gives.</summary>
    public sealed record Entry(string Path, string What, Gain WhenRead, Gain WhenWritten);

    /// <summary>Where engines listen.</summary>
    public static IReadOnlyList<string> EngineSockets { get; } =
    [
        "/run/docker.sock", "/run/containerd/containerd.sock", "/run/k3s/containerd/containerd.sock", "/run/crio/crio.sock", "/run/podman/podman.sock",
        "/run/vitrine/docker.sock", "/run/dockershim.sock", "/run/buildkit/buildkitd.sock",
    ];

    private static readonly HashSet<string> SocketNames = new(StringComparer.Ordinal)
    {
        "docker.sock", "containerd.sock", "crio.sock", "podman.sock", "vitrine.sock", "vitrined.sock", "dockershim.sock", "buildkitd.sock",
    };

    private static readonly Entry[] Entries =
    [
        new("/etc", "accounts, password hashes and services of the host", Gain.HostData, Gain.HostRoot),
        new("/root", "root's keys and start-up files", Gain.HostData, Gain.HostRoot),
        new("/home", "the users' keys and files", Gain.HostData, Gain.HostData),
        new("/boot", "the kernel that is started next", Gain.Information, Gain.HostRoot),
        new("/lib/modules", "modules that the kernel loads", Gain.Information, Gain.HostRoot),
        new("/usr", "the host's programs", Gain.Information, Gain.HostRoot),
        new("/bin", "the host's programs", Gain.Information, Gain.HostRoot),
        new("/sbin", "the host's programs", Gain.Information, Gain.HostRoot),
        new("/lib", "the host's libraries", Gain.Information, Gain.HostRoot),
        new("/lib64", "the host's libraries", Gain.Information, Gain.HostRoot),
        new("/opt", "programs of the host", Gain.Information, Gain.HostRoot),
        new("/proc", "processes and settings of the host", Gain.HostData, Gain.HostRoot),
        new("/sys", "devices and settings of the host", Gain.Information, Gain.HostRoot),
        new("/dev", "devices of the host", Gain.HostData, Gain.HostRoot),
        new("/run", "sockets and state of the host's services", Gain.HostData, Gain.HostRoot),
        new("/var/run", "sockets and state of the host's services", Gain.HostData, Gain.HostRoot),
        new("/var/log", "the host's logs; who serves them may follow a link that is put there", Gain.Information, Gain.HostData),
        new("/var/spool/cron", "what the host runs, and when", Gain.Information, Gain.HostRoot),
        new("/var/lib/docker", "files and secrets of every container", Gain.OtherContainers, Gain.HostRoot),
        new("/var/lib/containerd", "files and secrets of every container", Gain.OtherContainers, Gain.HostRoot),
        new("/var/lib/containers", "files and secrets of every container", Gain.OtherContainers, Gain.HostRoot),
        new("/var/lib/vitrine", "files and secrets of every container", Gain.OtherContainers, Gain.HostRoot),
        new("/var/lib/kubelet", "files and tokens of every pod", Gain.OtherContainers, Gain.HostRoot),
        new("/var", "stores and logs of the host", Gain.HostData, Gain.HostRoot),
    ];

    public static bool IsEngineSocket(string source) => SocketNames.Contains(source[(source.LastIndexOf('/') + 1)..]);

    /// <summary>An engine's socket that exists below a directory; null where there is none. The root directory is another rule's.</summary>
    public static string? SocketBelow(string directory, HostFacts host)
    {
        if (directory == "/")
            return null;
        var real = directory == "/var/run" || directory.StartsWith("/var/run/", StringComparison.Ordinal) ? directory["/var".Length..] : directory;
        foreach (var socket in EngineSockets)
        {
            if (AbsolutePath.IsBelow(socket, real) && host.File(socket) is { Status.Kind: FileKind.Socket })
                return socket;
        }

        return null;
    }

    /// <summary>What a bind of the host gives away; null where it is none of these, or a volume.</summary>
    public static Entry? Of(MountFact mount)
    {
        if (mount.Class == MountClass.Volume || mount.Source is not { } source || source == "/" || IsHarmless(source) || IsEngineSocket(source))
            return null;
        foreach (var entry in Entries)
        {
            // The whole of /var is too much; a directory of somebody's own below it is not.
            if (entry.Path is "/var" or "/run" or "/var/run" or "/opt" ? source == entry.Path : AbsolutePath.IsBelow(source, entry.Path))
                return entry;
        }

        return null;
    }

    private static bool IsHarmless(string source) =>
        source is "/etc/localtime" or "/etc/timezone" or "/etc/resolv.conf" or "/etc/hosts" or "/etc/hostname" or "/dev/null" or "/dev/shm"
        || AbsolutePath.IsBelow(source, "/usr/share/zoneinfo") || AbsolutePath.IsBelow(source, "/etc/ssl/certs") || AbsolutePath.IsBelow(source, "/dev/log");
}
