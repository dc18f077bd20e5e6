using System.Text.Json;
using Vitrine.Linux;

namespace Vitrine.Engine.Docker;

/// <summary>Writes <see cref="ContainerStats"/> as the Engine API's ContainerStatsResponse.</summary>
internal static class StatsJson
{
    public static void Write(Utf8JsonWriter json, ContainerStats stats)
    {
        json.WriteStartObject();
        json.WriteString("name", "/" + stats.Name);
        json.WriteString("id", stats.Id);
        json.WriteString("read", DockerTime.Format(stats.Read));
        json.WriteString("preread", DockerTime.Format(stats.Before?.Read));
        WritePids(json, stats);
        WriteBlockIo(json, stats.Used.BlockIo, isRunning: stats.Read is not null);
        json.WriteNumber("num_procs", 0);
        json.WriteStartObject("storage_stats");
        json.WriteEndObject();
        WriteCpu(json, "cpu_stats", stats);
        WriteCpu(json, "precpu_stats", stats.Before);
        WriteMemory(json, stats);
        WriteNetworks(json, stats.Networks);
        json.WriteEndObject();
    }

    private static void WritePids(Utf8JsonWriter json, ContainerStats stats)
    {
        json.WriteStartObject("pids_stats");
        if (stats.Read is not null)
        {
            json.WriteNumber("current", stats.Used.Pids.Current);
            json.WriteNumber("limit", stats.Used.Pids.Limit == 0 ? ulong.MaxValue : stats.Used.Pids.Limit);
        }
        json.WriteEndObject();
    }

    private static void WriteBlockIo(Utf8JsonWriter json, BlockIoStatistics io, bool isRunning)
    {
        json.WriteStartObject("blkio_stats");
        Entries("io_service_bytes_recursive", io.Bytes);
        Entries("io_serviced_recursive", io.Operations);
        Entries("io_queue_recursive", io.Queued);
        Entries("io_service_time_recursive", io.ServiceTime);
        Entries("io_wait_time_recursive", io.WaitTime);
        Entries("io_merged_recursive", io.Merged);
        Entries("io_time_recursive", io.Time);
        Entries("sectors_recursive", io.Sectors);
        json.WriteEndObject();

        void Entries(string name, IReadOnlyList<BlockIoEntry> entries)
        {
            if (entries.Count == 0 && !isRunning)
            {
                json.WriteNull(name);
                return;
            }
            json.WriteStartArray(name);
            foreach (var entry in entries)
            {
                json.WriteStartObject();
                json.WriteNumber("major", entry.Major);
                json.WriteNumber("minor", entry.Minor);
                json.WriteString("op", entry.Operation.ToLowerInvariant());
                json.WriteNumber("value", entry.Value);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    }

    private static void WriteCpu(Utf8JsonWriter json, string name, ContainerStats? stats)
    {
        var cpu = stats?.Used.Cpu ?? new CpuStatistics();
        json.WriteStartObject(name);
        json.WriteStartObject("cpu_usage");
        json.WriteNumber("total_usage", cpu.Total);
        if (cpu.PerCpu.Count > 0)
        {
            json.WriteStartArray("percpu_usage");
            foreach (var usage in cpu.PerCpu)
                json.WriteNumberValue(usage);
            json.WriteEndArray();
        }
        json.WriteNumber("usage_in_kernelmode", cpu.Kernel);
        json.WriteNumber("usage_in_usermode", cpu.User);
        json.WriteEndObject();
        if (stats?.Read is not null)
        {
            json.WriteNumber("system_cpu_usage", stats.HostCpu);
            json.WriteNumber("online_cpus", stats.Processors);
        }
        json.WriteStartObject("throttling_data");
        json.WriteNumber("periods", cpu.Periods);
        json.WriteNumber("throttled_periods", cpu.ThrottledPeriods);
        json.WriteNumber("throttled_time", cpu.ThrottledTime);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMemory(Utf8JsonWriter json, ContainerStats stats)
    {
        var memory = stats.Used.Memory;
        json.WriteStartObject("memory_stats");
        if (stats.Read is not null)
        {
            json.WriteNumber("usage", memory.Usage.Usage);
            if (memory.Usage.Peak > 0)
                json.WriteNumber("max_usage", memory.Usage.Peak);
            json.WriteStartObject("stats");
            foreach (var (name, value) in memory.Raw)
                json.WriteNumber(name, value);
            json.WriteEndObject();
            if (memory.Usage.Failures > 0)
                json.WriteNumber("failcnt", memory.Usage.Failures);
            json.WriteNumber("limit", stats.MemoryLimit);
        }
        json.WriteEndObject();
    }

    private static void WriteNetworks(Utf8JsonWriter json, IReadOnlyList<InterfaceStatistics>? networks)
    {
        if (networks is not { Count: > 0 })
            return;
        json.WriteStartObject("networks");
        foreach (var one in networks)
        {
            json.WriteStartObject(one.Name);
            json.WriteNumber("rx_bytes", one.ReceivedBytes);
            json.WriteNumber("rx_packets", one.ReceivedPackets);
            json.WriteNumber("rx_errors", one.ReceiveErrors);
            json.WriteNumber("rx_dropped", one.ReceiveDrops);
            json.WriteNumber("tx_bytes", one.SentBytes);
            json.WriteNumber("tx_packets", one.SentPackets);
            json.WriteNumber("tx_errors", one.SendErrors);
            json.WriteNumber("tx_dropped", one.SendDrops);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
