using Vitrine.Insight.Host;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Stores;

/// <summary>What the engines' public files say of running containers, found by cgroup and supervisor. Files are read once.</summary>
/// <param name="host">The host's processes.</param>
/// <param name="proc">Where supervisors' arguments are read.</param>
/// <param name="options">What stands for the host's "/", and where Vitrine's own store is if no shim tells of another.</param>
internal sealed class EngineRecords(HostSnapshot host, ProcFs proc, HostOptions options) : IDisposable
{
    private const string ContainerdTasks = "/run/containerd/io.containerd.runtime.v2.task";

    private static readonly string[] StorageDirectories =
        ["/run/containers/storage/overlay-containers", "/var/lib/containers/storage/overlay-containers"];

    private readonly Dictionary<string, StoreFiles> roots = [];
    private readonly Dictionary<(string Root, string Directory), PodmanRecords> lists = [];
    private readonly Dictionary<(string Root, string Directory), PodmanDatabase> podmanDatabases = [];
    private readonly Dictionary<(string Root, string Directory), ContainerdRecords> databases = [];
    private readonly Dictionary<int, SupervisorLine?> lines = [];
    private List<(StoreFiles Files, string Root)>? dockerRoots;

    /// <summary>What of the files that were read so far could not be, a sentence each.</summary>
    public IEnumerable<string> Missing => podmanDatabases.Values.Select(database => database.Missing).OfType<string>();

    /// <summary>The engine and id of a group, and all that is known beyond.</summary>
    public (string Engine, string? Id, ContainerRecord Record) Of(ContainerGroup group)
    {
        var line = group.Supervisor is { } supervisor ? Line(supervisor) : null;
        var engine = line?.Engine ?? group.Mark?.Engine ?? (group.Supervisor is null ? null : EngineMarks.FromSupervisor(group.Supervisor.Command)?.Engine);
        var id = group.Mark?.Id ?? line?.Id;
        var record = id is null ? new ContainerRecord() : Find(engine, id, group.Supervisor, line);
        if (id is null)
            return (engine ?? HostContainer.NoEngine, null, record);
        if (EngineMarks.PodOf(group.First.Place.Key.Path) is { } uid)
            record = record with { Kubernetes = (record.Kubernetes ?? new KubernetesPlace()) with { PodUid = record.Kubernetes?.PodUid ?? uid } };
        // Only docker and vitrine, which have records of their own, know better than the annotations whose they are.
        engine = record.Engine ?? engine;
        return (engine ?? "unknown", id, record with { Name = record.Name ?? line?.Name ?? (IsDigest(id) ? null : id) });
    }

    public void Dispose()
    {
        foreach (var database in databases.Values)
            database.Dispose();
        foreach (var files in roots.Values)
            files.Dispose();
    }

    private ContainerRecord Find(string? engine, string id, HostProcess? supervisor, SupervisorLine? line)
    {
        // Ids become parts of paths. Engines have no other characters in them; a hostile process may.
        if (id.Contains('/', StringComparison.Ordinal) || id is "." or "..")
            return new ContainerRecord();
        var files = Files(supervisor);
        return engine switch
        {
            "vitrine" => Vitrine(files, id, line) ?? new ContainerRecord(),
            "docker" => Docker(files, id, supervisor),
            "podman" or "cri-o" => Storage(files, id, line),
            "containerd" => Containerd(files, id, supervisor),
            null => Anyone(files, id, supervisor, line),
            _ => new ContainerRecord(),
        };
    }

    /// <summary>An id that the cgroup does not tell the engine of, as in a kubelet's cgroupfs hierarchy.</summary>
    private ContainerRecord Anyone(StoreFiles files, string id, HostProcess? supervisor, SupervisorLine? line)
    {
        var found = Containerd(files, id, supervisor);
        if (found.SpecPath is not null)
            return found with { Engine = found.Engine ?? "containerd" };
        found = Storage(files, id, line);
        return found.SpecPath is not null || found.Name is not null ? found with { Engine = found.Engine ?? "podman" } : found;
    }

