using System.Text.Json;
using Vitrine.Oci.Runtime;
using Vitrine.Oci.Runtime.Reading;
using Vitrine.Runtime.Containers;
using Vitrine.Shim.Oci.CommandLine;

namespace Vitrine.Shim.Oci.Verbs;

/// <summary>update: other limits for a running container.</summary>
internal static class UpdateVerb
{
    public static Verb Update { get; } = new("update", "update container resource constraints", "<container-id>",
    [
        new("resources", FlagKind.Text, "path to the file containing the resources to update or '-' to read from the standard input", Short: "r"),
        new("blkio-weight", FlagKind.Number, "per cgroup weight, range is from 10 to 1000"),
        new("cpu-period", FlagKind.Number, "CPU CFS period to be used for hardcapping (in usecs)"),
        new("cpu-quota", FlagKind.Number, "CPU CFS hardcap limit (in usecs): allowed cpu time in a given period"),
        new("cpu-burst", FlagKind.Number, "CPU CFS hardcap burst limit (in usecs)"),
        new("cpu-share", FlagKind.Number, "CPU shares (relative weight vs. other containers)"),
        new("cpu-rt-period", FlagKind.Number, "CPU realtime period to be used for hardcapping (in usecs)"),
        new("cpu-rt-runtime", FlagKind.Number, "CPU realtime hardcap limit (in usecs)"),
        new("cpuset-cpus", FlagKind.Text, "CPU(s) to use"),
        new("cpuset-mems", FlagKind.Text, "memory node(s) to use"),
        new("cpu-idle", FlagKind.Number, "set cgroup SCHED_IDLE or not, 0: default behavior, 1: SCHED_IDLE"),
        new("memory", FlagKind.Text, "memory limit (in bytes)"),
        new("memory-reservation", FlagKind.Text, "memory reservation or soft limit (in bytes)"),
        new("memory-swap", FlagKind.Text, "total memory usage (memory + swap); -1 is unlimited swap"),
        new("pids-limit", FlagKind.Number, "maximum number of processes allowed in the container"),
        new("l3-cache-schema", FlagKind.Text, "refused: Intel RDT is not changed in running containers"),
        new("mem-bw-schema", FlagKind.Text, "refused: Intel RDT is not changed in running containers"),
    ], 1, 1, Run);

    private static int Run(OciContext context, ParsedLine line)
    {
        if (line.Has("l3-cache-schema") || line.Has("mem-bw-schema"))
            throw new VitrineException(ErrorKind.NotImplemented, "Intel RDT of a running container cannot be changed");
        var container = context.Store.Find(line.Arguments[0]);
        if (!container.Status.HasProcess() || container.Cgroup is not { } cgroup)
            throw Container.NotRunning();
        cgroup.Update(line.Text("resources") is { } path ? FromFile(path) : FromFlags(line));
        foreach (var warning in cgroup.Warnings)
            context.Log.Warn(warning);
        return 0;
    }

    private static Resources FromFile(string path)
    {
        try
        {
            var json = new JsonCursor(InputFile.Read(path == "-" ? "/dev/stdin" : path));
            var resources = SpecReader.ReadResources(ref json);
            json.End();
            return resources;
        }
        catch (JsonException e)
        {
            throw new VitrineException(ErrorKind.Invalid, $"{path}: {e.Message}", e);
        }
    }

    private static Resources FromFlags(ParsedLine line) => new()
    {
        Memory = new MemoryResources
        {
            Limit = Size(line, "memory"),
            Reservation = Size(line, "memory-reservation"),
            Swap = Size(line, "memory-swap"),
        },
        Cpu = new CpuResources
        {
            Shares = Unsigned(line, "cpu-share"),
            Period = Unsigned(line, "cpu-period"),
            Quota = line.Number("cpu-quota"),
            Burst = Unsigned(line, "cpu-burst"),
            RealtimePeriod = Unsigned(line, "cpu-rt-period"),
            RealtimeRuntime = line.Number("cpu-rt-runtime"),
            Cpus = line.Text("cpuset-cpus"),
            Mems = line.Text("cpuset-mems"),
            Idle = line.Number("cpu-idle"),
        },
        Pids = line.Has("pids-limit") ? new PidsResources { Limit = line.Number("pids-limit") } : null,
        BlockIo = Unsigned(line, "blkio-weight") is { } weight
            ? new BlockIoResources { Weight = weight <= ushort.MaxValue ? (ushort)weight : throw Bad("blkio-weight", $"{weight}") }
            : null,
    };

    private static ulong? Unsigned(ParsedLine line, string name) =>
        line.Number(name) is { } value ? value >= 0 ? (ulong)value : throw Bad(name, $"{value}") : null;

    /// <summary>Bytes, or with a suffix as docker has them: 64m, 1g.</summary>
    private static long? Size(ParsedLine line, string name)
    {
        if (line.Text(name) is not { Length: > 0 } text)
            return null;
        if (text == "-1")
            return -1;
        var digits = text.TrimEnd('b', 'B');
        var shift = digits.Length == 0 ? 0 : char.ToLowerInvariant(digits[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, 't' => 40, _ => 0 };
        var number = shift == 0 ? digits : digits[..^1];
        return ulong.TryParse(number, out var value) && value <= (ulong)long.MaxValue >> shift ? (long)value << shift : throw Bad(name, text);
    }

    private static VitrineException Bad(string name, string value) => new(ErrorKind.Invalid, $"invalid value for {name}: {value}");
}
