using Vitrine.ShimProtocol.Events;

namespace Vitrine.Engine.Storage;

/// <summary>Where everything is on disk. The names are the store's format: changing one needs a migration.</summary>
internal sealed class StorePaths
{
    /// <summary>Begins the name of a container directory that is being made or removed; invisible to everyone else.</summary>
    public const string HiddenPrefix = ".";

    public StorePaths(string dataRoot, string execRoot)
    {
        DataRoot = dataRoot;
        Containers = Path.Join(dataRoot, "containers");
        Names = Path.Join(dataRoot, "names");
        Volumes = Path.Join(dataRoot, "volumes");
        ExecRoot = execRoot;
        RunContainers = Path.Join(execRoot, "containers");
        Events = Path.Join(execRoot, EventLog.FileName);
    }

    public string DataRoot { get; }

    public string ExecRoot { get; }

    public string Containers { get; }

    /// <summary>One symbolic link for each name; its target is the container's id.</summary>
    public string Names { get; }

    public string Volumes { get; }

    /// <summary>Sockets of running containers.</summary>
    public string RunContainers { get; }

    /// <summary>What has happened, in JSON lines.</summary>
    public string Events { get; }

    public ContainerPaths Container(string id) => new(Path.Join(Containers, id), Path.Join(RunContainers, id));

    /// <summary>A container directory under a hidden name.</summary>
    public ContainerPaths Hidden(string id, string why) =>
        new(Path.Join(Containers, $"{HiddenPrefix}{why}-{id}"), Path.Join(RunContainers, id));

    public string Name(string name) => Path.Join(Names, name);

    public string Volume(string name) => Path.Join(Volumes, name);

    /// <summary>What is mounted for a volume.</summary>
    public string VolumeData(string name) => Path.Join(Volumes, name, "_data");

    /// <summary>An unpacked layer, by its chain id.</summary>
    public string Layer(string chainId) => Path.Join(DataRoot, "layers", chainId[(chainId.IndexOf(':', StringComparison.Ordinal) + 1)..], "diff");
}

/// <summary>The files of one container.</summary>
/// <param name="Directory">In the data root.</param>
/// <param name="RunDirectory">In the exec root.</param>
internal sealed record ContainerPaths(string Directory, string RunDirectory)
{
    public string Record => Path.Join(Directory, "container.json");

    public string Bundle => Path.Join(Directory, "bundle");

    public string Config => Path.Join(Bundle, "config.json");

    public string Plan => Path.Join(Directory, "plan.json");

    /// <summary>The networks it is to be in, for the shim.</summary>
    public string Network => Path.Join(Directory, "network.json");

    public string State => Path.Join(Directory, "state.json");

    public string Health => Path.Join(Directory, "health.json");

    /// <summary>Held (flock) by whoever changes the container.</summary>
    public string Lock => Path.Join(Directory, "lock");

    /// <summary>Held (flock) by the living shim.</summary>
    public string ShimLock => Path.Join(Directory, "shim.lock");

    public string Log => Path.Join(Directory, "log.jsonl");

    public string Upper => Path.Join(Directory, "upper");

    public string Work => Path.Join(Directory, "work");

    /// <summary>The empty directory that the root file system is mounted on, in the container's own mount namespace.</summary>
    public string RootFs => Path.Join(Directory, "rootfs");

    /// <summary>Execs that were created, in the exec root: they go with the run of the container.</summary>
    public string Execs => Path.Join(RunDirectory, "execs");

    public string Exec(string id) => Path.Join(Execs, id + ".json");

    /// <summary>Written by the shim when the exec has started and when it has ended.</summary>
    public string ExecStatus(string id) => Path.Join(Execs, id + ".status");

    public string Hostname => Path.Join(Directory, "hostname");

    public string Hosts => Path.Join(Directory, "hosts");

    public string ResolvConf => Path.Join(Directory, "resolv.conf");
}