    private ContainerRecord? Vitrine(StoreFiles files, string id, SupervisorLine? line)
    {
        foreach (var directory in (ReadOnlySpan<string?>)[line?.Directory, $"{options.DataRoot}/containers/{id}"])
        {
            if (directory is not null && files.Read($"{directory}/container.json", utf8 => StoredContainerReader.ReadRecord(utf8, id)) is { } stored)
            {
                var record = new ContainerRecord
                {
                    Engine = "vitrine",
                    Name = stored.Name,
                    Image = stored.Image,
                    Ports = files.Read($"{directory}/network.json", StoredContainerReader.ReadExecRoot) is { } execRoot ? StoredNetwork.Ports(files, execRoot, id) : [],
                    FilesWithEnvironment = [files.OnHost($"{directory}/container.json")],
                };
                return record.Or(SpecAt($"{directory}/bundle", files));
            }
        }

        return null;
    }

    private ContainerRecord Docker(StoreFiles files, string id, HostProcess? supervisor)
    {
        var bundle = BundleOf(supervisor, id) ?? $"{ContainerdTasks}/moby/{id}";
        var record = DockerRecords.Find(files, DockerRecords.DefaultRoot, id, Containerd);
        foreach (var (place, root) in record is null ? DockerRoots() : [])
            record ??= DockerRecords.Find(place, root, id, Containerd);
        // The daemon is away, or has its root from a file: the bundle shows where the container's files are.
        if (record is null && files.Read($"{bundle}/config.json", SpecAnnotations.Read) is { } spec && DockerRecords.RootOf(spec, id) is { } named)
            record = DockerRecords.Find(files, named, id, Containerd);
        return (record ?? new ContainerRecord { Engine = "docker" }).Or(SpecAt(bundle, files)) with { Runtime = ShimOptions.Runtime(files, bundle) };

        ContainerdRecords Containerd() => Database(files, bundle);
    }

    private ContainerRecord Containerd(StoreFiles files, string id, HostProcess? supervisor)
    {
        foreach (var bundle in (ReadOnlySpan<string?>)[BundleOf(supervisor, id), $"{ContainerdTasks}/k8s.io/{id}", $"{ContainerdTasks}/default/{id}"])
        {
            if (bundle is not null && files.Read($"{bundle}/config.json", SpecAnnotations.Read) is { } spec)
                return Known(files, bundle, id, spec.ToRecord()).Or(SpecAt(bundle, files)) with { Runtime = ShimOptions.Runtime(files, bundle) };
        }

        return new ContainerRecord();
    }

    /// <summary>With what containerd's database adds.</summary>
    private ContainerRecord Known(StoreFiles files, string bundle, string id, ContainerRecord record)
    {
        if (Path.GetFileName(Path.GetDirectoryName(bundle)) is not { Length: > 0 } space)
            return record;
        var database = Database(files, bundle);
        var image = database.ImageName(space, id);
        return record with { Image = record.Image ?? image, ReadImage = image is null ? null : () => database.Image(space, image) };
    }

    /// <summary>containerd's root is where the bundle's link to the working directory leads.</summary>
    private ContainerdRecords Database(StoreFiles files, string bundle)
    {
        var root = ContainerdRecords.RootOf(files.Link($"{bundle}/work")) ?? ContainerdRecords.DefaultRoot;
        if (!databases.TryGetValue((files.OnHost(""), root), out var database))
            databases[(files.OnHost(""), root)] = database = new ContainerdRecords(files, root);
        return database;
    }

