using System.Net;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Networks;
using Vitrine.Linux;

namespace Vitrine.Engine.Creation;

/// <summary>Docker's rules for what a request may say, but limits and mounts, in its words.</summary>
internal static class RequestRules
{
    /// <summary>Checks the merged configuration: what will run.</summary>
    public static void CheckConfig(ContainerConfig config, Problems problems)
    {
        problems.AddIf(config.Entrypoint is not { Count: > 0 } && config.Cmd is not { Count: > 0 }, "no command specified");
        problems.AddIf(config.WorkingDir.Length > 0 && !config.WorkingDir.StartsWith('/'),
            $"the working directory '{config.WorkingDir}' is invalid, it needs to be an absolute path");
        problems.AddIf(config.StopSignal is { } signal && !Signals.TryParse(signal, out _), $"invalid signal: {config.StopSignal}");
        problems.AddIf(config.StopTimeout is < -1, $"invalid stop timeout: {config.StopTimeout}");
        foreach (var variable in config.Env ?? [])
            problems.AddIf(variable.Length == 0 || variable[0] == '=', $"invalid environment variable: {variable}");
        HealthRules.Check(config.Healthcheck, problems);
        CheckHostname(config.Hostname, "hostname", problems);
        CheckHostname(config.Domainname, "domainname", problems);
        foreach (var text in (config.Cmd ?? []).Concat(config.Entrypoint ?? []).Concat(config.Env ?? []))
            problems.AddIf(text.Contains('\0', StringComparison.Ordinal), "a NUL byte cannot be in an argument or a variable");
    }

    public static void CheckHost(ContainerConfig config, HostConfig host, Problems problems)
    {
        CheckRestart(host, problems);
        CheckCapabilities("CapAdd", host.CapAdd, problems);
        CheckCapabilities("CapDrop", host.CapDrop, problems);
        CheckNamespaces(config, host, problems);
        foreach (var entry in host.ExtraHosts ?? [])
            CheckExtraHost(entry, problems);
        foreach (var server in host.Dns ?? [])
            problems.AddIf(!IPAddress.TryParse(server, out _), $"{server} is not an ip address");
        SysctlRules.Check(host, problems);
        DeviceRules.Check(host, problems);
        SecurityOptions.Parse(host, problems);
        LogSettings.Check(host.LogConfig, problems);
        CheckUnsupported(host, problems);
    }

    /// <summary>HOST_NAME_MAX is 64 (sethostname(2)).</summary>
    private static void CheckHostname(string name, string what, Problems problems) =>
        problems.AddIf(name.Length > 64 || name.Contains('\n', StringComparison.Ordinal), $"invalid {what}: {name}");

    public static void CheckRestart(HostConfig host, Problems problems)
    {
        if (host.RestartPolicy is not { } policy)
            return;
        const string Invalid = "invalid restart policy: ";
        switch (policy.Name)
        {
            case "" or "no" or "always" or "unless-stopped":
                problems.AddIf(policy.MaximumRetryCount != 0,
                    $"{Invalid}maximum retry count can only be used with 'on-failure'" + (policy.MaximumRetryCount < 0 ? " and cannot be negative" : ""));
                break;
            case "on-failure":
                problems.AddIf(policy.MaximumRetryCount < 0, $"{Invalid}maximum retry count cannot be negative");
                break;
            default:
                problems.Add($"{Invalid}unknown policy '{policy.Name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'");
                break;
        }
        problems.AddIf(host.AutoRemove && policy.Name is not ("" or "no"), "can't create 'AutoRemove' container with restart policy");
    }

    private static void CheckCapabilities(string field, IReadOnlyList<string>? names, Problems problems)
    {
        foreach (var name in names ?? [])
        {
            if (CapabilitySet.TryParseWord(name, CapabilitySet.AllNamed, out _))
                continue;
            var full = name.ToUpperInvariant();
            full = full.StartsWith(Capabilities.Prefix, StringComparison.Ordinal) ? full : Capabilities.Prefix + full;
            problems.Add($"invalid {field}: unknown capability: \"{full}\"");
        }
    }

