using System.Text.Json;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Statistics;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Statistics;

public sealed class StatsSamplerTests
{
    [Fact]
    public void ParseHostCpu_SumsTheFirstEightColumns_AndCountsProcessors()
    {
        var (time, processors) = StatsSampler.ParseHostCpu(["cpu  1 2 3 4 5 6 7 8 100 100", "cpu0 1 1 1 1 1 1 1 1 0 0", "cpu1 0 1 2 3 4 5 6 7 0 0", "intr 5"]);

        Assert.Equal((360_000_000UL, 2), (time, processors));
    }

    [Fact]
    public void ParseNetworks_LeavesLoopbackOut()
    {
        var found = StatsSampler.ParseNetworks(
        [
            "Inter-|   Receive                                                |  Transmit",
            " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed",
            "    lo:     900      9    0    0    0     0          0         0      900       9    0    0    0     0       0          0",
            "  eth1:       1      2    3    4    0     0          0         0        5       6    7    8    0     0       0          0",
            "  eth0:      10     20    0    0    0     0          0         0       30      40    0    0    0     0       0          0",
            "  bad0: x",
        ]);

        Assert.Equal(["eth0", "eth1"], found.Select(one => one.Name));
        Assert.Equal(new InterfaceStatistics("eth1")
        {
            ReceivedBytes = 1, ReceivedPackets = 2, ReceiveErrors = 3, ReceiveDrops = 4,
            SentBytes = 5, SentPackets = 6, SendErrors = 7, SendDrops = 8,
        }, found[1]);
    }

    [Fact]
    public void CpuPercent_IsDockersFormula()
    {
        var before = Stats(cpu: 1_000, host: 10_000);
        var now = Stats(cpu: 2_000, host: 14_000) with { Before = before, Processors = 2 };

        Assert.Equal(50, now.CpuPercent);
        Assert.Equal(0, before.CpuPercent);
        Assert.Equal(0, (now with { HostCpu = 10_000 }).CpuPercent);
    }

    [Fact]
    public void ToJson_HasDockersNames()
    {
        var stats = Stats(cpu: 2_000, host: 14_000) with
        {
            Before = Stats(cpu: 1_000, host: 10_000),
            MemoryLimit = 64 << 20,
            Networks = [new InterfaceStatistics("eth0") { SentBytes = 7 }],
        };

        using var json = JsonDocument.Parse(stats.ToJson());
        var root = json.RootElement;

        Assert.Equal("/x", root.GetProperty("name").GetString());
        Assert.Equal(2_000, root.GetProperty("cpu_stats").GetProperty("cpu_usage").GetProperty("total_usage").GetInt64());
        Assert.Equal(10_000, root.GetProperty("precpu_stats").GetProperty("system_cpu_usage").GetInt64());
        Assert.Equal(5_000, root.GetProperty("memory_stats").GetProperty("usage").GetInt64());
        Assert.Equal(64 << 20, root.GetProperty("memory_stats").GetProperty("limit").GetInt64());
        Assert.Equal(7, root.GetProperty("networks").GetProperty("eth0").GetProperty("tx_bytes").GetInt64());
        Assert.Equal(JsonValueKind.Array, root.GetProperty("blkio_stats").GetProperty("sectors_recursive").ValueKind);
    }

    [Fact]
    public void ToJson_NotRunning_SaysNothingOfMemory()
    {
        using var json = JsonDocument.Parse(new ContainerStats { Id = "a", Name = "x" }.ToJson());

        Assert.Equal("0001-01-01T00:00:00Z", json.RootElement.GetProperty("read").GetString());
        Assert.Empty(json.RootElement.GetProperty("memory_stats").EnumerateObject());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("blkio_stats").GetProperty("sectors_recursive").ValueKind);
    }

    private static ContainerStats Stats(ulong cpu, ulong host) => new()
    {
        Id = "a",
        Name = "x",
        Read = DateTimeOffset.UnixEpoch,
        Processors = 2,
        HostCpu = host,
        Used = new CgroupStatistics
        {
            Cpu = new CpuStatistics { Total = cpu },
            Memory = new MemoryStatistics { Usage = new UsageCounter(5_000, 0, 0, 0) },
        },
    };
}
