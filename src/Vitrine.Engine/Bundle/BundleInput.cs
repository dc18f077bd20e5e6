using Vitrine.Engine.Storage;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Engine.Bundle;

/// <summary>All that config.json is made from: the container's record, and what was looked up on the host for it.</summary>
internal sealed record BundleInput
{
    public required ContainerRecord Container { get; init; }

    /// <summary>The root file system's mount point.</summary>
    public required string RootfsPath { get; init; }
    public required ProcessUser User { get; init; }
    public required EtcPaths Etc { get; init; }
    public required Func<string, string> VolumePath { get; init; }

    /// <summary>Namespace type (pid, ipc, uts, network) to the file of the namespace to join.</summary>
    public IReadOnlyDictionary<string, string> Joined { get; init; } = new Dictionary<string, string>();

    /// <summary>Devices asked for, or all of the host's for a privileged container.</summary>
    public IReadOnlyList<HostDevice> Devices { get; init; } = [];

    public Seccomp? Seccomp { get; init; }
    public string? AppArmorProfile { get; init; }

    /// <summary>The capabilities of the running kernel.</summary>
    public CapabilitySet KernelCapabilities { get; init; } = CapabilitySet.AllNamed;
}

/// <summary>The files bind-mounted to /etc/hostname, /etc/hosts and /etc/resolv.conf.</summary>
internal sealed record EtcPaths(string Hostname, string Hosts, string ResolvConf);

/// <summary>A device node of the host.</summary>
/// <param name="Node">As it will be in the container.</param>
/// <param name="Access">What its cgroup rule allows: some of r, w and m.</param>
internal sealed record HostDevice(Device Node, string Access);
