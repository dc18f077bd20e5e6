using System.Text;
using Vitrine.Oci;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Insight.Stores;

/// <summary>
/// Images as containers/storage keeps them for Podman and CRI-O: DRIVER-images/images.json names the topmost layer of each,
/// DRIVER-layers/layers.json the parent of each layer, and DRIVER/ID/diff is where it is unpacked.
/// </summary>
internal static class PodmanImages
{
    private sealed record Layer(string Id, string Parent, string Digest);

    /// <param name="files">The engine's files.</param>
    /// <param name="containers">The directory of the list of containers: GRAPH_ROOT/overlay-containers.</param>
    /// <param name="imageId">The image's id: the digest of its configuration, without the algorithm.</param>
    public static StoredImage? Find(StoreFiles files, string containers, string imageId)
    {
        const string suffix = "-containers";
        if (!containers.EndsWith(suffix, StringComparison.Ordinal) || !Digest.TryParse("sha256:" + imageId, out var digest))
            return null;
        var root = containers[..^suffix.Length];
        var name = Convert.ToBase64String(Encoding.UTF8.GetBytes(digest.ToString()));
        // Names of big data that could be no file's are written in base64 (containers/storage, makeBigDataBaseName).
        if (StoredImage.ConfigAt(files, $"{root}-images/{imageId}/={name}") is not { } config)
            return new StoredImage { LayerRoot = root };
        var layers = Chain(files, root, imageId);
        return StoredImage.Of(config, root, (number, _) => number < layers.Count ? ($"{root}/{layers[number].Id}/diff", null) : null);
    }

    /// <summary>The layers of an image, the lowest first.</summary>
    private static List<Layer> Chain(StoreFiles files, string root, string imageId)
    {
        var images = files.Read($"{root}-images/images.json", utf8 => new JsonCursor(utf8).List(ReadImage)) ?? [];
        var layers = new Dictionary<string, Layer>();
        foreach (var layer in files.Read($"{root}-layers/layers.json", utf8 => new JsonCursor(utf8).List(ReadLayer)) ?? [])
            layers.TryAdd(layer.Id, layer);
        var chain = new List<Layer>();
        for (var id = images.Find(image => image.Id == imageId).Layer; id is not null && layers.Remove(id, out var layer); id = layer.Parent)
            chain.Add(layer);
        chain.Reverse();
        return chain.TrueForAll(layer => !layer.Id.Contains('/', StringComparison.Ordinal) && layer.Id is not (".." or ".")) ? chain : [];
    }

    private static (string Id, string? Layer) ReadImage(ref JsonCursor json)
    {
        var (id, layer) = ("", (string?)null);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "id": id = json.Text(); break;
                case "layer": layer = json.Text(); break;
                default: json.Skip(); break;
            }
        }

        return (id, layer);
    }

    private static Layer ReadLayer(ref JsonCursor json)
    {
        var layer = new Layer("", "", "");
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "id": layer = layer with { Id = json.Text() }; break;
                case "parent": layer = layer with { Parent = json.Text() }; break;
                case "diff-digest": layer = layer with { Digest = json.Text() }; break;
                default: json.Skip(); break;
            }
        }

        return layer;
    }
}
