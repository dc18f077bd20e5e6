using Vitrine.Engine.Docker;
using Vitrine.Oci.Runtime;

namespace Vitrine.Engine.Bundle;

/// <summary>Docker's limits in the runtime specification's words.</summary>
internal static class ResourceMapping
{
    /// <summary>The period that --cpus is counted in: 100 ms, the kernel's default (sched-bwc).</summary>
    private const ulong Period = 100_000;

    public static Resources Map(BundleInput input)
    {
        return Limits(input.Container.HostConfig) with { Devices = DeviceAccess.Rules(input) };
    }

    /// <summary>The same without the devices.</summary>
    public static Resources Limits(HostConfig host) => new()
    {
        Memory = Memory(host),
        Cpu = Cpu(host),
        Pids = new PidsResources { Limit = host.PidsLimit is > 0 ? host.PidsLimit : -1 },
        BlockIo = BlockIo(host),
    };

    private static MemoryResources? Memory(HostConfig host)
    {
        if (host is { Memory: 0, MemoryReservation: 0, MemorySwap: 0, MemorySwappiness: null } && host.OomKillDisable is not true)
            return null;
        return new MemoryResources
        {
            Limit = NullIfZero(host.Memory),
            Reservation = NullIfZero(host.MemoryReservation),
            Swap = NullIfZero(host.MemorySwap),
            Swappiness = (ulong?)host.MemorySwappiness,
            DisableOomKiller = host.OomKillDisable is true ? true : null,
        };
    }

    private static CpuResources? Cpu(HostConfig host)
    {
        if (host is { CpuShares: 0, NanoCpus: 0, CpuPeriod: 0, CpuQuota: 0, CpuRealtimePeriod: 0, CpuRealtimeRuntime: 0 }
            && host.CpusetCpus.Length == 0 && host.CpusetMems.Length == 0)
            return null;
        return new CpuResources
        {
            Shares = host.CpuShares > 0 ? (ulong)host.CpuShares : null,
            Period = host.NanoCpus > 0 ? Period : host.CpuPeriod > 0 ? (ulong)host.CpuPeriod : null,
            Quota = host.NanoCpus > 0 ? host.NanoCpus * (long)Period / 1_000_000_000 : NullIfZero(host.CpuQuota),
            RealtimePeriod = host.CpuRealtimePeriod > 0 ? (ulong)host.CpuRealtimePeriod : null,
            RealtimeRuntime = NullIfZero(host.CpuRealtimeRuntime),
            Cpus = host.CpusetCpus.Length > 0 ? host.CpusetCpus : null,
            Mems = host.CpusetMems.Length > 0 ? host.CpusetMems : null,
        };
    }

    private static BlockIoResources? BlockIo(HostConfig host)
    {
        var throttled = host.BlkioDeviceReadBps is { Count: > 0 } || host.BlkioDeviceWriteBps is { Count: > 0 }
            || host.BlkioDeviceReadIops is { Count: > 0 } || host.BlkioDeviceWriteIops is { Count: > 0 };
        if (host.BlkioWeight == 0 && host.BlkioWeightDevice is not { Count: > 0 } && !throttled)
            return null;
        return new BlockIoResources
        {
            Weight = host.BlkioWeight > 0 ? host.BlkioWeight : null,
            WeightDevice = host.BlkioWeightDevice is { Count: > 0 } weights ? [.. weights.Select(Weight)] : null,
            ThrottleReadBpsDevice = Throttle(host.BlkioDeviceReadBps),
            ThrottleWriteBpsDevice = Throttle(host.BlkioDeviceWriteBps),
            ThrottleReadIopsDevice = Throttle(host.BlkioDeviceReadIops),
            ThrottleWriteIopsDevice = Throttle(host.BlkioDeviceWriteIops),
        };
    }

    private static Oci.Runtime.WeightDevice Weight(Docker.WeightDevice device)
    {
        var node = DeviceScan.Number(device.Path);
        return new() { Major = node.Major, Minor = node.Minor, Weight = device.Weight };
    }

    private static IReadOnlyList<Oci.Runtime.ThrottleDevice>? Throttle(IReadOnlyList<Docker.ThrottleDevice>? devices)
    {
        if (devices is not { Count: > 0 })
            return null;
        return [.. devices.Select(device =>
        {
            var node = DeviceScan.Number(device.Path);
            return new Oci.Runtime.ThrottleDevice { Major = node.Major, Minor = node.Minor, Rate = device.Rate };
        })];
    }

    private static long? NullIfZero(long value) => value != 0 ? value : null;
}
