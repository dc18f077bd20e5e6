using Vitrine.Insight.Host;
using Vitrine.Linux;

namespace Vitrine.Insight.Differences;

/// <summary>
/// What an engine gives a container of whom nothing else is asked. Vitrine's is docs/security.md; docker's, podman's and ctr's were read from
/// containers of dockerd 20.10, podman 4.3 and containerd 1.6, and are compared with them by tests; those of Kubernetes' runtimes are as
/// crio.conf(5), containerd's CRI plugin and the kubelet have them where a pod says nothing.
/// </summary>
public sealed record EngineDefault
{
    /// <summary>As <see cref="TargetSection.Engine"/> has it.</summary>
    public required string Engine { get; init; }

    /// <summary>Whose default it is, in words.</summary>
    public required string Title { get; init; }

    /// <summary>What makes a container so.</summary>
    public required string By { get; init; }

    /// <summary>Whether it stands in for that of an engine of which none is known, or of no engine.</summary>
    public bool IsStandIn { get; init; }

    internal CapabilitySet Capabilities { get; init; } = Eleven;

    /// <summary>What versions and distributions give besides: all of it or nothing.</summary>
    internal CapabilitySet Besides { get; init; }

    /// <summary>How a profile of AppArmor's is called, where the host has it on: the name, or its beginning.</summary>
    internal string Profile { get; init; } = "unconfined";

    internal string Seccomp { get; init; } = "filter";
    internal string Pids { get; init; } = NoLimit;
    internal string CpuWeight { get; init; } = "100";

    /// <summary>Whether no_new_privs is set, for root inside and for another user.</summary>
    internal (bool Root, bool Other) NoNewPrivileges { get; init; }

    /// <summary>The cgroup namespace where cgroups are not v2.</summary>
    internal string CgroupNamespace { get; init; } = "host";

    /// <summary>The same with cgroup v2; null where it is not known.</summary>
    internal string? UnifiedCgroupNamespace { get; init; } = "isolated";

    /// <summary>What a pod's containers have together is "shared".</summary>
    internal string PodNamespace { get; init; } = "isolated";

    internal (string Place, string Value)[] Mounts { get; init; } = [("/dev", "tmpfs, rw,nosuid"), Shm];

    /// <summary>Settings that the engine leaves to something below or above it, by name: its runtime, the kubelet.</summary>
    internal string[] Left { get; init; } = RuntimesDevices;

    private const string NoLimit = "no limit";

    // runc before 1.2 allows it to every container, crun and runc since do not. A console is allowed by some runtimes only with a terminal.
    private static readonly string[] RuntimesDevices = ["/dev/net/tun (c 10:200)", "/dev/console (c 5:1)"];

    // What the kubelet mounts into each container, and the sandbox's /dev.
    private static readonly string[] KubeletsMounts =
    [
        "/dev", "/dev/shm", "/dev/termination-log", "/etc/hosts", "/var/run/secrets/kubernetes.io/serviceaccount", "/run/secrets/kubernetes.io/serviceaccount",
    ];

    private static readonly (string, string) Shm = ("/dev/shm", "tmpfs, rw,nosuid,nodev,noexec");

    private static readonly CapabilitySet Nine = CapabilitySet.Of(
        Capability.CAP_CHOWN, Capability.CAP_DAC_OVERRIDE, Capability.CAP_FOWNER, Capability.CAP_FSETID, Capability.CAP_KILL, Capability.CAP_NET_BIND_SERVICE,
        Capability.CAP_SETGID, Capability.CAP_SETPCAP, Capability.CAP_SETUID);

    private static readonly CapabilitySet Eleven = Nine | CapabilitySet.Of(Capability.CAP_SETFCAP, Capability.CAP_SYS_CHROOT);
    private static readonly CapabilitySet DockersThree = CapabilitySet.Of(Capability.CAP_AUDIT_WRITE, Capability.CAP_MKNOD, Capability.CAP_NET_RAW);

    private static readonly EngineDefault Vitrine = new()
    {
        Engine = "vitrine", Title = "Vitrine's default", By = "vitrine run IMAGE", Capabilities = Eleven, Profile = "vitrine-default",
        Pids = "2048", NoNewPrivileges = (false, true), CgroupNamespace = "isolated", Left = [],
    };

    private static readonly EngineDefault Docker = new()
    {
        Engine = "docker", Title = "docker's default", By = "docker run IMAGE", Capabilities = Eleven | DockersThree, Profile = "docker-default",
    };

    // Since 4.4, and by the containers.conf of some distributions before, podman gives three capabilities less than docker.
    private static readonly EngineDefault Podman = new()
    {
        Engine = "podman", Title = "podman's default", By = "podman run IMAGE, as root", Capabilities = Eleven, Besides = DockersThree,
        Profile = "containers-default-", Pids = "2048", Mounts = [("/dev", "tmpfs, rw,nosuid,noexec"), Shm],
    };

    private static readonly EngineDefault Ctr = new()
    {
        Engine = "containerd", Title = "containerd's default", By = "ctr run IMAGE NAME", Capabilities = Eleven | DockersThree, Profile = "unconfined",
        Seccomp = "disabled", NoNewPrivileges = (true, true), UnifiedCgroupNamespace = null, Mounts = [("/dev", "tmpfs, rw,nosuid"), Shm, ("/run", "tmpfs, rw,nosuid")],
    };

    // The kubelet gives a pod that requests no processor the least share that there is.
    private static readonly EngineDefault ContainerdPod = new()
    {
        Engine = "containerd", Title = "containerd's default for pods", By = "a pod that asks for nothing, by way of the CRI", Capabilities = Eleven | DockersThree,
        Profile = "cri-containerd.apparmor.d", Seccomp = "disabled", CpuWeight = "1", PodNamespace = "shared", Mounts = [], Left = [.. RuntimesDevices, .. KubeletsMounts],
    };

    private static readonly EngineDefault CriO = ContainerdPod with
    {
        Engine = "cri-o", Title = "CRI-O's default", By = "a pod that asks for nothing", Capabilities = Nine, Profile = "crio-default", Seccomp = "filter",
    };

    /// <summary>The default of the engine that runs a container; Vitrine's where none is known.</summary>
    public static EngineDefault Of(ContainerExplanation explanation) => explanation.Target.Engine switch
    {
        "vitrine" => Vitrine,
        "docker" => Docker,
        "podman" => Podman,
        "containerd" => explanation.Cgroups.Places.Any(place => IsPods(place.Path)) ? ContainerdPod : Ctr,
        "cri-o" => CriO,
        _ => Vitrine with { IsStandIn = true },
    };

    // containerd's namespace for the CRI is a part of the path where the kubelet does not name the cgroup.
    private static bool IsPods(string path) => EngineMarks.PodOf(path) is not null || path.Contains("/k8s.io/", StringComparison.Ordinal) || path.Contains(":cri-containerd:", StringComparison.Ordinal);
}