    private static void CheckNamespaces(ContainerConfig config, HostConfig host, Problems problems)
    {
        var network = new NamespaceMode(host.NetworkMode);
        var pid = new NamespaceMode(host.PidMode);
        var ipc = new NamespaceMode(host.IpcMode);
        var uts = new NamespaceMode(host.UtsMode);
        problems.AddIf(!(pid.IsEmpty || pid.IsHost || pid.Container is { Length: > 0 }), $"invalid PID mode: {host.PidMode}");
        problems.AddIf(!(ipc.IsEmpty || ipc.IsHost || ipc.Container is { Length: > 0 } || ipc.Text is "private" or "shareable" or "none"),
            $"invalid IPC mode: {host.IpcMode}");
        problems.AddIf(!(uts.IsEmpty || uts.IsHost || uts.Container is { Length: > 0 }), $"invalid UTS mode: {host.UtsMode}");
        problems.AddIf(host.CgroupnsMode is not ("" or "private" or "host"), $"invalid cgroup namespace mode: {host.CgroupnsMode}");
        problems.AddIf(host.UsernsMode is not ("" or "host"), $"invalid user namespace mode: {host.UsernsMode}");
        problems.AddIf(uts.IsHost && (config.Hostname.Length > 0 || config.Domainname.Length > 0),
            "conflicting options: hostname and the UTS mode");
        CheckNetwork(config, host, network, problems);
    }

    private static void CheckNetwork(ContainerConfig config, HostConfig host, NamespaceMode network, Problems problems)
    {
        problems.AddIf((network.IsContainer || network.IsHost) && config.MacAddress is { Length: > 0 }, "conflicting options: mac-address and the network mode");
        if (network.IsContainer)
        {
            problems.AddIf(host.Links is { Count: > 0 }, "conflicting options: container type network can't be used with links. This would result in undefined behavior");
            problems.AddIf(network.Container is "", "invalid container format container:<name|id>");
            problems.AddIf(config.Hostname.Length > 0, "conflicting options: hostname and the network mode");
            problems.AddIf(host.Dns is { Count: > 0 }, "conflicting options: dns and the network mode");
            problems.AddIf(host.ExtraHosts is { Count: > 0 }, "conflicting options: custom host-to-IP mapping and the network mode");
            problems.AddIf(host.PortBindings is { Count: > 0 } || host.PublishAllPorts,
                "conflicting options: port publishing and the container type network mode");
            return;
        }

        PortPlans.Check(host, problems);
        if ((host.PortBindings is { Count: > 0 } || host.PublishAllPorts) && network.Text is "host" or "none")
            problems.Warn($"Published ports are discarded when using {network.Text} network mode");
        problems.AddIf(network.IsHost && host.Links is { Count: > 0 }, "conflicting options: host type networking can't be used with links. This would result in undefined behavior");
    }

    private static void CheckExtraHost(string entry, Problems problems)
    {
        // Docker's separator is ':', podman and newer clients also write '='.
        var separator = entry.IndexOfAny([':', '=']);
        if (separator <= 0)
        {
            problems.Add($"bad format for add-host: \"{entry}\"");
            return;
        }
        var address = entry[(separator + 1)..].Trim('[', ']');
        problems.AddIf(address != "host-gateway" && !IPAddress.TryParse(address, out _), $"invalid IP address in add-host: \"{address}\"");
    }

    private static void CheckUnsupported(HostConfig host, Problems problems)
    {
        foreach (var wanted in host.DeviceRequests ?? [])
            problems.Add($"could not select device driver \"{wanted.Driver}\" with capabilities: [{string.Join(' ', (wanted.Capabilities ?? []).Select(all => $"[{string.Join(' ', all)}]"))}]");
        problems.AddIf(host.StorageOpt is { Count: > 0 }, "--storage-opt is supported only for overlay over xfs with 'pquota' mount option");
        // Those of docker's own are names of what this engine is.
        problems.AddIf(host.Runtime is not (null or "" or "vitrine" or "runc" or "io.containerd.runc.v2"), $"unknown or invalid runtime name: {host.Runtime}");
        problems.AddIf(host.VolumeDriver is not ("" or "local"), $"volume driver {host.VolumeDriver} not found: only local is supported");
        problems.AddIf(host.Isolation is not ("" or "default"), $"invalid isolation '{host.Isolation}' on linux");
        problems.AddIf(host.CgroupParent.Length > 0 && !IsCgroupPath(host.CgroupParent), $"invalid cgroup parent: {host.CgroupParent}");
    }

    /// <summary>Whether a text names a cgroup from the root on.</summary>
    public static bool IsCgroupPath(string path) =>
        path.Length > 1 && path.StartsWith('/') && path[1..].Split('/').All(part => part is not ("" or "." or ".."));
}
