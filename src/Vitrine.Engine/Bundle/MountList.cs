using System.Globalization;
using Vitrine.Engine.Creation;
using Vitrine.Engine.Storage;
using Vitrine.Oci.Runtime;

namespace Vitrine.Engine.Bundle;

/// <summary>The mounts of config.json: the system's as Docker has them, the generated /etc files, then the user's, outer before inner.</summary>
internal static class MountList
{
    public static IReadOnlyList<Mount> Build(BundleInput input)
    {
        var asked = input.Container.Mounts.Select(mount => mount.Destination).ToHashSet();
        var mounts = new List<Mount>();
        foreach (var mount in SystemMounts(input.Container, input.Joined.GetValueOrDefault("ipc")).Concat(EtcMounts(input)))
        {
            if (!asked.Contains(mount.Destination))
                mounts.Add(mount);
        }
        foreach (var mount in input.Container.Mounts)
            mounts.Add(UserMount(mount, input));
        return mounts;
    }

    private static IEnumerable<Mount> SystemMounts(ContainerRecord container, string? joinedIpc)
    {
        var host = container.HostConfig;
        string[] write = host.Privileged ? [] : ["ro"];
        yield return New("/proc", "proc", "proc", "nosuid", "noexec", "nodev");
        yield return New("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
        yield return New("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5");
        yield return New("/sys", "sysfs", "sysfs", ["nosuid", "noexec", "nodev", .. write]);
        yield return New("/sys/fs/cgroup", "cgroup", "cgroup", [.. write, "nosuid", "noexec", "nodev"]);
        yield return New("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
        if (new NamespaceMode(host.IpcMode).IsHost)
            yield return New("/dev/shm", "bind", "/dev/shm", "rbind", "rprivate");
        else if (joinedIpc is not null)
            yield return New("/dev/shm", "bind", "/dev/shm", "bind", "rprivate", $"{MountWords.Namespace}{Path.GetDirectoryName(joinedIpc)}/mnt");
        else if (host.IpcMode != "none")
            yield return New("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", string.Create(CultureInfo.InvariantCulture, $"size={host.ShmSize}"));
    }

    private static IEnumerable<Mount> EtcMounts(BundleInput input)
    {
        string[] options = input.Container.HostConfig.ReadonlyRootfs ? ["rbind", "rprivate", "ro"] : ["rbind", "rprivate"];
        yield return New("/etc/resolv.conf", "bind", input.Etc.ResolvConf, options);
        yield return New("/etc/hostname", "bind", input.Etc.Hostname, options);
        yield return New("/etc/hosts", "bind", input.Etc.Hosts, options);
    }

    private static Mount UserMount(ContainerMount mount, BundleInput input)
    {
        if (mount.Type == "tmpfs")
            return New(mount.Destination, "tmpfs", "tmpfs", [.. mount.TmpfsOptions ?? []]);
        var source = mount.IsVolume ? input.VolumePath(mount.Name!) : mount.Source;
        var propagation = mount.Propagation.Length > 0 ? mount.Propagation : "rprivate";
        // A read-only bind is read-only for the mounts below its source too, as Docker has it since 25.
        // One that is not keeps what its source has: "rw" would make a read-only mount of the host writable.
        string[] access = !mount.ReadOnly ? [] : [mount.NonRecursive || mount.ReadOnlyNonRecursive ? "ro" : "rro"];
        string[] part = mount.Subpath is { } subpath ? [$"{MountWords.Subdirectory}{subpath}"] : [];
        return New(mount.Destination, "bind", source, [mount.NonRecursive ? "bind" : "rbind", propagation, .. access, .. part]);
    }

    private static Mount New(string destination, string type, string source, params string[] options) =>
        new() { Destination = destination, Type = type, Source = source, Options = options };
}
