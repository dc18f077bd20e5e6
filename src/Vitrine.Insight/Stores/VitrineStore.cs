using System.Buffers;
using System.Text.Json;
using Vitrine.Linux.Proc;
using Vitrine.Oci;
using Vitrine.Oci.Image;
using Vitrine.Oci.Image.Reading;

namespace Vitrine.Insight.Stores;

/// <summary>
/// What Vitrine's engine keeps of its containers, read from its plain files as any tool could: the glass box needs no engine.
/// </summary>
/// <param name="dataRoot">The store: /var/lib/vitrine.</param>
/// <param name="proc">Where processes are looked up; null for the host's /proc.</param>
/// <param name="execRoot">What goes with a reboot: /run/vitrine; null where networks do not matter.</param>
public sealed class VitrineStore(string dataRoot, ProcFs? proc = null, string? execRoot = null)
{
    private const int IdLength = 64;

    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdef");

    private readonly ProcFs _proc = proc ?? new ProcFs("/proc");

    private string Containers => Path.Join(dataRoot, "containers");

    /// <summary>Every container; damaged ones are left out.</summary>
    /// <exception cref="UnauthorizedAccessException">The store may not be read.</exception>
    public IEnumerable<StoredContainer> All()
    {
        foreach (var id in Ids())
        {
            StoredContainer? container;
            try
            {
                container = Read(id);
            }
            catch (VitrineException)
            {
                continue;
            }

            if (container is not null)
                yield return container;
        }
    }

    /// <summary>The container that a name, an id or the beginning of an id means; null where there is none.</summary>
    /// <exception cref="VitrineException">Invalid: several ids begin so; Internal: its record is damaged.</exception>
    /// <exception cref="UnauthorizedAccessException">The store may not be read.</exception>
    public StoredContainer? Find(string container)
    {
        var wanted = container.StartsWith('/') ? container[1..] : container;
        if (wanted.Length == 0 || wanted[0] == '.' || wanted.Contains('/', StringComparison.Ordinal))
            return null;
        if (IsId(wanted) && Read(wanted) is { } whole)
            return whole;
        if (new FileInfo(Path.Join(dataRoot, "names", wanted)).LinkTarget is { } id && IsId(id) && Read(id) is { } named && named.Name == wanted)
            return named;
        if (wanted.AsSpan().ContainsAnyExcept(s_hexDigits))
            return null;
        return Ids().Where(known => known.StartsWith(wanted, StringComparison.Ordinal)).Take(2).ToList() switch
        {
            [] => null,
            [var one] => Read(one),
            _ => throw new VitrineException(ErrorKind.Invalid, $"Multiple IDs found with provided prefix: {wanted}"),
        };
    }

    /// <summary>What the store knows of a container that the kernel does not.</summary>
    public ContainerHints Hints(StoredContainer container)
    {
        var image = ImageOf(container);
        var spec = Path.Join(container.Directory, "bundle", "config.json");
        return new ContainerHints
        {
            Engine = "vitrine",
            Id = container.Id,
            Name = container.Name,
            Image = container.Image,
            ImageCreated = image?.Created,
            Layers = Layers(container, image),
            Volumes = [.. container.Volumes.Select(name => new VolumeHint { Name = name, Directory = Path.Join(dataRoot, "volumes", name, "_data") })],
            ExecRoot = execRoot,
            SpecPath = spec,
            ImageEnvironment = image?.Config?.Env ?? [],
            FilesWithEnvironment = [spec, Path.Join(container.Directory, "container.json")],
        };
    }

    private List<LayerHint> Layers(StoredContainer container, ImageConfig? image)
    {
        // Steps that made no layer have no place in the list of layers.
        var steps = image?.History?.Where(step => !step.EmptyLayer).ToList() ?? [];
        var digests = image?.RootFs?.DiffIds ?? [];
        return
        [
            .. container.Layers.Select((chain, index) => new LayerHint
            {
                Directory = Path.Join(dataRoot, "layers", chain[(chain.IndexOf(':', StringComparison.Ordinal) + 1)..], "diff"),
                Digest = index < digests.Count ? digests[index].ToString() : null,
                CreatedBy = steps.Count == container.Layers.Count ? steps[index].CreatedBy : null,
            }),
        ];
    }

    /// <summary>The image's configuration; null where it was removed, or is no JSON: then less is explained.</summary>
    private ImageConfig? ImageOf(StoredContainer container)
    {
        if (!Digest.TryParse(container.ImageId, out var digest))
            return null;
        try
        {
            return ImageReader.ReadConfig(File.ReadAllBytes(Path.Join(dataRoot, "images", "blobs", digest.ToString().Replace(':', '/'))));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    private IEnumerable<string> Ids() => Directory.Exists(Containers)
        ? Directory.EnumerateDirectories(Containers).Select(directory => Path.GetFileName(directory)!).Where(name => IsId(name))
        : [];

    private StoredContainer? Read(string id) => StoredContainerReader.Read(Path.Join(Containers, id), id, _proc);

    private static bool IsId(string text) => text.Length == IdLength && !text.AsSpan().ContainsAnyExcept(s_hexDigits);
}
