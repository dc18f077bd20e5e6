using Vitrine.Cli.Parsing;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Parsing;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine update</c></summary>
internal sealed class UpdateVerb : Verb
{
    private readonly ValueFlag<ushort> _blockWeight;
    private readonly ValueFlag<long?> _cpuPeriod;
    private readonly ValueFlag<long?> _cpuQuota;
    private readonly ValueFlag<long?> _cpuRealtimePeriod;
    private readonly ValueFlag<long?> _cpuRealtimeRuntime;
    private readonly ValueFlag<long> _cpuShares;
    private readonly ValueFlag<long> _cpus;
    private readonly ValueFlag<string> _cpusetCpus;
    private readonly ValueFlag<string> _cpusetMems;
    private readonly ValueFlag<long> _memory;
    private readonly ValueFlag<long> _memoryReservation;
    private readonly ValueFlag<long> _memorySwap;
    private readonly ValueFlag<long?> _pidsLimit;
    private readonly ValueFlag<string> _restart;

    public UpdateVerb()
    {
        _blockWeight = Flags.Add(new ValueFlag<ushort>("blkio-weight", Flag.None, "uint16",
            "Block IO (relative weight), between 10 and 1000, or 0 to disable", GoValue.ParseUInt16));
        _cpuPeriod = Flags.Integer("cpu-period", "Period of the CPU limit in microseconds");
        _cpuQuota = Flags.Integer("cpu-quota", "CPU time in a period in microseconds");
        _cpuRealtimePeriod = Flags.Integer("cpu-rt-period", "Limit the CPU real-time period in microseconds");
        _cpuRealtimeRuntime = Flags.Integer("cpu-rt-runtime", "Limit the CPU real-time runtime in microseconds");
        _cpuShares = Flags.Add(new ValueFlag<long>("cpu-shares", 'c', "int", "CPU shares (relative weight)", GoValue.ParseInt));
        _cpus = Flags.Add(new ValueFlag<long>("cpus", Flag.None, "decimal", "Number of CPUs", CpuCount.ParseNano));
        _cpusetCpus = Flags.Text("cpuset-cpus", "CPUs in which to allow execution (0-3, 0,1)");
        _cpusetMems = Flags.Text("cpuset-mems", "MEMs in which to allow execution (0-3, 0,1)");
        Flags.Add(new ValueFlag<string>("kernel-memory", Flag.None, "bytes", "Kernel memory limit (deprecated)", static text => text)
        {
            IsHidden = true,
        });
        _memory = Bytes("memory", 'm', "Memory limit", ByteSize.Parse);
        _memoryReservation = Bytes("memory-reservation", Flag.None, "Memory soft limit", ByteSize.Parse);
        _memorySwap = Bytes("memory-swap", Flag.None, "Swap limit equal to memory plus swap: -1 to enable unlimited swap", ByteSize.ParseOrUnlimited);
        _pidsLimit = Flags.Integer("pids-limit", "Tune container pids limit (set -1 for unlimited)");
        _restart = Flags.Text("restart", "Restart policy to apply when a container exits");
    }

    public override string Usage => "[OPTIONS] CONTAINER [CONTAINER...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Operand Completes => Operand.Container;

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        if (!Flags.Flags.Any(flag => flag.IsSet))
            throw new VitrineException(ErrorKind.Invalid, "you must provide one or more flags when using this command");
        var changes = Changes();
        return cli.ForEachAsync(arguments, async name =>
        {
            foreach (var warning in await cli.Engine.UpdateAsync(name, changes))
                cli.Screen.Error.WriteLine($"WARNING: {warning}");
            cli.Print(name);
        });
    }

    private HostConfig Changes() => new()
    {
        BlkioWeight = _blockWeight.Value,
        CpuPeriod = _cpuPeriod.Value ?? 0,
        CpuQuota = _cpuQuota.Value ?? 0,
        CpuRealtimePeriod = _cpuRealtimePeriod.Value ?? 0,
        CpuRealtimeRuntime = _cpuRealtimeRuntime.Value ?? 0,
        CpuShares = _cpuShares.Value,
        NanoCpus = _cpus.Value,
        CpusetCpus = _cpusetCpus.Value ?? "",
        CpusetMems = _cpusetMems.Value ?? "",
        Memory = _memory.Value,
        MemoryReservation = _memoryReservation.Value,
        MemorySwap = _memorySwap.Value,
        PidsLimit = _pidsLimit.Value,
        RestartPolicy = _restart.Value is { Length: > 0 } policy ? RestartSyntax.Parse(policy) : null,
    };

    private ValueFlag<long> Bytes(string name, char shorthand, string description, Func<string, long> parse) =>
        Flags.Add(new ValueFlag<long>(name, shorthand, "bytes", description, parse));
}
