namespace Vitrine.ShimProtocol;

/// <summary>
/// plan.json: all a shim needs beside the bundle's config.json. Written by the engine before it starts the shim,
/// read once by the shim; paths are absolute.
/// </summary>
public sealed record ShimPlan
{
    public required string Id { get; init; }

    /// <summary>The container's directory in the store; holds bundle/, state.json, log.jsonl, upper/ and work/.</summary>
    public required string ContainerDirectory { get; init; }

    /// <summary>The container's directory under the exec root; holds shim.sock and the rootfs mount point.</summary>
    public required string RunDirectory { get; init; }

    /// <summary>How the root filesystem is put together, or null where config.json's root.path is used as it is.</summary>
    public OverlayPlan? Overlay { get; init; }

    public bool Tty { get; init; }

    /// <summary>Keep the process's stdin open though nobody is attached (docker's -i).</summary>
    public bool OpenStdin { get; init; }

    /// <summary>Close the process's stdin when the first client that attached to it leaves.</summary>
    public bool StdinOnce { get; init; }

    public LogPlan Log { get; init; } = new();
    public RestartPlan Restart { get; init; } = new();

    /// <summary>The health check, or null for none.</summary>
    public HealthPlan? Health { get; init; }

    /// <summary>The signal that asks the process to stop (signal(7) number).</summary>
    public int StopSignal { get; init; } = 15;

    /// <summary>Seconds between the stop signal and SIGKILL; -1 waits for ever.</summary>
    public int StopTimeout { get; init; } = 10;

    /// <summary>Run the process under an init that forwards signals and reaps.</summary>
    public bool Init { get; init; }

    /// <summary>Remove the container when it has exited and no restart is due.</summary>
    public bool AutoRemove { get; init; }

    /// <summary>Files and directory trees beside <see cref="ContainerDirectory"/> that go with the container: its name, anonymous volumes.</summary>
    public IReadOnlyList<string> RemoveWith { get; init; } = [];

    /// <summary>Volumes that are more than a directory.</summary>
    public IReadOnlyList<VolumePlan> Volumes { get; init; } = [];

    /// <summary>What of volumes is mounted, for the events that tell so.</summary>
    public IReadOnlyList<VolumeMount> VolumeMounts { get; init; } = [];

    /// <summary>The host's event log, or null where nobody is to be told.</summary>
    public string? Events { get; init; }

    /// <summary>What every event of this container says of it: labels, image and name.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
}

/// <summary>An overlayfs mount (Documentation/filesystems/overlayfs.rst).</summary>
public sealed record OverlayPlan
{
    /// <summary>Lower directories, the topmost first as overlayfs wants them.</summary>
    public required IReadOnlyList<string> Lower { get; init; }
    public required string Upper { get; init; }
    public required string Work { get; init; }
}

/// <summary>A volume on whose _data a file system is mounted while any container uses it.</summary>
public sealed record VolumePlan
{
    /// <summary>The volume's directory in the store, which holds _data.</summary>
    public required string Directory { get; init; }

    /// <summary>As mount(8) has them.</summary>
    public required string Type { get; init; }
    public required string Device { get; init; }

    /// <summary>Words between commas.</summary>
    public string Options { get; init; } = "";
}

/// <summary>A volume in a container.</summary>
public sealed record VolumeMount
{
    public required string Name { get; init; }

    /// <summary>Its place in the container.</summary>
    public required string Destination { get; init; }
    public bool ReadOnly { get; init; }
}

/// <summary>Where the process's output is logged.</summary>
public sealed record LogPlan
{
    /// <summary>json-file or none.</summary>
    public string Driver { get; init; } = "json-file";

    /// <summary>Bytes after which log.jsonl is rotated; 0 is without limit.</summary>
    public long MaxSize { get; init; } = 20 << 20;

    /// <summary>How many files are kept, the current one included.</summary>
    public int MaxFiles { get; init; } = 5;
}

/// <summary>Docker's restart policy.</summary>
public sealed record RestartPlan
{
    /// <summary>no, on-failure, always or unless-stopped.</summary>
    public string Policy { get; init; } = "no";

    /// <summary>For on-failure: how many restarts at most; 0 is without limit.</summary>
    public int MaximumRetryCount { get; init; }
}
