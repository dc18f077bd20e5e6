using System.Text;
using System.Text.Json;
using Vitrine.Engine.Creation;
using Vitrine.Engine.Networks;
using Vitrine.Engine.Events;
using Vitrine.Engine.Storage;
using Vitrine.Linux;
using Vitrine.Network;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine.Bundle;

/// <summary>
/// Writes what a shim needs to start a container: config.json, plan.json and the files bound into /etc. Done at every start,
/// since devices, other containers' processes and the host's resolver change between starts.
/// </summary>
/// <param name="store">The containers.</param>
/// <param name="runningPid">Pid of the first process of a running container.</param>
/// <param name="findVolume">The record of a volume.</param>
/// <param name="attachments">Which networks containers are to be in.</param>
/// <param name="networks">Which they are in.</param>
/// <param name="publishAddress">Where ports are published that name no address.</param>
internal sealed class BundleWriter(
    ContainerStore store, Func<string, int> runningPid, Func<string, VolumeRecord?> findVolume, Attachments attachments, NetworkRecords networks,
    string publishAddress)
{
    private const int DefaultStopTimeout = 10;

    /// <param name="record">The container; the caller holds its lock.</param>
    /// <param name="user">Its user where the caller knows already.</param>
    /// <exception cref="VitrineException">A container to join does not run, a device or user does not exist.</exception>
    public void Write(ContainerRecord record, ProcessUser? user)
    {
        var paths = store.Paths.Container(record.Id);
        var host = record.HostConfig;
        var kernel = Linux.Capabilities.OfKernel();
        var network = WriteNetwork(record, paths);
        var links = LegacyLinks.Of(attachments.LegacyLinks(record), networks);
        var spec = SpecBuilder.Build(new BundleInput
        {
            Container = links.AddTo(record, Load),
            RootfsPath = record.RootFs ?? paths.RootFs,
            User = user ?? ResolveUser(record),
            Etc = WriteEtc(record, paths, network),
            VolumePath = store.Paths.VolumeData,
            Joined = Joined(record),
            Devices = host.Privileged
                ? [.. DeviceScan.AllOfHost(), .. DeviceScan.Requested(host.Devices ?? [])]
                : DeviceScan.Requested(host.Devices ?? []),
            Seccomp = SecuritySettings.Seccomp(host, kernel),
            AppArmorProfile = SecuritySettings.AppArmor(host),
            KernelCapabilities = kernel,
        });
        ContainerFiles.WriteNew(paths.Config, SpecWriter.Write(spec).Span);
        ContainerFiles.WriteNew(paths.Plan, JsonSerializer.SerializeToUtf8Bytes(Plan(record, paths), PlanWriteJson.Default.ShimPlan));
    }

    private ProcessUser ResolveUser(ContainerRecord record)
    {
        using var tree = RootFs.Open(store.Paths, record, upper: true);
        return RootFs.ResolveUser(tree, record.Config.User, record.HostConfig.GroupAdd);
    }

    /// <summary>Writes the plan of a running container anew, for its shim to read again.</summary>
    public void WritePlan(ContainerRecord record)
    {
        var paths = store.Paths.Container(record.Id);
        WriteNetwork(record, paths);
        AtomicFile.Write(paths.Plan, JsonSerializer.SerializeToUtf8Bytes(Plan(record, paths), PlanWriteJson.Default.ShimPlan), durable: false);
    }

    /// <summary>network.json; none for a container without a network of its own.</summary>
    private NetworkPlan? WriteNetwork(ContainerRecord record, ContainerPaths paths)
    {
        var plan = attachments.Plan(record, paths, publishAddress, other => $"/proc/{runningPid(other)}/ns/net");
        if (plan is not null)
            AtomicFile.Write(paths.Network, plan.ToJson().ToUtf8(), durable: false);
        return plan;
    }

    private ContainerRecord Load(string id) => ContainerFiles.ReadRecord(store.Paths.Container(id)) ?? throw ContainerStore.NoSuch(id);

    private ShimPlan Plan(ContainerRecord record, ContainerPaths paths)
    {
        var (config, host) = (record.Config, record.HostConfig);
        return new ShimPlan
        {
            Id = record.Id,
            ContainerDirectory = paths.Directory,
            RunDirectory = paths.RunDirectory,
            Overlay = record.RootFs is not null ? null : new OverlayPlan
            {
                // An image without layers has an empty directory to stand on: overlayfs wants one.
                Lower = record.Layers.Count > 0 ? [.. record.Layers.Reverse().Select(store.Paths.Layer)] : [paths.RootFs],
                Upper = paths.Upper,
                Work = paths.Work,
            },
            Tty = config.Tty,
            OpenStdin = config.OpenStdin,
            StdinOnce = config.StdinOnce,
            Log = LogSettings.ToPlan(host.LogConfig!),
            Restart = new RestartPlan { Policy = host.RestartPolicy!.Name, MaximumRetryCount = host.RestartPolicy.MaximumRetryCount },
            Health = HealthRules.ToPlan(config),
            StopSignal = Signals.TryParse(config.StopSignal ?? "SIGTERM", out var signal) ? signal : Signals.SIGTERM,
            StopTimeout = config.StopTimeout ?? DefaultStopTimeout,
            Init = host.Init ?? false,
            AutoRemove = record.AutoRemove,
            Volumes = VolumePlans(record),
            VolumeMounts =
            [
                .. record.Mounts.Where(mount => mount.IsVolume)
                    .Select(mount => new VolumeMount { Name = mount.Name!, Destination = mount.Destination, ReadOnly = mount.ReadOnly }),
            ],
            Events = store.Paths.Events,
            Attributes = Happenings.Attributes(record),
            RemoveWith = !record.AutoRemove ? [] : [store.Paths.Name(record.Name), .. record.AnonymousVolumes.Select(store.Paths.Volume)],
        };
    }

    /// <summary>The container's volumes on which something is to be mounted first.</summary>
    /// <exception cref="VitrineException">NotFound: a volume was removed by hand.</exception>
    private List<VolumePlan> VolumePlans(ContainerRecord record)
    {
        var plans = new List<VolumePlan>();
        foreach (var name in record.Mounts.Where(mount => mount.IsVolume).Select(mount => mount.Name!).Distinct())
        {
            if (findVolume(name) is not { } volume)
                throw new VitrineException(ErrorKind.NotFound, $"get {name}: no such volume");
            if (volume.Options is { Count: > 0 } options)
            {
                plans.Add(new VolumePlan
                {
                    Directory = store.Paths.Volume(name),
                    Type = options["type"],
                    Device = options["device"],
                    Options = options.GetValueOrDefault("o") ?? "",
                });
            }
        }

        return plans;
    }

    /// <summary>The namespaces of other containers that this one joins.</summary>
    /// <exception cref="VitrineException">Conflict: the other one does not run, or keeps its IPC to itself.</exception>
    private Dictionary<string, string> Joined(ContainerRecord record)
    {
        var host = record.HostConfig;
        var joined = new Dictionary<string, string>();
        Join("network", "net", host.NetworkMode);
        Join("pid", "pid", host.PidMode);
        Join("ipc", "ipc", host.IpcMode);
        Join("uts", "uts", host.UtsMode);
        return joined;

        void Join(string type, string file, string mode)
        {
            if (new NamespaceMode(mode).Container is not { } other)
                return;
            if (type == "ipc" && ContainerFiles.ReadRecord(store.Paths.Container(other)) is { HostConfig.IpcMode: not ("shareable" or "host") })
            {
                throw new VitrineException(ErrorKind.Invalid,
                    $"can't join IPC of container {other}: non-shareable IPC (hint: use IpcMode:shareable for the donor container)");
            }
            joined[type] = $"/proc/{runningPid(other)}/ns/{file}";
        }
    }

    private EtcPaths WriteEtc(ContainerRecord record, ContainerPaths paths, NetworkPlan? network)
    {
        // A container in another's network has the other's names too.
        if (new NamespaceMode(record.HostConfig.NetworkMode).Container is { } other)
        {
            var theirs = store.Paths.Container(other);
            return new EtcPaths(theirs.Hostname, theirs.Hosts, theirs.ResolvConf);
        }

        var inHostNetwork = new NamespaceMode(record.HostConfig.NetworkMode).IsHost;
        WriteText(paths.Hostname, EtcFiles.Hostname(record.Config));
        var gateway = network?.Endpoints.Select(endpoint => (endpoint.Network.V4 ?? endpoint.Network.V6)?.Gateway).FirstOrDefault(address => address is not null);
        var extra = record.HostConfig.ExtraHosts?.Select(entry => entry.Replace("host-gateway", gateway?.ToString() ?? "127.0.0.1", StringComparison.Ordinal));
        WriteText(paths.Hosts, EtcFiles.Hosts([.. extra ?? []], inHostNetwork ? ReadHost("/etc/hosts") : null));
        WriteText(paths.ResolvConf, EtcFiles.ResolvConf(record.HostConfig, ReadHost("/etc/resolv.conf"), OwnNames(record, network)));
        return new EtcPaths(paths.Hostname, paths.Hosts, paths.ResolvConf);
    }

    /// <summary>Whether the container asks its shim: not where --dns names the servers and there are no names of containers to know.</summary>
    private static bool OwnNames(ContainerRecord record, NetworkPlan? network) =>
        network is not null && (record.HostConfig.Dns is not { Count: > 0 } || network.Endpoints.Any(endpoint => endpoint.Network.HasNames));

    private static void WriteText(string path, string text) => ContainerFiles.WriteNew(path, Encoding.UTF8.GetBytes(text), readable: true);

    private static string ReadHost(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // A host without the file is a host without names: the container gets what it has.
            return "";
        }
    }
}
