using System.Text.Json;

namespace Vitrine.Insight.Traffic.Rules;

/// <summary>
/// No container that reaches the host: its directories, devices, namespaces, or rights that lead out. Mounting alone would be no
/// limit: a privileged container mounts what it likes.
/// </summary>
public sealed class NoHostRule : TrafficRule
{
    private static readonly string[] s_namespaces = ["PidMode", "IpcMode", "UTSMode", "UsernsMode", "CgroupnsMode", "NetworkMode"];

    // What each of these lets a process do ends outside of its container.
    private static readonly string[] s_capabilities =
    [
        "ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO", "SYS_BOOT", "SYS_TIME", "DAC_READ_SEARCH", "NET_ADMIN", "BPF", "PERFMON", "SYSLOG",
        "MAC_ADMIN", "MAC_OVERRIDE", "CHECKPOINT_RESTORE", "SYS_RESOURCE", "LINUX_IMMUTABLE", "AUDIT_CONTROL", "WAKE_ALARM", "BLOCK_SUSPEND", "SYS_NICE",
    ];

    public override string Option => "--no-host-mounts";

    public override async Task<string?> RefusalAsync(EngineCall call, TrafficBody body, IEngineQuestions engine) =>
        OfCall(call, body) ?? (call.Is("POST", "containers", "create") ? await OfNeighboursAsync(call.Version ?? "", body.Json, engine) : null);

    private static string? OfCall(EngineCall call, TrafficBody body)
    {
        if (call.Is("POST", "containers", "create"))
            return OfContainer(body.Json);
        if (call.Is("POST", "build") && call.Query.Exists(pair => pair.Key == "networkmode" && pair.Value == "host"))
            return "it shares a namespace of the host (networkmode)";
        // Before API 1.24 a start could carry a host configuration; newer engines ignore it or say no.
        if (call.Is("POST", "containers", "*", "start") && body.Json.ValueKind == JsonValueKind.Object && body.Json.EnumerateObject().Any())
            return "a start that carries a configuration";
        if (call.Is("POST", "containers", "*", "update"))
            return GoJson.All(body.Json, "Devices").Concat(GoJson.All(body.Json, "DeviceCgroupRules")).Any(HasItems) ? "it gives a device of the host" : null;
        if (call.Is("POST", "containers", "*", "exec"))
            return GoJson.All(body.Json, "Privileged").Any(IsTrue) ? "a privileged command" : null;
        if (call.Is("POST", "volumes", "create"))
            return OfVolume(body.Json);
        return call.Segments is ["plugins" or "swarm" or "services" or "nodes" or "configs" or "tasks", ..] && !call.OnlyReads ? "it may reach the host" : null;
    }

    /// <summary>What is taken over from another container counts as asked for: its mounts, and the namespaces it shares with the host.</summary>
    private static async Task<string?> OfNeighboursAsync(string version, JsonElement request, IEngineQuestions engine)
    {
        foreach (var from in GoJson.All(request, "HostConfig", "VolumesFrom").SelectMany(GoJson.Texts))
        {
            var other = await engine.GetAsync(version, "containers", from.Split(':')[0], "json");
            if (other is { } found && GoJson.All(found, "Mounts").Any(mounts => mounts.EnumerateArray().Any(mount => GoJson.All(mount, "Type").SelectMany(GoJson.Texts).Contains("bind"))))
                return $"it takes mounts of the host's directories over from {from}";
        }
        foreach (var name in s_namespaces)
        {
            foreach (var mode in GoJson.All(request, "HostConfig", name).SelectMany(GoJson.Texts).Where(mode => mode.StartsWith("container:", StringComparison.Ordinal)))
            {
                var other = await engine.GetAsync(version, "containers", mode["container:".Length..], "json");
                if (other is { } found && GoJson.All(found, "HostConfig", name).SelectMany(GoJson.Texts).Any(theirs => theirs != "" && !IsOwn(theirs)))
                    return $"it joins a container that shares a namespace ({name})";
            }
        }
        return null;
    }

    private static bool IsOwn(string mode) => mode is "private" or "shareable" or "default" or "bridge" or "none" || (mode != "host" && !mode.Contains(':'));

