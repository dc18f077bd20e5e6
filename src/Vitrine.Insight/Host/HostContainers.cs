using System.Globalization;
using Vitrine.Insight.Stores;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Host;

/// <summary>Where <see cref="HostContainers"/> reads.</summary>
public sealed record HostOptions
{
    /// <summary>Put before every absolute path of the host that is read; empty for the real host, a recorded tree in tests.</summary>
    public string HostRoot { get; init; } = "";

    /// <summary>Vitrine's own store.</summary>
    public string DataRoot { get; init; } = "/var/lib/vitrine";

    /// <summary>What Vitrine keeps until a reboot.</summary>
    public string ExecRoot { get; init; } = "/run/vitrine";
}

/// <summary>
/// All containers that run on this host, of every engine and of none, from one walk over /proc and the engines' public files;
/// and the one way from what a person types - a name, an id, the beginning of one, a pid - to a container.
/// </summary>
/// <remarks>
/// Names are foreign text: neutralise them where they are printed. A pid is only good together with its start time.
/// Without root less is seen: <see cref="Missing"/> says what.
/// </remarks>
public sealed class HostContainers : IDisposable
{
    private const int ShortestPlainId = 12;

    private readonly HostOptions options;
    private readonly ProcFs proc;
    private readonly HostSnapshot host;
    private readonly ContainerGrouping grouping;
    private readonly EngineRecords records;
    private readonly Dictionary<ContainerGroup, HostContainer> described = [];
    private List<HostContainer>? all;

    private HostContainers(HostOptions options)
    {
        this.options = options;
        proc = new ProcFs(options.HostRoot + "/proc");
        host = HostSnapshot.Take(proc);
        grouping = ContainerGrouping.Of(host);
        records = new EngineRecords(host, proc, options);
    }

    /// <summary>Looks at the host now.</summary>
    /// <exception cref="LinuxException">There is no procfs.</exception>
    public static HostContainers Read(HostOptions? options = null) => new(options ?? new HostOptions());

    /// <summary>Lets go of the engines' directories.</summary>
    public void Dispose() => records.Dispose();

    /// <summary>Every container, by the pid of its first process. One within another comes for itself, with <see cref="HostContainer.OuterPid"/>.</summary>
    public IReadOnlyList<HostContainer> All => all ??= grouping.Groups.Select(Describe).ToList();

    /// <summary>All processes that were seen, in containers or not; no threads of the kernel.</summary>
    public IReadOnlyCollection<HostProcess> Processes => host.Processes;

    /// <summary>The host's namespaces by <see cref="NamespaceKind"/>: pid 1's, or this reader's where it may not look at pid 1.</summary>
    public IReadOnlyList<ulong> HostNamespaces => host.HostNamespaces;

    /// <summary>What this reader could not see, a sentence each; empty for root, but for files of an engine that are damaged.</summary>
    public IReadOnlyList<string> Missing
    {
        get
        {
            var missing = new List<string>();
            if (host.Unreadable > 0)
                missing.Add($"{host.Unreadable} processes may not be looked at here (/proc is mounted with hidepid): run as root to see all");
            if (host.HidesOthers)
                missing.Add("processes of other users are not listed here (/proc is mounted with hidepid), nor can they be counted: run as root to see all");
            if (host.WithoutNamespaces > 0)
                missing.Add($"the namespaces of {host.WithoutNamespaces} processes of other users are not shown to this one: containers without an engine may be missing, and names; run as root to see all");
            missing.AddRange(records.Missing);
            return missing;
        }
    }

    /// <summary>Put before every absolute path of the host.</summary>
    internal string HostRoot => options.HostRoot;

    internal HostSnapshot Snapshot => host;

    /// <summary>The innermost container that a process is in; null for one of the host, or that was not seen.</summary>
    public HostContainer? Of(int pid) => grouping.Of(pid) is { } group ? Describe(group) : null;

