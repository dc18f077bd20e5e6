using Vitrine.Engine.Docker;
using Vitrine.Engine.Volumes;

namespace Vitrine.Engine;

/// <content>Volumes.</content>
public sealed partial class ContainerEngine
{
    private static readonly Dictionary<string, IReadOnlyList<string>> s_noFilters = [];

    private VolumeService VolumeService => new(_volumes, _store.Paths, () => _containers.All().Select(found => found.Record), _happenings);

    /// <summary>Makes a volume. One of that name that is there already is left as it is, and is the answer.</summary>
    /// <param name="volume">What to make; null for an anonymous one.</param>
    /// <param name="cancellation">Honoured before anything is written.</param>
    /// <exception cref="VitrineException">Invalid: its name or options; NotFound: its driver.</exception>
    public Task<Volume> CreateVolumeAsync(VolumeCreateOptions? volume = null, CancellationToken cancellation = default) => Blocking.Now(() =>
    {
        _store.EnsureExists();
        return VolumeService.Create(volume ?? new VolumeCreateOptions());
    }, cancellation);

    /// <summary>Volumes by name.</summary>
    /// <param name="filters">Docker's: dangling, driver, label, name.</param>
    /// <param name="usage">Fill in UsageData, which walks the files.</param>
    /// <param name="cancellation">Cancels the walk.</param>
    /// <exception cref="VitrineException">Invalid: no such filter.</exception>
    public Task<VolumeListResponse> ListVolumesAsync(IReadOnlyDictionary<string, IReadOnlyList<string>>? filters = null, bool usage = false,
        CancellationToken cancellation = default) =>
        Blocking.Now(() => VolumeService.List(filters ?? s_noFilters, usage, cancellation), cancellation);

    /// <summary>One volume.</summary>
    /// <exception cref="VitrineException">NotFound.</exception>
    public Task<Volume> InspectVolumeAsync(string name, CancellationToken cancellation = default) =>
        Blocking.Now(() => VolumeService.Inspect(name), cancellation);

    /// <summary>Removes a volume with what is in it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="force">That it is not there is no error.</param>
    /// <param name="cancellation">Ends the wait for containers that are being made.</param>
    /// <exception cref="VitrineException">NotFound; Conflict: a container has it, running or not.</exception>
    public Task RemoveVolumeAsync(string name, bool force = false, CancellationToken cancellation = default) => Blocking.Now(() =>
    {
        _store.EnsureExists();
        VolumeService.Remove(name, force, cancellation);
        return true;
    }, cancellation);

    /// <summary>Removes the anonymous volumes that no container has, with the filter <c>all</c> the named ones too.</summary>
    /// <param name="filters">Docker's: all, label, label!.</param>
    /// <param name="cancellation">Honoured between volumes.</param>
    /// <exception cref="VitrineException">Invalid: no such filter.</exception>
    public Task<VolumesPruneReport> PruneVolumesAsync(IReadOnlyDictionary<string, IReadOnlyList<string>>? filters = null,
        CancellationToken cancellation = default) => Blocking.Now(() =>
    {
        _store.EnsureExists();
        return VolumeService.Prune(filters ?? s_noFilters, cancellation);
    }, cancellation);
}
