using System.Buffers;
using System.Text.Json;
using Vitrine.Linux;

namespace Vitrine.Engine.Docker;

/// <summary>What a container uses at one moment, and what it had used at the moment before (GET /containers/{id}/stats).</summary>
public sealed record ContainerStats
{
    public required string Id { get; init; }

    /// <summary>Without Docker's slash.</summary>
    public required string Name { get; init; }

    /// <summary>The moment; null where the container did not run, and nothing was measured.</summary>
    public DateTimeOffset? Read { get; init; }

    /// <summary>The cgroup's counters.</summary>
    public CgroupStatistics Used { get; init; } = new();

    /// <summary>Bytes of memory it can have: its limit, or what the host has.</summary>
    public ulong MemoryLimit { get; init; }

    /// <summary>Processor time of the whole host since boot, in nanoseconds, and how many processors there are.</summary>
    public ulong HostCpu { get; init; }
    public int Processors { get; init; }

    /// <summary>The interfaces of its network namespace but loopback; null where it has the host's.</summary>
    public IReadOnlyList<InterfaceStatistics>? Networks { get; init; }

    /// <summary>The moment before; null for the first one.</summary>
    public ContainerStats? Before { get; init; }

    /// <summary>Percent of one processor that was used since the moment before, as docker stats counts.</summary>
    public double CpuPercent
    {
        get
        {
            if (Before is not { Read: not null } || HostCpu <= Before.HostCpu || Used.Cpu.Total <= Before.Used.Cpu.Total)
                return 0;
            return (double)(Used.Cpu.Total - Before.Used.Cpu.Total) / (HostCpu - Before.HostCpu) * Processors * 100;
        }
    }

    /// <summary>Bytes of memory that cannot be given back at once.</summary>
    public ulong Memory => Used.Memory.WorkingSet;

    /// <summary>The object that the Engine API answers.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
            StatsJson.Write(json, this);
        return buffer.WrittenMemory;
    }
}

/// <summary>The counters of a network interface (/proc/PID/net/dev).</summary>
public sealed record InterfaceStatistics(string Name)
{
    public ulong ReceivedBytes { get; init; }
    public ulong ReceivedPackets { get; init; }
    public ulong ReceiveErrors { get; init; }
    public ulong ReceiveDrops { get; init; }
    public ulong SentBytes { get; init; }
    public ulong SentPackets { get; init; }
    public ulong SendErrors { get; init; }
    public ulong SendDrops { get; init; }
}