    private ContainerRecord Storage(StoreFiles files, string id, SupervisorLine? line)
    {
        var record = new ContainerRecord();
        foreach (var directory in (ReadOnlySpan<string?>)[PodmanRecords.DirectoryOf(line?.Bundle), .. StorageDirectories])
        {
            if (directory is null)
                continue;
            record = record.Or(List(files, directory).Find(id)).Or(OfPodman(files, directory).Find(id));
            var list = directory;
            if (record is { ReadImage: null, ImageId: { } image })
                record = record with { ReadImage = () => PodmanImages.Find(files, list, image) };

            var bundle = $"{directory}/{id}/userdata";
            if (record.SpecPath is null && files.Read($"{bundle}/config.json", SpecAnnotations.Read) is { } spec)
            {
                var annotated = spec.ToRecord().Or(SpecAt(bundle, files));
                record = annotated.Kubernetes is null ? record.Or(annotated) : annotated.Or(record);
            }

            if (record is { SpecPath: not null, Name: not null })
                break;
        }

        return record with { Runtime = line?.Runtime };
    }

    private static ContainerRecord SpecAt(string bundle, StoreFiles files)
    {
        var path = files.OnHost($"{bundle}/config.json");
        return bundle.Length == 0 ? new ContainerRecord() : new ContainerRecord { SpecPath = path, FilesWithEnvironment = [path] };
    }

    /// <summary>
    /// containerd's shim works in its bundle, TASKS/NAMESPACE/ID; the bundles of other containers that it holds are beside that.
    /// </summary>
    private string? BundleOf(HostProcess? supervisor, string id)
    {
        if (supervisor is null || !supervisor.Command.StartsWith("containerd-shim", StringComparison.Ordinal))
            return null;
        try
        {
            return proc.Link(supervisor.Pid, "cwd") is { Length: > 1 } bundle ? $"{Path.GetDirectoryName(bundle)}/{id}" : null;
        }
        catch (LinuxException)
        {
            return null; // Another user's: the usual places remain.
        }
    }

    private List<(StoreFiles Files, string Root)> DockerRoots()
    {
        if (dockerRoots is not null)
            return dockerRoots;
        dockerRoots = [];
        foreach (var process in host.Processes)
        {
            if (process.Command == "dockerd" && DockerRecords.RootOf(Arguments(process.Pid)) is { } root)
                dockerRoots.Add((Files(process), root));
        }

        return dockerRoots;
    }

    private PodmanRecords List(StoreFiles files, string directory)
    {
        if (!lists.TryGetValue((files.OnHost(""), directory), out var list))
            lists[(files.OnHost(""), directory)] = list = PodmanRecords.Read(files, directory);
        return list;
    }

    private PodmanDatabase OfPodman(StoreFiles files, string directory)
    {
        if (!podmanDatabases.TryGetValue((files.OnHost(""), directory), out var database))
            podmanDatabases[(files.OnHost(""), directory)] = database = new PodmanDatabase(files, directory);
        return database;
    }

    private SupervisorLine? Line(HostProcess supervisor)
    {
        if (!lines.TryGetValue(supervisor.Pid, out var line))
            lines[supervisor.Pid] = line = EngineMarks.FromSupervisor(supervisor.Command) is null ? null : SupervisorLine.Parse(supervisor.Command, Arguments(supervisor.Pid));
        return line;
    }

    private IReadOnlyList<string> Arguments(int pid)
    {
        try
        {
            return proc.CommandLine(pid) ?? [];
        }
        catch (LinuxException)
        {
            return [];
        }
    }

    /// <summary>Files as an engine's process sees them: engines in containers and in mount namespaces have roots of their own.</summary>
    private StoreFiles Files(HostProcess? engine)
    {
        var mounts = engine?.Namespace(NamespaceKind.Mount) ?? 0;
        var root = mounts == 0 || mounts == host.HostNamespaces[(int)NamespaceKind.Mount] ? options.HostRoot : proc.PathOf(engine!.Pid, "root");
        if (!roots.TryGetValue(root, out var files))
            roots[root] = files = new StoreFiles(root);
        return files;
    }

    private static bool IsDigest(string id) => id.Length == 64;
}
