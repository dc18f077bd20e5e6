using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>Finds everything in a configuration that no kernel could carry out, so that all of it is told at once.</summary>
internal static class SpecChecks
{
    private const int LongestInterfaceName = 15;
    private const uint NanosecondsInSecond = 1_000_000_000;

    /// <summary>Checks the configuration of a container.</summary>
    /// <exception cref="VitrineException">Something is wrong; the message has all of it.</exception>
    public static void Demand(Spec spec)
    {
        var problems = new Problems();
        problems.Unless(spec.OciVersion is null || spec.OciVersion.StartsWith("1.", StringComparison.Ordinal) || spec.OciVersion == "1",
            $"ociVersion: \"{spec.OciVersion}\" is no version 1 of the specification");
        var userNamespace = false;
        var mountNamespace = false;
        foreach (var item in spec.Linux?.Namespaces ?? [])
        {
            userNamespace |= item.Type == "user";
            mountNamespace |= item.Type == "mount";
        }

        problems.Unless(mountNamespace, $"linux.namespaces: a container needs a mount namespace, its own or one that it joins");
        problems.Unless(spec.Root is not null, $"root is missing");
        if (spec.Process is { } process)
            Process(process, spec.Linux, problems);
        else
            problems.Add("process is missing");
        for (var i = 0; i < (spec.Mounts?.Count ?? 0); i++)
            MountSteps.Check(spec.Mounts![i], $"mounts[{i}]", userNamespace, problems);
        NetworkDevices.Check(spec, problems);
        Hooks(spec.Hooks, problems);
        foreach (var key in spec.Annotations?.Keys ?? [])
            problems.Unless(key.Length > 0, $"annotations: a key is empty");
        if (spec.Linux is { } linux)
            Linux(linux, problems);
        problems.Throw();
    }

    /// <summary>Checks a further process.</summary>
    /// <exception cref="VitrineException">Something is wrong; the message has all of it.</exception>
    public static void Demand(ProcessSpec process)
    {
        var problems = new Problems();
        Process(process, null, problems);
        problems.Throw();
    }

    private static void Process(ProcessSpec process, LinuxSpec? linux, Problems problems)
    {
        problems.Unless(process.CommandLine is null, $"process.commandLine: is for Windows");
        problems.Unless(process.Args is { Count: > 0 } && process.Args[0].Length > 0, $"process.args is empty");
        problems.Unless(process.Cwd.StartsWith('/'), $"process.cwd: Cwd must be an absolute path: \"{process.Cwd}\"");
        problems.Unless(process.User?.Umask is null or <= 0x1FF, $"process.user.umask: {process.User?.Umask ?? 0} is not from 0 to 511");
        problems.Unless(process.OomScoreAdj is null or (>= -1000 and <= 1000), $"process.oomScoreAdj: {process.OomScoreAdj ?? 0} is not from -1000 to 1000");
        SchedulingSteps.Check(process, linux, problems);
        var seen = 0UL;
        foreach (var limit in process.Rlimits ?? [])
        {
            if (!Rlimits.TryParse(limit.Type, out var resource))
            {
                problems.Add($"process.rlimits: invalid rlimit type: {limit.Type}");
                continue;
            }

            problems.Unless((seen >> resource & 1) == 0, $"process.rlimits: {limit.Type} is listed twice");
            problems.Unless(limit.Soft <= limit.Hard,
                $"process.rlimits: {limit.Type} has a soft limit {limit.Soft.ToString()} above its hard limit {limit.Hard.ToString()}");
            seen |= 1UL << resource;
        }
    }

    private static void Hooks(Hooks? hooks, Problems problems)
    {
        if (hooks is null)
            return;
        foreach (var list in new[] { hooks.Prestart, hooks.CreateRuntime, hooks.CreateContainer, hooks.StartContainer, hooks.Poststart, hooks.Poststop })
            foreach (var hook in list ?? [])
            {
                problems.Unless(hook.Path.StartsWith('/'), $"hooks: \"{hook.Path}\" is no absolute path");
                problems.Unless(hook.Timeout is null or > 0, $"hooks: {hook.Path} has a timeout of {hook.Timeout ?? 0} s");
            }
    }

    private static void Linux(LinuxSpec linux, Problems problems)
    {
        foreach (var item in linux.Namespaces ?? [])
            problems.Unless(string.IsNullOrEmpty(item.Path) || item.Path.StartsWith('/'), $"linux.namespaces: \"{item.Path}\" is no absolute path");
        Mappings(linux.UidMappings, "linux.uidMappings", problems);
        Mappings(linux.GidMappings, "linux.gidMappings", problems);
        foreach (var (clock, offset) in linux.TimeOffsets ?? new Dictionary<string, TimeOffset>())
        {
            problems.Unless(clock is "monotonic" or "boottime", $"linux.timeOffsets: there is no clock \"{clock}\"");
            problems.Unless(offset.Nanosecs < NanosecondsInSecond, $"linux.timeOffsets.{clock}.nanosecs: {offset.Nanosecs} is a second or more");
        }

        foreach (var device in linux.Devices ?? [])
            DeviceSteps.Check(device, problems);
        foreach (var (name, device) in linux.NetDevices ?? new Dictionary<string, NetDevice>())
        {
            InterfaceName(name, "linux.netDevices", problems);
            InterfaceName(device.Name ?? name, $"linux.netDevices.{name}.name", problems);
        }

        problems.Unless(linux.Personality is null or { Domain: "LINUX" or "LINUX32" }, $"linux.personality: unknown personality domain \"{linux.Personality?.Domain}\"");
        problems.Unless(linux.Personality?.Flags is not { Count: > 0 }, $"linux.personality.flags: there are none");
        IntelRdt(linux.IntelRdt, problems);
    }

    private static void IntelRdt(IntelRdt? rdt, Problems problems)
    {
        if (rdt is null)
            return;
        problems.Unless(rdt.ClosId is null or "/" || (rdt.ClosId is not ("" or "." or "..") && !rdt.ClosId.Contains('/')),
            $"linux.intelRdt.closID: \"{rdt.ClosId}\" is no name of a directory");
        foreach (var line in new[] { rdt.L3CacheSchema, rdt.MemBwSchema }.Concat(rdt.Schemata ?? []))
            problems.Unless(line?.Contains('\n') != true, $"linux.intelRdt: a schema has more than one line");
        problems.Unless(rdt.MemBwSchema is null || rdt.MemBwSchema.StartsWith("MB:", StringComparison.Ordinal),
            $"linux.intelRdt.memBwSchema: \"{rdt.MemBwSchema}\" does not start with MB:");
    }

    private static void Mappings(IReadOnlyList<IdMapping>? mappings, string field, Problems problems)
    {
        // The kernel's limit (user_namespaces(7)).
        problems.Unless((mappings?.Count ?? 0) <= 340, $"{field}: more than 340 lines");
        foreach (var mapping in mappings ?? [])
        {
            problems.Unless(mapping.Size > 0, $"{field}: a mapping has no ids");
            problems.Unless((ulong)mapping.ContainerId + mapping.Size <= uint.MaxValue && (ulong)mapping.HostId + mapping.Size <= uint.MaxValue,
                $"{field}: a mapping goes beyond the highest id");
        }
    }

    /// <summary>As the kernel has it (dev_valid_name).</summary>
    private static void InterfaceName(string name, string field, Problems problems) => problems.Unless(
        name is not ("" or "." or "..") && name.Length <= LongestInterfaceName && !name.Any(c => c is '/' or ':' or '\0' || char.IsWhiteSpace(c)),
        $"{field}: \"{name}\" is no name of a network interface");
}
