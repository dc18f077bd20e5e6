using System.Globalization;
using Vitrine.Engine.Queries;
using Vitrine.Engine.Running;

namespace Vitrine.Engine;

/// <content>Removing what is not used.</content>
public sealed partial class ContainerEngine
{
    /// <summary>Removes all containers that do not run.</summary>
    /// <param name="filters">Docker's: until (a moment), label and label! (all must match).</param>
    /// <param name="cancellation">Honoured between two containers.</param>
    /// <returns>The ids removed, and the bytes they had written.</returns>
    /// <exception cref="VitrineException">Invalid: no such filter, or not a moment.</exception>
    public Task<PruneResult> PruneContainersAsync(IReadOnlyDictionary<string, IReadOnlyList<string>>? filters = null, CancellationToken cancellation = default) =>
        Blocking.Run(() => PruneContainers(new PruneFilters(filters ?? new Dictionary<string, IReadOnlyList<string>>(), _options.Time), cancellation), cancellation);

    private PruneResult PruneContainers(PruneFilters filters, CancellationToken cancellation)
    {
        var removed = new List<string>();
        var bytes = 0L;
        foreach (var found in _containers.All().Where(found => !found.State.HasShim && filters.Matches(found.Record.Created, found.Record.Config.Labels)))
        {
            cancellation.ThrowIfCancellationRequested();
            var size = SizeRw(found, cancellation);
            if (!TryRemoveStopped(found, cancellation))
                continue;
            removed.Add(found.Id);
            bytes += size;
        }
        _happenings.Other("container", "prune", "", "reclaimed", bytes.ToString(CultureInfo.InvariantCulture));
        return new PruneResult(removed, bytes);
    }

    /// <summary>False where it was started or removed in this moment.</summary>
    private bool TryRemoveStopped(Container found, CancellationToken cancellation)
    {
        try
        {
            using var locked = _containers.Lock(found.Id, cancellation);
            if (locked.Container.State.HasShim)
                return false;
            _remover.Remove(locked.Container, withVolumes: false);
            return true;
        }
        catch (VitrineException e) when (e.Kind is ErrorKind.NotFound)
        {
            return false;
        }
    }
}

/// <summary>What was removed because nothing used it.</summary>
/// <param name="Removed">Ids, or the names of volumes.</param>
/// <param name="SpaceReclaimed">Bytes.</param>
public sealed record PruneResult(IReadOnlyList<string> Removed, long SpaceReclaimed);
