using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Oci.Runtime;

/// <summary>Limits of the container's cgroup (config-linux.md, Control groups).</summary>
public sealed record Resources
{
    public IReadOnlyList<DeviceRule>? Devices { get; init; }
    public MemoryResources? Memory { get; init; }
    public CpuResources? Cpu { get; init; }
    public PidsResources? Pids { get; init; }

    [JsonPropertyName("blockIO")]
    public BlockIoResources? BlockIo { get; init; }
    public IReadOnlyList<HugepageLimit>? HugepageLimits { get; init; }
    public NetworkResources? Network { get; init; }
    public IReadOnlyDictionary<string, RdmaLimit>? Rdma { get; init; }

    /// <summary>cgroup v2 files and their values, written as they are.</summary>
    public IReadOnlyDictionary<string, string>? Unified { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

public sealed record DeviceRule
{
    public bool Allow { get; init; }

    /// <summary>a, c or b; all types where null.</summary>
    public string? Type { get; init; }
    public long? Major { get; init; }
    public long? Minor { get; init; }

    /// <summary>Some of r, w and m.</summary>
    public string? Access { get; init; }
}

/// <summary>Memory limits in bytes; -1 is unlimited.</summary>
public sealed record MemoryResources
{
    public long? Limit { get; init; }
    public long? Reservation { get; init; }

    /// <summary>Memory and swap together, as cgroup v1 counts.</summary>
    public long? Swap { get; init; }
    public long? Kernel { get; init; }

    [JsonPropertyName("kernelTCP")]
    public long? KernelTcp { get; init; }
    public ulong? Swappiness { get; init; }

    [JsonPropertyName("disableOOMKiller")]
    public bool? DisableOomKiller { get; init; }
    public bool? UseHierarchy { get; init; }
    public bool? CheckBeforeUpdate { get; init; }
}

/// <summary>CPU limits; times in microseconds.</summary>
public sealed record CpuResources
{
    public ulong? Shares { get; init; }
    public long? Quota { get; init; }
    public ulong? Burst { get; init; }
    public ulong? Period { get; init; }
    public long? RealtimeRuntime { get; init; }
    public ulong? RealtimePeriod { get; init; }
    public string? Cpus { get; init; }
    public string? Mems { get; init; }
    public long? Idle { get; init; }
}

public sealed record PidsResources
{
    /// <summary>The most tasks at once; 0 or less is unlimited.</summary>
    public long? Limit { get; init; }
}

public sealed record BlockIoResources
{
    public ushort? Weight { get; init; }
    public ushort? LeafWeight { get; init; }
    public IReadOnlyList<WeightDevice>? WeightDevice { get; init; }
    public IReadOnlyList<ThrottleDevice>? ThrottleReadBpsDevice { get; init; }
    public IReadOnlyList<ThrottleDevice>? ThrottleWriteBpsDevice { get; init; }

    [JsonPropertyName("throttleReadIOPSDevice")]
    public IReadOnlyList<ThrottleDevice>? ThrottleReadIopsDevice { get; init; }

    [JsonPropertyName("throttleWriteIOPSDevice")]
    public IReadOnlyList<ThrottleDevice>? ThrottleWriteIopsDevice { get; init; }
}

public sealed record WeightDevice
{
    public long Major { get; init; }
    public long Minor { get; init; }
    public ushort? Weight { get; init; }
    public ushort? LeafWeight { get; init; }
}

public sealed record ThrottleDevice
{
    public long Major { get; init; }
    public long Minor { get; init; }
    public ulong Rate { get; init; }
}

public sealed record HugepageLimit
{
    public required string PageSize { get; init; }
    public ulong Limit { get; init; }
}

public sealed record NetworkResources
{
    [JsonPropertyName("classID")]
    public uint? ClassId { get; init; }
    public IReadOnlyList<InterfacePriority>? Priorities { get; init; }
}

public sealed record InterfacePriority
{
    public required string Name { get; init; }
    public uint Priority { get; init; }
}

public sealed record RdmaLimit
{
    public uint? HcaHandles { get; init; }
    public uint? HcaObjects { get; init; }
}
