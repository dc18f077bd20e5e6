using System.Text.Json.Serialization;

namespace Vitrine.Engine.Docker;

/// <summary>
/// How a container meets its host (Engine API HostConfig and Resources), in the order docker inspect prints. Sizes are
/// bytes, CPU times microseconds, NanoCpus billionths of a CPU; 0, "" and null are "not asked for" unless told.
/// </summary>
public sealed record HostConfig
{
    /// <summary>-v as source:target[:options].</summary>
    public IReadOnlyList<string>? Binds { get; init; }
    public string ContainerIDFile { get; set; } = "";
    public LogConfig? LogConfig { get; init; }

    /// <summary>default, none, host, container:NAME or the name of a network.</summary>
    public string NetworkMode { get; set; } = "";
    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?>? PortBindings { get; init; }
    public RestartPolicy? RestartPolicy { get; init; }
    public bool AutoRemove { get; init; }
    public string VolumeDriver { get; set; } = "";
    public IReadOnlyList<string>? VolumesFrom { get; init; }

    /// <summary>Height and width of the terminal that the container starts with.</summary>
    public IReadOnlyList<int>? ConsoleSize { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public IReadOnlyList<string>? CapAdd { get; init; }

    public IReadOnlyList<string>? CapDrop { get; init; }

    /// <summary>private or host.</summary>
    public string CgroupnsMode { get; set; } = "";
    public IReadOnlyList<string>? Dns { get; init; }
    public IReadOnlyList<string>? DnsOptions { get; init; }
    public IReadOnlyList<string>? DnsSearch { get; init; }

    /// <summary>name:address.</summary>
    public IReadOnlyList<string>? ExtraHosts { get; init; }
    public IReadOnlyList<string>? GroupAdd { get; init; }

    /// <summary>private, shareable, host, none or container:NAME.</summary>
    public string IpcMode { get; set; } = "";
    public string Cgroup { get; set; } = "";
    public IReadOnlyList<string>? Links { get; init; }
    public int OomScoreAdj { get; init; }

    /// <summary>empty, host or container:NAME.</summary>
    public string PidMode { get; set; } = "";
    public bool Privileged { get; init; }
    public bool PublishAllPorts { get; init; }
    public bool ReadonlyRootfs { get; init; }
    public IReadOnlyList<string>? SecurityOpt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? StorageOpt { get; init; }

    /// <summary>Target to mount options.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Tmpfs { get; init; }

    /// <summary>empty, host or container:NAME.</summary>
    [JsonPropertyName("UTSMode")]
    public string UtsMode { get; set; } = "";
    public string UsernsMode { get; set; } = "";
    public long ShmSize { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Sysctls { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Runtime { get; init; }
    public string Isolation { get; set; } = "";

    public long CpuShares { get; init; }
    public long Memory { get; init; }
    public long NanoCpus { get; init; }
    public string CgroupParent { get; set; } = "";
    public ushort BlkioWeight { get; init; }
    public IReadOnlyList<WeightDevice>? BlkioWeightDevice { get; init; }
    public IReadOnlyList<ThrottleDevice>? BlkioDeviceReadBps { get; init; }
    public IReadOnlyList<ThrottleDevice>? BlkioDeviceWriteBps { get; init; }

    [JsonPropertyName("BlkioDeviceReadIOps")]
    public IReadOnlyList<ThrottleDevice>? BlkioDeviceReadIops { get; init; }

    [JsonPropertyName("BlkioDeviceWriteIOps")]
    public IReadOnlyList<ThrottleDevice>? BlkioDeviceWriteIops { get; init; }
    public long CpuPeriod { get; init; }
    public long CpuQuota { get; init; }
    public long CpuRealtimePeriod { get; init; }
    public long CpuRealtimeRuntime { get; init; }
    public string CpusetCpus { get; set; } = "";
    public string CpusetMems { get; set; } = "";
    public IReadOnlyList<DeviceMapping>? Devices { get; init; }
    public IReadOnlyList<string>? DeviceCgroupRules { get; init; }
    public IReadOnlyList<DeviceRequest>? DeviceRequests { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long KernelMemory { get; init; }

    [JsonPropertyName("KernelMemoryTCP")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long KernelMemoryTcp { get; init; }
    public long MemoryReservation { get; init; }

    /// <summary>Memory and swap together; -1 is unlimited.</summary>
    public long MemorySwap { get; init; }

    /// <summary>0 to 100; null or -1 leaves the host's.</summary>
    public long? MemorySwappiness { get; init; }
    public bool? OomKillDisable { get; init; }

    /// <summary>Null takes the default of 2048; 0 and -1 are unlimited.</summary>
    public long? PidsLimit { get; init; }
    public IReadOnlyList<Ulimit>? Ulimits { get; init; }
    public long CpuCount { get; init; }
    public long CpuPercent { get; init; }

    [JsonPropertyName("IOMaximumIOps")]
    public ulong IoMaximumIops { get; init; }

    [JsonPropertyName("IOMaximumBandwidth")]
    public ulong IoMaximumBandwidth { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Mount>? Mounts { get; init; }

    /// <summary>Null takes the default paths; an empty list masks none.</summary>
    public IReadOnlyList<string>? MaskedPaths { get; init; }
    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Init { get; init; }
}
