using Vitrine.Engine.Docker;
using Vitrine.Engine.Queries;

namespace Vitrine.Engine;

/// <content>Looking, without changing.</content>
public sealed partial class ContainerEngine
{
    /// <summary>Containers, the newest first.</summary>
    public Task<IReadOnlyList<ContainerSummary>> ListAsync(ListOptions? list = null, CancellationToken cancellation = default) =>
        Blocking.Now(() => List(list ?? new ListOptions(), cancellation), cancellation);

    /// <summary>Everything about one container.</summary>
    /// <param name="container">Name or id.</param>
    /// <param name="size">Count SizeRw and SizeRootFs too, which walks the files.</param>
    /// <param name="cancellation">Cancels the walk.</param>
    public Task<ContainerInspect> InspectAsync(string container, bool size = false, CancellationToken cancellation = default) =>
        Blocking.Now(() =>
        {
            var found = _containers.Get(container);
            var inspect = ContainerRecords.Inspect(found, _store.Paths, _networkRecords) with { ExecIds = ExecIds(found) };
            return size ? inspect with { SizeRw = SizeRw(found, cancellation), SizeRootFs = SizeRootFs(found, cancellation) } : inspect;
        }, cancellation);

    /// <summary>The processes of a running container, as the host's ps(1) prints them.</summary>
    /// <param name="container">Name or id.</param>
    /// <param name="arguments">Arguments of ps; -ef where empty.</param>
    /// <param name="cancellation">Honoured before ps starts.</param>
    /// <exception cref="VitrineException">Conflict: it does not run; Invalid: ps refuses the arguments, or its output has no PID column.</exception>
    public Task<TopResponse> TopAsync(string container, IReadOnlyList<string>? arguments = null, CancellationToken cancellation = default) =>
        Blocking.Run(() =>
        {
            var found = _containers.Get(container);
            if (!found.State.IsRunning)
                throw found.NotRunning();
            _happenings.Container(found.Record, "top");
            return ProcessList.Of(Running.CgroupCleaner.Processes(found.Record.CgroupPath), arguments is { Count: > 0 } ? arguments : ["-ef"]);
        }, cancellation);

    private IReadOnlyList<ContainerSummary> List(ListOptions list, CancellationToken cancellation)
    {
        SweepNowAndThen();
        var networks = _networkRecords.ForList();
        var filters = list.Filters is { Count: > 0 } asked ? new ListFilters(asked, _containers.Get, Identify, found => Networks(found, networks)).Checked() : null;
        var all = list.All || list.Limit > 0 || filters is { ImpliesAll: true };
        var now = _options.Time.GetUtcNow();
        var found = new List<Running.Container>();
        foreach (var container in _containers.All())
        {
            cancellation.ThrowIfCancellationRequested();
            if ((all || container.State.HasShim) && filters?.Matches(container) is not false)
                found.Add(container);
        }
        IEnumerable<Running.Container> newest = found.OrderByDescending(container => container.Record.Created);
        if (list.Limit > 0)
            newest = newest.Take(list.Limit);
        var images = new Dictionary<string, string?>(StringComparer.Ordinal);
        return [.. newest.Select(container => Named(Summary(container, networks, list.Size, now, cancellation), images))];
    }

    /// <summary>The container with its image's id in the place of a name that is another image's by now, or nobody's.</summary>
    /// <param name="summary">The container.</param>
    /// <param name="images">What names lead to, as far as that is known.</param>
    private ContainerSummary Named(ContainerSummary summary, Dictionary<string, string?> images)
    {
        if (summary.ImageId.Length == 0)
            return summary;
        if (!images.TryGetValue(summary.Image, out var id))
            images[summary.Image] = id = Identify(summary.Image)?.Id;
        return id == summary.ImageId ? summary : summary with { Image = summary.ImageId };
    }

    private ContainerSummary Summary(Running.Container found, Networks.NetworkRecords networks, bool size, DateTimeOffset now, CancellationToken cancellation)
    {
        var summary = ContainerRecords.Summary(found, _store.Paths, networks, now);
        return size ? summary with { SizeRw = SizeRw(found, cancellation), SizeRootFs = SizeRootFs(found, cancellation) } : summary;
    }

    private static ListedNetworks Networks(Running.Container found, Networks.NetworkRecords networks)
    {
        var sandbox = found.State.HasShim ? networks.Sandbox(found.Id) : null;
        return new ListedNetworks(networks.Endpoints(found.Record, sandbox), Engine.Networks.NetworkRecords.List(found.Record, sandbox));
    }

    private ImageIdentity? Identify(string image)
    {
        try
        {
            return _images.Value.Find(image) is { } found ? new(found.Id.ToString(), [.. found.ChainIds.Select(chain => chain.ToString())]) : null;
        }
        catch (VitrineException)
        {
            // Not a name an image can have: no container comes from it.
            return null;
        }
    }

    private static long SizeRw(Running.Container found, CancellationToken cancellation) =>
        found.Record.RootFs is null ? TreeSize.Of(found.Paths.Upper, cancellation) : 0;

    private long SizeRootFs(Running.Container found, CancellationToken cancellation) => found.Record.RootFs is { } directory
        ? TreeSize.Of(directory, cancellation)
        : found.Record.Layers.Sum(layer => TreeSize.Of(_store.Paths.Layer(layer), cancellation)) + SizeRw(found, cancellation);
}
