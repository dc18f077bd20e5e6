using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Networks;
using Vitrine.Engine.Running;
using Vitrine.Engine.Security;
using Vitrine.Engine.Storage;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.Engine.Queries;

/// <summary>Containers in Docker's records.</summary>
internal static class ContainerRecords
{
    public static ContainerSummary Summary(Container found, StorePaths paths, NetworkRecords networks, DateTimeOffset now)
    {
        var (record, state, _) = found;
        var sandbox = state.HasShim ? networks.Sandbox(record.Id) : null;
        return new ContainerSummary
        {
            Id = record.Id,
            Names = ["/" + record.Name],
            Image = record.Config.Image,
            ImageId = record.ImageId,
            Command = Command(record.Command),
            Created = record.Created.ToUnixTimeSeconds(),
            Ports = NetworkRecords.List(record, sandbox),
            Labels = record.Config.Labels ?? new Dictionary<string, string>(),
            State = ShimCodec.Name(state.Status),
            Status = StatusText.Describe(state, now, found.Health()),
            HostConfig = new() { NetworkMode = record.HostConfig.NetworkMode, Annotations = record.HostConfig.Annotations },
            NetworkSettings = new() { Networks = networks.Endpoints(record, sandbox) },
            Mounts = Mounts(record, paths),
        };
    }

    public static ContainerInspect Inspect(Container found, StorePaths paths, NetworkRecords networks)
    {
        var (record, state, files) = found;
        var command = record.Command;
        return new ContainerInspect
        {
            Id = record.Id,
            Created = DockerTime.Format(record.Created),
            Path = command.Count > 0 ? command[0] : "",
            Args = [.. command.Skip(1)],
            State = State(state, found.Health()),
            Image = record.ImageId,
            ResolvConfPath = files.ResolvConf,
            HostnamePath = files.Hostname,
            HostsPath = files.Hosts,
            LogPath = record.HostConfig.LogConfig?.Type == "none" ? "" : files.Log,
            Name = "/" + record.Name,
            RestartCount = state.RestartCount,
            AppArmorProfile = AppArmorProfile(record, state),
            // Go's array of two has no other way to say nothing.
            HostConfig = record.HostConfig with { ConsoleSize = record.HostConfig.ConsoleSize ?? [0, 0] },
            GraphDriver = Driver(record, paths, files),
            Mounts = Mounts(record, paths),
            Config = record.Config with { MacAddress = record.Config.MacAddress ?? AskedMac(record) },
            NetworkSettings = networks.Settings(record, state.HasShim ? networks.Sandbox(record.Id) : null),
        };
    }

    /// <summary>The profile that a running container is under, as the kernel says; of another the one that was asked for.</summary>
    private static string AppArmorProfile(ContainerRecord record, ContainerState state) =>
        (state.HasShim && state.Pid > 0 ? new DefaultAppArmorProfile().InForce(state.Pid) : null)
        ?? SecurityOptions.Parse(record.HostConfig, new Problems()).AppArmor ?? "";

    /// <summary>The hardware address that was asked for in the main network: clients of old versions know no other.</summary>
    private static string? AskedMac(ContainerRecord record) =>
        record.Networking?.EndpointsConfig?.GetValueOrDefault(record.HostConfig.NetworkMode) is { MacAddress: { Length: > 0 } mac } ? mac : null;

    private static ContainerStateInfo State(ContainerState state, HealthReport? health) => new()
    {
        Status = ShimCodec.Name(state.Status),
        // Docker counts a container that waits for its restart as running.
        Running = state.HasShim,
        Paused = state.Status is ContainerStatus.Paused,
        Restarting = state.Status is ContainerStatus.Restarting,
        OomKilled = state.OomKilled,
        Dead = state.Status is ContainerStatus.Dead,
        Pid = state.Pid,
        ExitCode = state.ExitCode,
        Error = state.Error,
        StartedAt = DockerTime.Format(state.StartedAt),
        FinishedAt = DockerTime.Format(state.FinishedAt),
        Health = health is null ? null : Health(health),
    };

    private static Health Health(HealthReport report) => new()
    {
        Status = report.Status,
        FailingStreak = report.FailingStreak,
        Log = [.. report.Log.Select(result => new HealthcheckResult
        {
            Start = DockerTime.Format(result.Start),
            End = DockerTime.Format(result.End),
            ExitCode = result.ExitCode,
            Output = result.Output,
        })],
    };

    private static DriverData Driver(ContainerRecord record, StorePaths paths, ContainerPaths files)
    {
        if (record.RootFs is { } directory)
            return new DriverData { Name = "rootfs", Data = new Dictionary<string, string> { ["RootDir"] = directory } };
        return new DriverData
        {
            Name = "overlay2",
            Data = new Dictionary<string, string>
            {
                ["ID"] = record.Id,
                ["LowerDir"] = string.Join(':', record.Layers.Reverse().Select(paths.Layer)),
                ["MergedDir"] = files.RootFs,
                ["UpperDir"] = files.Upper,
                ["WorkDir"] = files.Work,
            },
        };
    }

    private static MountPoint[] Mounts(ContainerRecord record, StorePaths paths) =>
        [.. record.Mounts.Where(mount => !mount.Hidden).Select(mount => mount.ToMountPoint(paths.VolumeData))];

    /// <summary>The command line as docker ps has it: arguments with a space in single quotes.</summary>
    internal static string Command(IReadOnlyList<string> command) =>
        string.Join(' ', command.Select((part, index) => index > 0 && part.Contains(' ', StringComparison.Ordinal) ? $"'{part}'" : part));
}
