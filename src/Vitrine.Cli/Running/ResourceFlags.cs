using Vitrine.Cli.Parsing;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Parsing;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Running;

/// <summary>Options of run and create: how much the container may use.</summary>
internal sealed class ResourceFlags(FlagSet flags)
{
    private readonly ValueFlag<long> _memory = flags.Add(Bytes("memory", 'm', "Memory limit", ByteSize.Parse));
    private readonly ValueFlag<long> _memoryReservation = flags.Add(Bytes("memory-reservation", Flag.None, "Memory soft limit", ByteSize.Parse));
    private readonly ValueFlag<long> _memorySwap = flags.Add(Bytes("memory-swap", Flag.None,
        "Swap limit equal to memory plus swap: '-1' to enable unlimited swap", ByteSize.ParseOrUnlimited));

    private readonly ValueFlag<long?> _swappiness = flags.Integer("memory-swappiness", "Tune container memory swappiness (0 to 100), -1 for the host's");
    private readonly ValueFlag<long> _shmSize = flags.Add(Bytes("shm-size", Flag.None, "Size of /dev/shm", ByteSize.Parse));
    private readonly ValueFlag<long> _cpus = flags.Add(new ValueFlag<long>("cpus", Flag.None, "decimal", "Number of CPUs", CpuCount.ParseNano));
    private readonly ValueFlag<long> _cpuShares = flags.Add(new ValueFlag<long>("cpu-shares", 'c', "int", "CPU shares (relative weight)", GoValue.ParseInt));
    private readonly ValueFlag<long?> _cpuPeriod = flags.Integer("cpu-period", "Period of the CPU limit in microseconds");
    private readonly ValueFlag<long?> _cpuQuota = flags.Integer("cpu-quota", "CPU time in a period in microseconds");
    private readonly ValueFlag<long?> _cpuRealtimePeriod = flags.Integer("cpu-rt-period", "Limit CPU real-time period in microseconds");
    private readonly ValueFlag<long?> _cpuRealtimeRuntime = flags.Integer("cpu-rt-runtime", "Limit CPU real-time runtime in microseconds");
    private readonly ValueFlag<string> _cpusetCpus = flags.Text("cpuset-cpus", "CPUs in which to allow execution (0-3, 0,1)");
    private readonly ValueFlag<string> _cpusetMems = flags.Text("cpuset-mems", "MEMs in which to allow execution (0-3, 0,1)");
    private readonly ValueFlag<long?> _pidsLimit = flags.Integer("pids-limit", "Tune container pids limit, -1 for unlimited (default 2048)");
    private readonly ValueFlag<long?> _oomScore = flags.Integer("oom-score-adj", "Tune host's OOM preferences (-1000 to 1000)");
    private readonly BoolFlag _oomKillDisable = flags.Bool("oom-kill-disable", "Disable OOM Killer");
    private readonly ListFlag<Ulimit> _ulimits = flags.Add(new ListFlag<Ulimit>("ulimit", Flag.None, "ulimit", "Ulimit options, name=soft[:hard]", UlimitSyntax.Parse));
    private readonly ValueFlag<ushort> _blockWeight = flags.Add(new ValueFlag<ushort>("blkio-weight", Flag.None, "uint16",
        "Block IO (relative weight), between 10 and 1000, or 0 to disable", GoValue.ParseUInt16));

    private readonly ListFlag<WeightDevice> _blockWeightDevices = flags.Add(new ListFlag<WeightDevice>("blkio-weight-device", Flag.None, "list",
        "Block IO weight (relative device weight)", DeviceSyntax.ParseWeight));

    private readonly ListFlag<ThrottleDevice> _readBps =
        flags.Add(Throttle("device-read-bps", "Limit read rate (bytes per second) from a device", DeviceSyntax.ParseBytesRate));

    private readonly ListFlag<ThrottleDevice> _writeBps =
        flags.Add(Throttle("device-write-bps", "Limit write rate (bytes per second) to a device", DeviceSyntax.ParseBytesRate));

    private readonly ListFlag<ThrottleDevice> _readIops =
        flags.Add(Throttle("device-read-iops", "Limit read rate (IO per second) from a device", DeviceSyntax.ParseOperationsRate));

    private readonly ListFlag<ThrottleDevice> _writeIops =
        flags.Add(Throttle("device-write-iops", "Limit write rate (IO per second) to a device", DeviceSyntax.ParseOperationsRate));

    /// <summary>The request with what these options say.</summary>
    public HostConfig ApplyTo(HostConfig config)
    {
        if (_swappiness.Value is < -1 or > 100)
            throw new VitrineException(ErrorKind.Invalid, $"invalid value: {_swappiness.Value}. Valid memory swappiness range is 0-100");
        return config with
        {
            Memory = _memory.Value,
            MemoryReservation = _memoryReservation.Value,
            MemorySwap = _memorySwap.Value,
            MemorySwappiness = _swappiness.Value is -1 ? null : _swappiness.Value,
            OomKillDisable = _oomKillDisable.IsSet ? _oomKillDisable.Value : null,
            OomScoreAdj = (int)(_oomScore.Value ?? 0),
            ShmSize = _shmSize.Value,
            NanoCpus = _cpus.Value,
            CpuShares = _cpuShares.Value,
            CpuPeriod = _cpuPeriod.Value ?? 0,
            CpuQuota = _cpuQuota.Value ?? 0,
            CpuRealtimePeriod = _cpuRealtimePeriod.Value ?? 0,
            CpuRealtimeRuntime = _cpuRealtimeRuntime.Value ?? 0,
            CpusetCpus = _cpusetCpus.Value ?? "",
            CpusetMems = _cpusetMems.Value ?? "",
            PidsLimit = _pidsLimit.Value,
            Ulimits = EffectiveUlimits(),
            BlkioWeight = _blockWeight.Value,
            BlkioWeightDevice = _blockWeightDevices.ValuesOrNull,
            BlkioDeviceReadBps = _readBps.ValuesOrNull,
            BlkioDeviceWriteBps = _writeBps.ValuesOrNull,
            BlkioDeviceReadIops = _readIops.ValuesOrNull,
            BlkioDeviceWriteIops = _writeIops.ValuesOrNull,
        };
    }

    /// <summary>The last one of each name counts.</summary>
    private List<Ulimit>? EffectiveUlimits() => _ulimits.ValuesOrNull?.Reverse()
        .DistinctBy(u => u.Name).OrderBy(u => u.Name, StringComparer.Ordinal).ToList();

    private static ValueFlag<long> Bytes(string name, char shorthand, string description, Func<string, long> parse) =>
        new(name, shorthand, "bytes", description, parse);

    private static ListFlag<ThrottleDevice> Throttle(string name, string description, Func<string, ThrottleDevice> parse) =>
        new(name, Flag.None, "list", description, parse);
}
