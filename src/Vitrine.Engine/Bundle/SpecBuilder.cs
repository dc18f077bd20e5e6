using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Engine.Bundle;

/// <summary>Makes an OCI config.json of a container's record. Pure: what it needs of the host is in its input.</summary>
internal static class SpecBuilder
{
    public static Spec Build(BundleInput input)
    {
        var (config, host) = (input.Container.Config, input.Container.HostConfig);
        var ownHostname = !new NamespaceMode(host.UtsMode).IsHost && !input.Joined.ContainsKey("uts");
        return new Spec
        {
            Root = new Root { Path = input.RootfsPath, Readonly = host.ReadonlyRootfs },
            Hostname = ownHostname ? config.Hostname : null,
            Domainname = ownHostname && config.Domainname.Length > 0 ? config.Domainname : null,
            Process = Process(input),
            Mounts = MountList.Build(input),
            Annotations = host.Annotations,
            Linux = new LinuxSpec
            {
                Namespaces = Namespaces(host, input.Joined),
                CgroupsPath = input.Container.CgroupPath,
                Resources = ResourceMapping.Map(input),
                Devices = input.Devices.Count > 0 ? [.. input.Devices.Select(device => device.Node)] : null,
                Sysctl = host.Sysctls?.ToDictionary(pair => pair.Key.Replace('/', '.'), pair => pair.Value),
                Seccomp = input.Seccomp,
                MaskedPaths = host.MaskedPaths,
                ReadonlyPaths = host.ReadonlyPaths,
                RootfsPropagation = Propagation(input),
            },
        };
    }

    private static ProcessSpec Process(BundleInput input)
    {
        var (config, host) = (input.Container.Config, input.Container.HostConfig);
        var user = input.User;
        return new ProcessSpec
        {
            Terminal = config.Tty,
            ConsoleSize = config.Tty && host.ConsoleSize is [> 0 and var height, > 0 and var width]
                ? new ConsoleSize { Height = (ushort)height, Width = (ushort)width }
                : null,
            User = new User { Uid = user.Uid, Gid = user.Gid, AdditionalGids = user.Groups },
            Args = input.Container.Command,
            Env = ProcessEnvironment.Of(config, user.Home),
            Cwd = config.WorkingDir.Length > 0 ? AbsolutePath.Clean(config.WorkingDir) : "/",
            Capabilities = CapabilityPolicy.Sets(CapabilityPolicy.Of(host, input.KernelCapabilities), user.Uid),
            Rlimits = Rlimits(host),
            NoNewPrivileges = NoNewPrivileges(host, user.Uid),
            ApparmorProfile = input.AppArmorProfile,
            OomScoreAdj = host.OomScoreAdj != 0 ? host.OomScoreAdj : null,
        };
    }

    /// <summary>
    /// A process that is not root must not become it through a setuid file, unless that is asked for: with --privileged,
    /// or with --security-opt no-new-privileges=false.
    /// </summary>
    internal static bool NoNewPrivileges(HostConfig host, uint uid) =>
        SecurityOptions.Parse(host, new Problems()).NoNewPrivileges ?? (uid != 0 && !host.Privileged);

    private static List<Namespace> Namespaces(HostConfig host, IReadOnlyDictionary<string, string> joined)
    {
        var namespaces = new List<Namespace> { new() { Type = "mount" } };
        Add("network", host.NetworkMode);
        Add("uts", host.UtsMode);
        Add("pid", host.PidMode);
        Add("ipc", host.IpcMode);
        Add("cgroup", host.CgroupnsMode);
        return namespaces;

        void Add(string type, string mode)
        {
            if (!new NamespaceMode(mode).IsHost)
                namespaces.Add(new() { Type = type, Path = joined.GetValueOrDefault(type) });
        }
    }

    /// <summary>A bind that shares or follows mounts needs a root that does not cut it off (mount_namespaces(7)).</summary>
    private static string? Propagation(BundleInput input)
    {
        var modes = input.Container.Mounts.Select(mount => mount.Propagation).ToHashSet();
        if (modes.Contains("shared") || modes.Contains("rshared"))
            return "rshared";
        return modes.Contains("slave") || modes.Contains("rslave") ? "rslave" : null;
    }

    /// <summary>--ulimit; null where none is given, and the process has the shim's.</summary>
    internal static IReadOnlyList<Rlimit>? Rlimits(HostConfig host) =>
        host.Ulimits is { Count: > 0 } ulimits ? [.. ulimits.Select(ToRlimit)] : null;

    private static Rlimit ToRlimit(Ulimit ulimit)
    {
        var resource = Linux.Rlimits.TryParse(ulimit.Name, out var known) ? known : throw new ArgumentException(ulimit.Name, nameof(ulimit));
        return new Rlimit { Type = Linux.Rlimits.Name(resource), Soft = Value(ulimit.Soft), Hard = Value(ulimit.Hard) };

        static ulong Value(long limit) => limit < 0 ? Linux.Rlimits.Infinity : (ulong)limit;
    }
}
