using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Events;
using Vitrine.Engine.Queries;
using Vitrine.Engine.Storage;
using Vitrine.Linux;

namespace Vitrine.Engine.Volumes;

/// <summary>Volumes as users see them: docker's rules and words over the store's.</summary>
/// <param name="store">The volumes.</param>
/// <param name="paths">Where they are.</param>
/// <param name="containers">The records of all containers.</param>
/// <param name="happenings">Who is told.</param>
internal sealed class VolumeService(VolumeStore store, StorePaths paths, Func<IEnumerable<ContainerRecord>> containers, Happenings happenings)
{
    public Volume Create(VolumeCreateOptions wanted)
    {
        var named = wanted.Name.Length > 0;
        var name = named ? wanted.Name : Entropy.NewId();
        if (LocalDriver.Problem(wanted.Driver, wanted.DriverOpts) is { } problem)
            throw new VitrineException(wanted.Driver is "" or LocalDriver.Name ? ErrorKind.Invalid : ErrorKind.NotFound, $"create {name}: {problem}");
        if (NameProblem(name) is { } wrong)
            throw new VitrineException(ErrorKind.Invalid, $"create {name}: {wrong}");
        using var hold = store.Hold();
        store.Ensure(name, !named, wanted.Labels, fill: null, wanted.DriverOpts);
        return Inspect(name);
    }

    public Volume Inspect(string name) => Get("get", name).ToDocker(paths.VolumeData(name));

    public VolumeListResponse List(IReadOnlyDictionary<string, IReadOnlyList<string>> wanted, bool usage, CancellationToken cancellation)
    {
        var filters = new VolumeFilters(wanted, "dangling", "driver", "label", "name").Checked();
        var users = Users();
        var found = new List<Volume>();
        foreach (var record in Records())
        {
            var count = users[record.Name].Count();
            if (!filters.Matches(record, count > 0))
                continue;
            var data = paths.VolumeData(record.Name);
            var volume = record.ToDocker(data);
            found.Add(usage ? volume with { UsageData = new VolumeUsageData { RefCount = count, Size = TreeSize.Of(data, cancellation) } } : volume);
        }

        return new VolumeListResponse { Volumes = found };
    }

    /// <summary>Removes a volume that no container has.</summary>
    public void Remove(string name, bool force, CancellationToken cancellation)
    {
        using var alone = store.HoldAlone(cancellation);
        if (force && Find(name) is null)
            return;
        Get("get", name);
        if (Users()[name].ToList() is { Count: > 0 } users)
            throw new VitrineException(ErrorKind.Conflict, $"remove {name}: volume is in use - [{string.Join(", ", users)}]");
        Delete(name);
    }

    /// <summary>Removes all volumes that no container has; named ones only with the filter all.</summary>
    public VolumesPruneReport Prune(IReadOnlyDictionary<string, IReadOnlyList<string>> wanted, CancellationToken cancellation)
    {
        var filters = new VolumeFilters(wanted, "all", "label", "label!").Checked();
        using var alone = store.HoldAlone(cancellation);
        var users = Users();
        var deleted = new List<string>();
        var space = 0L;
        foreach (var record in Records())
        {
            if (users[record.Name].Any() || !record.Anonymous && !filters.IsOn("all") || !filters.Matches(record, isUsed: false))
                continue;
            space += TreeSize.Of(paths.VolumeData(record.Name), cancellation);
            Delete(record.Name);
            deleted.Add(record.Name);
        }

        happenings.Other("volume", "prune", "", "reclaimed", $"{space}");
        return new VolumesPruneReport { VolumesDeleted = deleted, SpaceReclaimed = space };
    }

    /// <summary>What is wrong with a volume's name, in docker's words; null where nothing is.</summary>
    public static string? NameProblem(string name)
    {
        if (name.Length == 1)
            return "volume name is too short, names should be at least two alphanumeric characters";
        return ObjectName.IsValid(name)
            ? null
            : $"\"{name}\" includes invalid characters for a local volume name, only \"{ObjectName.AllowedCharacters}\" are allowed. "
                + "If you intended to pass a host directory, use absolute path";
    }

    private void Delete(string name)
    {
        // Left over from a shim that was killed: whatever is mounted must not be deleted with the directory.
        while (MountTable.Unmount(paths.VolumeData(name)))
        {
        }

        store.Remove(name);
    }

    private IEnumerable<VolumeRecord> Records() => store.Names().Select(store.Find).OfType<VolumeRecord>();

    private VolumeRecord? Find(string name) => ObjectName.IsValid(name) ? store.Find(name) : null;

    private VolumeRecord Get(string verb, string name) => Find(name) ?? throw new VitrineException(ErrorKind.NotFound, $"{verb} {name}: no such volume");

    /// <summary>The containers of each volume.</summary>
    private ILookup<string, string> Users() => containers()
        .SelectMany(container => container.Mounts.Where(mount => mount.IsVolume).Select(mount => (Volume: mount.Name!, container.Id)).Distinct())
        .ToLookup(use => use.Volume, use => use.Id, StringComparer.Ordinal);
}