    /// <summary>
    /// The container that a text means: in this order a name or a whole id, a pid, the beginning of an id. A number is a pid
    /// while such a process runs, unless it has twelve digits of an id. <c>ENGINE:TEXT</c> looks at one engine's only. A pod's
    /// container is also found as NAMESPACE/POD/CONTAINER, and as CONTAINER alone.
    /// </summary>
    /// <returns>The container, or the process alone where a pid is none's.</returns>
    /// <exception cref="VitrineException">NotFound: nothing is called so, or the process is none that can be explained;
    /// Conflict: several are, or it does not run.</exception>
    public (HostContainer? Container, int Pid) Resolve(string text)
    {
        var (engine, wanted) = Split(text);
        if (One(engine, wanted, text, Matches) is { } named)
            return (named, named.Pid);
        if (engine is null && int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0 && wanted.Length < ShortestPlainId)
        {
            if (host.Find(pid) is not null)
                return (Of(pid), pid);
            if (Stat(pid) is { } stat)
                throw new VitrineException(ErrorKind.NotFound, NotAProcess(pid, stat));
        }

        if (wanted.Length > 0 && One(engine, wanted, text, (container, start) => container.Id?.StartsWith(start, StringComparison.Ordinal) == true) is { } begun)
            return (begun, begun.Pid);
        throw NotFound(engine, wanted);
    }

    /// <summary>What to explain: <see cref="Resolve"/>, with what the engine's files say of the container.</summary>
    /// <exception cref="VitrineException">As <see cref="Resolve"/>.</exception>
    public ExplainTarget Target(string text)
    {
        var (container, pid) = Resolve(text);
        return new ExplainTarget { Pid = pid, Hints = container is null ? null : Hints(container), Host = host };
    }

    /// <summary>What a container's engine knows of it that the kernel does not.</summary>
    public ContainerHints Hints(HostContainer container)
    {
        if (container is { Engine: "vitrine", Id: { } id } && Store(container) is { } store && Known(store, id) is { } stored)
            return Outside(store.Hints(stored));
        var image = container.Record?.ReadImage?.Invoke();
        return new ContainerHints
        {
            ImageCreated = image?.Config?.Created,
            ImageEnvironment = image?.Config?.Config?.Env ?? [],
            Layers = image?.Layers ?? [],
            LayerRoot = image?.LayerRoot,
            Ports = container.Ports,
            Runtime = container.Runtime,
            Engine = container.Engine is HostContainer.NoEngine or "unknown" ? null : container.Engine,
            Id = container.Id,
            Name = container.Name,
            Image = container.Image,
            SpecPath = container.SpecPath,
            FilesWithEnvironment = container.FilesWithEnvironment,
        };
    }

    /// <summary>A store that was read through a process's root names its directories so; the mount table has them as they are without.</summary>
    private static ContainerHints Outside(ContainerHints hints) => hints with
    {
        Layers = [.. hints.Layers.Select(layer => layer with { Directory = WithoutRoot(layer.Directory) })],
        Volumes = [.. hints.Volumes.Select(volume => volume with { Directory = WithoutRoot(volume.Directory) })],
    };

    private static string WithoutRoot(string path)
    {
        const string root = "/root/";
        if (!path.StartsWith("/proc/", StringComparison.Ordinal))
            return path;
        var end = path.IndexOf(root, StringComparison.Ordinal);
        return end < 0 ? path : path[(end + root.Length - 1)..];
    }

    private static (string? Engine, string Text) Split(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && EngineMarks.IsEngine(text[..colon]) ? (text[..colon], text[(colon + 1)..]) : (null, text);
    }

    private static bool Matches(HostContainer container, string wanted)
    {
        if (container.Id == wanted || (container.Name is { } name && (name == wanted || (wanted.StartsWith('/') && wanted.AsSpan(1).SequenceEqual(name)))))
            return true;
        return container.Kubernetes is { } place && (place.Container == wanted || (place.Title is { } title && $"{place.Namespace}/{title}" == wanted));
    }

