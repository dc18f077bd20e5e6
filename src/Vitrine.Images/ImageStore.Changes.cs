using Vitrine.Images.Store;
using Vitrine.Linux;
using Vitrine.Oci;

namespace Vitrine.Images;

/// <content>Names and removal.</content>
public sealed partial class ImageStore
{
    /// <summary>Gives an image a further name, taking that name from any other image.</summary>
    /// <exception cref="VitrineException">NotFound; Invalid: not a name that can be given.</exception>
    public void Tag(string source, ImageReference target)
    {
        if (target.Digest is not null)
            throw new VitrineException(ErrorKind.Invalid, "refusing to create a tag with a digest reference");
        if (target.FamiliarRepository is "sha256" or "sha512")
            throw new VitrineException(ErrorKind.Invalid, "refusing to create an ambiguous tag using digest algorithm as name");

        using var exclusive = FileLock.Acquire(_paths.IndexLock);
        var table = _index.Read();
        var id = FindId(table, source) ?? throw NoSuchImage(source);
        _index.Write(table.With(target, table.Of(id)[0]));
    }

    /// <summary>Takes a name from an image, and removes the image with its last name.</summary>
    /// <param name="nameOrId">By name: that name goes. By id: all names, if they are of one repository.</param>
    /// <param name="force">Also where stopped containers use it or, by id, where it has several names.</param>
    /// <returns>What was done, as <c>docker rmi</c> prints it.</returns>
    /// <exception cref="VitrineException">NotFound; Conflict, in docker's words.</exception>
    public IReadOnlyList<ImageRemoval> Remove(string nameOrId, bool force = false)
    {
        var removals = new List<ImageRemoval>();
        IReadOnlyList<RemovedLayer> layers = [];
        using (FileLock.Acquire(_paths.IndexLock))
        {
            var table = _index.Read();
            var id = FindId(table, nameOrId) ?? throw NoSuchImage(nameOrId);
            var names = table.Of(id).Where(static entry => entry.Name is not null).Select(static entry => entry.Name!).ToList();
            var uses = _uses?.Invoke() ?? [];
            var plan = RemovalPlan.Make(nameOrId, id, names, uses, force);

            removals.AddRange(plan.Untagged.Select(static name => new ImageRemoval(name.Familiar, null)));
            table = plan.Untagged.Aggregate(table, static (rest, name) => rest.Without(name));
            if (plan.DeletesImage)
            {
                table = table.WithoutImage(id);
                removals.Add(new ImageRemoval(null, id.ToString()));
                MarkGarbage();
            }

            _index.Write(table);
            if (plan.DeletesImage)
                layers = TryCollect(table, uses);
        }

        foreach (var layer in layers)
        {
            layer.Delete();
            removals.Add(new ImageRemoval(null, layer.ChainId.ToString()));
        }

        return removals;
    }

    /// <summary>Says that content may exist from now on that nothing refers to.</summary>
    private void MarkGarbage() => File.OpenHandle(_paths.GarbageMarker, FileMode.OpenOrCreate, FileAccess.Write).Dispose();

    /// <summary>Collects what a killed or failed process may have left, if nobody is bringing content in.</summary>
    private void CollectIfIdle()
    {
        if (_uses is null || !File.Exists(_paths.GarbageMarker))
            return;
        IReadOnlyList<RemovedLayer> layers;
        using (var exclusive = FileLock.TryAcquire(_paths.IndexLock))
        {
            if (exclusive is null)
                return;
            layers = TryCollect(_index.Read(), _uses());
        }

        foreach (var layer in layers)
            layer.Delete();
    }

    /// <summary>
    /// Collects unless content is coming in; then the last one to bring some does it. The caller holds the index lock exclusively.
    /// </summary>
    private IReadOnlyList<RemovedLayer> TryCollect(NameTable table, IReadOnlyList<ImageUse> uses)
    {
        using var idle = FileLock.TryAcquire(_paths.ContentLock);
        if (idle is null || _uses is null)
            return [];
        var removed = new GarbageCollector(Blobs, Layers).Collect(table, uses);
        File.Delete(_paths.GarbageMarker);
        return removed;
    }
}
