using System.Buffers;
using System.Text.Json;
using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>Statistics in the JSON of <c>runc events</c>, which containerd and others read: times in nanoseconds, sizes in bytes.</summary>
public static class StatisticsJson
{
    /// <summary>One line <c>{"type":"stats","id":ID,"data":{...}}</c>, without a newline.</summary>
    public static ReadOnlyMemory<byte> Event(string id, CgroupStatistics statistics)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("type"u8, "stats"u8);
        json.WriteString("id"u8, id);
        json.WriteStartObject("data"u8);
        Cpu(json, statistics.Cpu);
        Cpuset(json, statistics.Cpuset);
        Memory(json, statistics.Memory);
        json.WriteStartObject("pids"u8);
        NotZero(json, "current", statistics.Pids.Current);
        NotZero(json, "limit", statistics.Pids.Limit);
        json.WriteEndObject();
        BlockIo(json, statistics.BlockIo);
        Hugetlb(json, statistics.Hugetlb);
        json.WriteStartObject("intel_rdt"u8);
        json.WriteEndObject();
        json.WriteNull("network_interfaces"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>The line of <c>runc events</c> for want of memory: <c>{"type":"oom","id":ID}</c>.</summary>
    public static ReadOnlyMemory<byte> Oom(string id)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("type"u8, "oom"u8);
        json.WriteString("id"u8, id);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void Cpu(Utf8JsonWriter json, CpuStatistics cpu)
    {
        json.WriteStartObject("cpu"u8);
        json.WriteStartObject("usage"u8);
        NotZero(json, "total", cpu.Total);
        Numbers(json, "percpu", cpu.PerCpu);
        Numbers(json, "percpu_kernel", cpu.PerCpuKernel);
        Numbers(json, "percpu_user", cpu.PerCpuUser);
        json.WriteNumber("kernel"u8, cpu.Kernel);
        json.WriteNumber("user"u8, cpu.User);
        json.WriteEndObject();
        json.WriteStartObject("throttling"u8);
        NotZero(json, "periods", cpu.Periods);
        NotZero(json, "throttledPeriods", cpu.ThrottledPeriods);
        NotZero(json, "throttledTime", cpu.ThrottledTime);
        json.WriteEndObject();
        Psi(json, cpu.Pressure);
        json.WriteEndObject();
    }

    private static void Cpuset(Utf8JsonWriter json, CpusetStatistics cpuset)
    {
        json.WriteStartObject("cpuset"u8);
        Numbers(json, "cpus", cpuset.Cpus);
        json.WriteNumber("cpu_exclusive"u8, cpuset.Flags.GetValueOrDefault("cpu_exclusive"));
        Numbers(json, "mems", cpuset.MemoryNodes);
        foreach (var name in (ReadOnlySpan<string>)
            [
                "mem_hardwall", "mem_exclusive", "memory_migrate", "memory_spread_page", "memory_spread_slab", "memory_pressure",
                "sched_load_balance", "sched_relax_domain_level",
            ])
            json.WriteNumber(name, cpuset.Flags.GetValueOrDefault(name));
        json.WriteEndObject();
    }

    private static void Memory(Utf8JsonWriter json, MemoryStatistics memory)
    {
        json.WriteStartObject("memory"u8);
        NotZero(json, "cache", memory.Cache);
        Counter(json, "usage", memory.Usage);
        Counter(json, "swap", memory.MemoryAndSwap);
        Counter(json, "kernel", memory.Kernel);
        Counter(json, "kernelTCP", memory.KernelTcp);
        if (memory.Raw.Count > 0)
        {
            json.WriteStartObject("raw"u8);
            foreach (var (key, value) in memory.Raw)
                json.WriteNumber(key, value);
            json.WriteEndObject();
        }

        Psi(json, memory.Pressure);
        json.WriteEndObject();
    }

    private static void Counter(Utf8JsonWriter json, string name, UsageCounter counter)
    {
        json.WriteStartObject(name);
        json.WriteNumber("limit"u8, counter.Limit);
        NotZero(json, "usage", counter.Usage);
        NotZero(json, "max", counter.Peak);
        json.WriteNumber("failcnt"u8, counter.Failures);
        json.WriteEndObject();
    }

    private static void BlockIo(Utf8JsonWriter json, BlockIoStatistics io)
    {
        json.WriteStartObject("blkio"u8);
        Table(json, "ioServiceBytesRecursive", io.Bytes);
        Table(json, "ioServicedRecursive", io.Operations);
        Table(json, "ioQueueRecursive", io.Queued);
        Table(json, "ioServiceTimeRecursive", io.ServiceTime);
        Table(json, "ioWaitTimeRecursive", io.WaitTime);
        Table(json, "ioMergedRecursive", io.Merged);
        Table(json, "ioTimeRecursive", io.Time);
        Table(json, "sectorsRecursive", io.Sectors);
        Psi(json, io.Pressure);
        json.WriteEndObject();
    }

    private static void Table(Utf8JsonWriter json, string name, IReadOnlyList<BlockIoEntry> entries)
    {
        if (entries.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var entry in entries)
        {
            json.WriteStartObject();
            NotZero(json, "major", entry.Major);
            NotZero(json, "minor", entry.Minor);
            if (entry.Operation.Length > 0)
                json.WriteString("op"u8, entry.Operation);
            NotZero(json, "value", entry.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Hugetlb(Utf8JsonWriter json, IReadOnlyDictionary<string, UsageCounter> sizes)
    {
        json.WriteStartObject("hugetlb"u8);
        foreach (var (size, counter) in sizes)
        {
            json.WriteStartObject(size);
            NotZero(json, "usage", counter.Usage);
            NotZero(json, "max", counter.Peak);
            json.WriteNumber("failcnt"u8, counter.Failures);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Psi(Utf8JsonWriter json, Pressure? pressure)
    {
        if (pressure is null)
            return;
        json.WriteStartObject("psi"u8);
        Line(json, "some", pressure.Some);
        Line(json, "full", pressure.Full);
        json.WriteEndObject();
    }

    private static void Line(Utf8JsonWriter json, string name, PressureLine line)
    {
        json.WriteStartObject(name);
        json.WriteNumber("avg10"u8, line.Average10);
        json.WriteNumber("avg60"u8, line.Average60);
        json.WriteNumber("avg300"u8, line.Average300);
        json.WriteNumber("total"u8, line.Total);
        json.WriteEndObject();
    }

    private static void NotZero(Utf8JsonWriter json, string name, ulong value)
    {
        if (value != 0)
            json.WriteNumber(name, value);
    }

    private static void Numbers(Utf8JsonWriter json, string name, IReadOnlyList<ulong> values)
    {
        if (values.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static void Numbers(Utf8JsonWriter json, string name, IReadOnlyList<ushort> values)
    {
        if (values.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteNumberValue((uint)value);
        json.WriteEndArray();
    }
}
