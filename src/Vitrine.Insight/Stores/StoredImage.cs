using System.Text.Json;
using Vitrine.Oci;
using Vitrine.Oci.Image;
using Vitrine.Oci.Image.Reading;

namespace Vitrine.Insight.Stores;

/// <summary>What an engine's files say of the image of a container.</summary>
internal sealed record StoredImage
{
    /// <summary>Null where the configuration is not there, as of an image that was removed.</summary>
    public ImageConfig? Config { get; init; }

    public IReadOnlyList<LayerHint> Layers { get; init; } = [];

    /// <summary>The directory that relative paths of an overlay's options are below.</summary>
    public string? LayerRoot { get; init; }

    /// <summary>The image of a configuration, with a directory for each of its layers.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="layerRoot">See <see cref="LayerRoot"/>.</param>
    /// <param name="place">The directory and size of a layer, by its number from below and the chain id up to it; null for not known.</param>
    public static StoredImage Of(ImageConfig config, string? layerRoot, Func<int, Digest, (string Directory, long? Size)?> place)
    {
        var digests = config.RootFs?.DiffIds ?? [];
        // Steps that made no layer have no place in the list of layers.
        var steps = config.History?.Where(step => !step.EmptyLayer).ToList() ?? [];
        var layers = new List<LayerHint>();
        var chains = ChainId.Of(digests);
        for (var number = 0; number < digests.Count; number++)
        {
            if (place(number, chains[number]) is not var (directory, size))
                continue;
            layers.Add(new LayerHint
            {
                Directory = directory,
                Digest = digests[number].ToString(),
                SizeBytes = size,
                CreatedBy = steps.Count == digests.Count ? steps[number].CreatedBy : null,
            });
        }

        return new StoredImage { Config = config, Layers = layers, LayerRoot = layerRoot };
    }

    /// <summary>An image's configuration; null where it cannot be read.</summary>
    public static ImageConfig? ConfigAt(StoreFiles files, string path)
    {
        try
        {
            return files.Read(path, ImageReader.ReadConfig);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }
}
