using Vitrine.Engine.Bundle;
using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Events;
using Vitrine.Engine.Files;
using Vitrine.Engine.Networks;
using Vitrine.Engine.Running;
using Vitrine.Engine.Storage;
using Vitrine.Engine.Waiting;
using Vitrine.Images;
using Vitrine.Linux;
using Vitrine.Network;
using Vitrine.Oci;

namespace Vitrine.Engine;

/// <summary>
/// Containers, their volumes and images on one data root: what every front end uses. It keeps nothing in memory that
/// the files and the shims do not also say, so any number of engines may work on one root at the same time, in any
/// number of processes. Containers are named by name, full id or an unambiguous prefix of the id.
/// </summary>
/// <remarks>
/// Failures meant for the user are <see cref="VitrineException"/> in Docker's words; a failed system call is a
/// <see cref="Vitrine.Linux.LinuxException"/>. Every look at a container repairs what a crash left of it.
/// </remarks>
public sealed partial class ContainerEngine
{
    /// <summary>How often a long-lived engine's lists sweep: what a crash leaves is in nobody's way, and a sweep looks at every name.</summary>
    private static readonly TimeSpan s_sweepInterval = TimeSpan.FromSeconds(10);

    private readonly EngineOptions _options;
    private readonly ContainerStore _store;
    private readonly VolumeStore _volumes;
    private readonly Lazy<ImageStore> _images;
    private readonly Containers _containers;
    private readonly ContainerCreator _creator;
    private readonly Starter _starter;
    private readonly Remover _remover;
    private readonly Happenings _happenings;
    private readonly ContainerTrees _trees;
    private readonly NetworkKeeper _networks;
    private readonly NetworkRecords _networkRecords;
    private readonly Attachments _attachments;

    /// <summary>When a list swept last, by the clock's timestamp; 0 for never.</summary>
    private long _swept;

    /// <summary>What the last creation found out, for the start that mostly follows at once.</summary>
    private CreatedContainer? _lastCreated;

    public ContainerEngine(EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _store = new ContainerStore(new StorePaths(options.DataRoot, options.ExecRoot));
        _happenings = new Happenings(_store.Paths);
        _volumes = new VolumeStore(_store.Paths, options.Time, _happenings);
        _images = new Lazy<ImageStore>(() => ImageStore.Open(options.DataRoot, ImageUses));
        _networks = new NetworkKeeper(new NetworkStore(new NetworkPaths(options.DataRoot, options.ExecRoot)), options.Time, options.Note);
        _networkRecords = new NetworkRecords(_networks.Store);
        _attachments = new Attachments(_networks.Store, _store);
        var clear = ClearLost(_networks.Store.Paths);
        _remover = new Remover(_store, _volumes, clear, _happenings);
        _containers = new Containers(_store, new Repair(BootId, clear, options.Time), _remover, _happenings, new ContainerReader(options.KeepsRecords));
        _trees = new ContainerTrees(_store, _containers);
        _creator = new ContainerCreator(_store, _volumes, _images, _attachments, options);
        _starter = new Starter(_store, NewBundleWriter(), _remover, options);
    }

    public EngineOptions Options => _options;

    /// <summary>Where everybody waits who has to: no wait takes a thread of its own.</summary>
    public Readiness Readiness { get; } = new();

    /// <summary>Makes a container, without starting it. Every problem of the request is found before anything is written.</summary>
    /// <param name="name">Its name, or null for a random one.</param>
    /// <param name="request">What to run, as POST /containers/create has it.</param>
    /// <param name="creation">What the request itself has no field for.</param>
    /// <param name="cancellation">Honoured until the container becomes visible.</param>
    /// <exception cref="VitrineException">NotFound "No such image: x" where the image is not in the store; Conflict where
    /// the name is taken; Invalid for anything wrong with the request, each problem on a line.</exception>
    public async Task<ContainerCreateResponse> CreateAsync(string? name, ContainerCreateRequest request,
        CreateOptions? creation = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        creation ??= new CreateOptions();
        var id = Entropy.NewId();
        if (creation.StartFollows)
            _starter.Prepare(id);
        try
        {
            var image = creation.RootFs is null ? _images.Value.Get(request.Image) : null;
            if (image is not null)
                await _images.Value.EnsureUnpackedAsync(image, cancellation).ConfigureAwait(false);
            if (new NamespaceMode(request.HostConfig?.NetworkMode ?? "") is { IsHost: false, IsContainer: false, Text: not "none" })
                NetworkErrors.Guard(EnsureNetworks);
            var created = _creator.Create(id, name, request, creation, image, cancellation);
            Interlocked.Exchange(ref _lastCreated, created);
            _happenings.Container(created.Record, "create");
            return new ContainerCreateResponse { Id = created.Record.Id, Warnings = created.Warnings };
        }
        catch
        {
            _starter.Discard(id);
            throw;
        }
    }

    /// <summary>
    /// Says that a container is about to be started, as that of a client is who waits for its start: what takes time is done meanwhile,
    /// and undone where no start comes.
    /// </summary>
    /// <param name="id">Its full id.</param>
    public Task PrepareStartAsync(string id) => Task.Run(() =>
    {
        try
        {
            _starter.Prepare(id);
        }
        catch (LinuxException)
        {
            // The start will say so.
        }
    });

    /// <summary>For a list, which may be asked for many times a second.</summary>
    private void SweepNowAndThen()
    {
        var last = Interlocked.Read(ref _swept);
        if (_options.IsLongLived && last != 0 && _options.Time.GetElapsedTime(last) < s_sweepInterval)
            return;
        Interlocked.Exchange(ref _swept, Math.Max(_options.Time.GetTimestamp(), 1));
        Sweep();
    }

    private void Sweep()
    {
        if (!Directory.Exists(_store.Paths.Containers))
            return;
        _store.Sweep(record => _remover.Finish(record, record.AutoRemove));
        _volumes.Sweep();
    }

    /// <summary>For the image store, which deletes nothing that a container stands on.</summary>
    private List<ImageUse> ImageUses() =>
    [
        .. _containers.All().Select(found => new ImageUse(
            found.Record.ImageId.Length > 0 ? Digest.Parse(found.Record.ImageId) : null,
            found.Id,
            found.State.IsRunning,
            [.. found.Record.Layers.Select(Digest.Parse)])),
    ];

    private int RunningPid(string id) => _containers.Look(id) switch
    {
        null => throw ContainerStore.NoSuch(id),
        { State: { IsRunning: true, Pid: > 0 and var pid } } => pid,
        _ => throw new VitrineException(ErrorKind.Conflict, $"cannot join a namespace of a non running container: {id}"),
    };

    private BundleWriter NewBundleWriter() => new(_store, RunningPid, _volumes.Find, _attachments, _networkRecords, _options.PublishAddress);

    private static string BootId() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