    private static string? OfContainer(JsonElement request)
    {
        foreach (var host in GoJson.All(request, "HostConfig"))
        {
            if (OfMounts(host) is { } mount)
                return mount;
            if (OfRights(host) is { } right)
                return right;
        }
        return null;
    }

    private static string? OfMounts(JsonElement host)
    {
        foreach (var bind in GoJson.All(host, "Binds").SelectMany(GoJson.Texts))
        {
            // A volume's name starts with a letter or digit; all else is a path, or what the engine would refuse.
            if (bind.Length == 0 || !char.IsAsciiLetterOrDigit(bind[0]))
                return $"it mounts the host's {bind.Split(':')[0]}";
        }
        foreach (var mount in GoJson.All(host, "Mounts").Where(mounts => mounts.ValueKind == JsonValueKind.Array).SelectMany(mounts => mounts.EnumerateArray()))
        {
            var types = GoJson.All(mount, "Type").SelectMany(GoJson.Texts).ToList();
            if (types.Count == 0 || types.Exists(type => type is not ("volume" or "tmpfs" or "image")))
                return "it mounts a directory of the host";
            foreach (var driver in GoJson.All(mount, "VolumeOptions").SelectMany(options => GoJson.All(options, "DriverConfig")))
            {
                if (OfDriver(GoJson.All(driver, "Name"), GoJson.All(driver, "Options")) is { } refusal)
                    return refusal;
            }
        }
        return null;
    }

    private static string? OfVolume(JsonElement request) => OfDriver(GoJson.All(request, "Driver"), GoJson.All(request, "DriverOpts"));

    // A driver option may name a device or directory to mount; another driver may do anything.
    private static string? OfDriver(IEnumerable<JsonElement> names, IEnumerable<JsonElement> options) =>
        names.SelectMany(GoJson.Texts).Any(name => name is not ("" or "local")) ? "a volume driver besides local"
        : options.Any(HasItems) ? "a volume with driver options, which may mount a directory of the host"
        : null;

    private static string? OfRights(JsonElement host)
    {
        if (GoJson.All(host, "Privileged").Any(IsTrue))
            return "a privileged container";
        foreach (var name in s_namespaces)
        {
            if (GoJson.All(host, name).SelectMany(GoJson.Texts).Any(mode => mode == "host"))
                return $"it shares a namespace of the host ({name})";
        }
        foreach (var name in (ReadOnlySpan<string>)["Devices", "DeviceRequests", "DeviceCgroupRules"])
        {
            if (GoJson.All(host, name).Any(HasItems))
                return $"it gives a device of the host ({name})";
        }
        foreach (var capability in GoJson.All(host, "CapAdd").Concat(GoJson.All(host, "Capabilities")).SelectMany(GoJson.Texts))
        {
            var name = capability.ToUpperInvariant();
            if (s_capabilities.Contains(name.StartsWith("CAP_", StringComparison.Ordinal) ? name[4..] : name))
                return $"the capability {name}";
        }
        foreach (var option in GoJson.All(host, "SecurityOpt").SelectMany(GoJson.Texts))
        {
            if (!option.StartsWith("no-new-privileges", StringComparison.OrdinalIgnoreCase))
                return $"the security option {option.Split('{')[0]}";
        }
        foreach (var name in (ReadOnlySpan<string>)["MaskedPaths", "ReadonlyPaths"])
        {
            if (GoJson.All(host, name).Any(value => value.ValueKind == JsonValueKind.Array))
                return $"it opens paths of /proc and /sys ({name})";
        }
        if (GoJson.All(host, "CgroupParent").SelectMany(GoJson.Texts).Any(parent => parent.Length > 0))
            return "a cgroup of its own choice (CgroupParent)";
        return GoJson.All(host, "Runtime").SelectMany(GoJson.Texts).Any(runtime => runtime.Length > 0) ? "a runtime of its own choice" : null;
    }

    private static bool IsTrue(JsonElement value) => value.ValueKind == JsonValueKind.True;

    private static bool HasItems(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(),
        _ => false,
    };
}
