using Vitrine.Images.Layers;
using Vitrine.Images.Store;
using Vitrine.Linux;
using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Images;

/// <summary>
/// The images of one data root: an OCI image layout in <c>images/</c> and the unpacked layers in <c>layers/</c>. Any number of
/// processes may use it at once; see <see cref="StorePaths"/> for the locks.
/// </summary>
public sealed partial class ImageStore
{
    internal const int MaxConfigSize = 8 * 1024 * 1024;
    private readonly StorePaths _paths;
    private readonly IndexFile _index;
    private readonly Func<IReadOnlyList<ImageUse>>? _uses;

    private ImageStore(string dataRoot, Func<IReadOnlyList<ImageUse>>? uses)
    {
        _paths = new StorePaths(dataRoot);
        _uses = uses;
        Blobs = new BlobStore(_paths);
        Layers = new LayerStore(dataRoot) { IsDurable = true };
        _index = new IndexFile(_paths, Blobs);
    }

    /// <summary>Manifests, configurations and compressed layers by digest.</summary>
    public BlobStore Blobs { get; }

    /// <summary>The unpacked layers by chain id.</summary>
    public LayerStore Layers { get; }

    /// <summary>Opens the store, makes it where there is none, and repairs what a crash has left.</summary>
    /// <param name="dataRoot">Absolute; its subdirectories <c>images</c> and <c>layers</c> are the store.</param>
    /// <param name="uses">
    /// Which containers stand on images; asked before anything is deleted. Without it nothing is ever deleted.
    /// </param>
    public static ImageStore Open(string dataRoot, Func<IReadOnlyList<ImageUse>>? uses = null)
    {
        var store = new ImageStore(dataRoot, uses);
        if (!File.Exists(store._paths.Layout))
            StoreSetup.Create(store._paths);
        StoreSetup.Repair(store._paths);
        store.Layers.RemoveTemporaries();
        store.CollectIfIdle();
        return store;
    }

    /// <summary>
    /// Keeps every image where it is until disposed: hold it from looking an image up until the container that needs it is on record.
    /// </summary>
    public IDisposable HoldImages() => FileLock.Acquire(_paths.IndexLock, LockMode.Shared);

    /// <summary>Looks an image up as docker does: by name, by digest, by id or by the beginning of an id.</summary>
    /// <returns>The image, or null where there is none.</returns>
    /// <exception cref="VitrineException">Invalid: no image can have such a name, or several ids begin so.</exception>
    public Image? Find(string nameOrId)
    {
        var table = _index.Read();
        return FindId(table, nameOrId) is { } id ? Load(table, id) : null;
    }

    /// <summary>As <see cref="Find"/>, but an image that is not there is an error.</summary>
    /// <exception cref="VitrineException">NotFound: <c>No such image: nginx:latest</c>; Invalid.</exception>
    public Image Get(string nameOrId) => Find(nameOrId) ?? throw NoSuchImage(nameOrId);

    /// <summary>Every image, newest first; those without a name included.</summary>
    public IReadOnlyList<Image> List()
    {
        var table = _index.Read();
        return table.Entries.Select(static entry => entry.ImageId).Distinct()
            .Select(id => Load(table, id))
            .OrderByDescending(static image => image.Created).ThenBy(static image => image.Id)
            .ToList();
    }

    private static Digest? FindId(NameTable table, string nameOrId)
    {
        if (Digest.TryParse(nameOrId, out var digest) || Digest.TryParse("sha256:" + nameOrId, out digest))
            return table.Of(digest).Count > 0 ? digest : null;

        var isName = ImageReference.TryParse(nameOrId, out var name);
        if (isName && table.Find(name!) is { } entry)
            return entry.ImageId;
        if (FindPrefix(table, nameOrId) is { } id)
            return id;
        return isName ? null : throw ReasonNoName(nameOrId);
    }

    private static Digest? FindPrefix(NameTable table, string text)
    {
        var hex = text.StartsWith("sha256:", StringComparison.Ordinal) ? text.AsSpan(7) : text;
        if (hex.IsEmpty || hex.ContainsAnyExcept(System.Buffers.SearchValues.Create("0123456789abcdef")))
            return null;
        Digest? found = null;
        foreach (var entry in table.Entries)
        {
            if (entry.ImageId == found || !entry.ImageId.ToString().AsSpan(7).StartsWith(hex))
                continue;
            if (found is not null)
                throw new VitrineException(ErrorKind.Invalid, $"multiple images found with provided prefix: {text}");
            found = entry.ImageId;
        }

        return found;
    }

    private static VitrineException ReasonNoName(string text)
    {
        try
        {
            ImageReference.Parse(text);
        }
        catch (VitrineException error)
        {
            return error;
        }

        return NoSuchImage(text);
    }

    private static VitrineException NoSuchImage(string text)
    {
        var name = ImageReference.TryParse(text, out var reference) ? reference.WithDefaultTag().Familiar : text;
        return new VitrineException(ErrorKind.NotFound, $"No such image: {name}");
    }

    private Image Load(NameTable table, Digest id)
    {
        var entries = table.Of(id);
        var config = ImageConfig.Parse(Blobs.ReadAll(id, MaxConfigSize));
        var chain = ChainId.Of(config.RootFs.DiffIds);
        return new Image
        {
            Id = id,
            Manifest = entries[0].Manifest,
            Config = config,
            ChainIds = chain,
            LayerDirectories = [.. chain.Select(Layers.DiffDirectory)],
            RepoTags = [.. entries.Where(static entry => entry.Name?.Tag is not null).Select(static entry => entry.Name!.Familiar).Order(StringComparer.Ordinal)],
            RepoDigests = [.. entries.Where(static entry => entry.Name?.Digest is not null).Select(static entry => entry.Name!.Familiar).Order(StringComparer.Ordinal)],
            Size = entries[0].Size ?? chain.Where(Layers.Contains).Sum(Layers.Size),
        };
    }
}