    private HostContainer? One(string? engine, string wanted, string text, Func<HostContainer, string, bool> matches)
    {
        var found = All.Where(container => (engine is null || container.Engine == engine) && matches(container, wanted)).ToList();
        return found.Count < 2 ? found.FirstOrDefault() : throw new VitrineException(ErrorKind.Conflict,
            $"several containers are meant by {text}: {string.Join(", ", found.Select(container => $"{container.Title} with pid {container.Pid}"))}; say more of the id, the engine as in {found[0].Engine}:{wanted}, or a pid");
    }

    private VitrineException NotFound(string? engine, string wanted)
    {
        if (engine is null or "vitrine")
        {
            try
            {
                if (new VitrineStore(options.HostRoot + options.DataRoot, proc).Find(wanted) is { } stored)
                    return new VitrineException(ErrorKind.Conflict, $"container {stored.Id} is not running");
            }
            catch (UnauthorizedAccessException e)
            {
                return new VitrineException(ErrorKind.Unavailable, $"{options.DataRoot} may only be read by root: run as root, or name a process by its pid", e);
            }
        }

        var unseen = host.HidesOthers || host.WithoutNamespaces + host.Unreadable > 0 ? " that this user may see: run as root to look at all" : "";
        return int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            ? new VitrineException(ErrorKind.NotFound, $"No such container or process: {pid}{unseen}")
            : new VitrineException(ErrorKind.NotFound, $"No such container: {wanted}{unseen}");
    }

    private ProcStat? Stat(int pid)
    {
        try
        {
            return proc.Stat(pid);
        }
        catch (LinuxException e) when (e.Errno is Errno.EACCES or Errno.EPERM)
        {
            throw new VitrineException(ErrorKind.Unavailable, $"process {pid} may not be looked at by this user (/proc is mounted with hidepid): run as root", e);
        }
    }

    private static string NotAProcess(int pid, ProcStat stat) => stat.IsDead
        ? $"process {pid} has ended; only its exit code remains"
        : $"process {pid} is a thread of the kernel: it has no files, no root and no environment";

    private HostContainer Describe(ContainerGroup group)
    {
        if (described.TryGetValue(group, out var known))
            return known;
        var (engine, id, record) = records.Of(group);
        return described[group] = new HostContainer
        {
            Engine = engine,
            Id = id,
            Name = record.Name,
            Image = record.Image,
            Kubernetes = record.Kubernetes,
            Pid = group.First.Pid,
            StartTime = StartTime(group.First.Pid),
            Supervisor = group.Supervisor,
            Members = group.Members.ConvertAll(member => new ContainerMember(member, RoleOf(member, group))),
            OuterPid = group.Outer?.First.Pid,
            Record = record,
            SpecPath = record.SpecPath,
            FilesWithEnvironment = record.FilesWithEnvironment,
        };
    }

    private MemberRole RoleOf(HostProcess member, ContainerGroup group)
    {
        if (member.Pid == group.First.Pid)
            return MemberRole.First;
        // A parent in a container within this one is no stranger: its child was given to the host's namespaces or back to these.
        for (var parent = grouping.Of(member.ParentPid); parent is not null; parent = parent.Outer)
        {
            if (parent == group)
                return MemberRole.Child;
        }

        return MemberRole.Joined;
    }

    private ulong StartTime(int pid)
    {
        try
        {
            return proc.StartTime(pid) ?? 0;
        }
        catch (LinuxException)
        {
            return 0; // hidepid
        }
    }

    /// <summary>The store that a container's files are in, which need not be the one asked about.</summary>
    private VitrineStore? Store(HostContainer container)
    {
        const string inStore = "/bundle/config.json";
        var root = options.HostRoot + options.DataRoot;
        if (container.SpecPath is { } path && path.EndsWith(inStore, StringComparison.Ordinal))
            root = Path.GetDirectoryName(Path.GetDirectoryName(path[..^inStore.Length]))!;
        return Directory.Exists(root) ? new VitrineStore(root, proc, options.ExecRoot) : null;
    }

    private static StoredContainer? Known(VitrineStore store, string id)
    {
        try
        {
            return store.Find(id);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or VitrineException)
        {
            return null;
        }
    }
}
