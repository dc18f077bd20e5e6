using Vitrine.Insight;

namespace Vitrine.Glass.Explain;

/// <summary>The layers of the root filesystem, the topmost first.</summary>
internal static class RootText
{
    public static void Write(Paper paper, RootSection section)
    {
        var number = section.Layers.Count(layer => layer is { Writable: false, ByEngine: false });
        var rows = new List<Cell[]>();
        foreach (var layer in section.Layers)
        {
            var label = layer.Writable ? new Cell("writable", Ink.Caution) : layer.ByEngine ? new Cell("engine", Ink.Faint) : new Cell($"image {number--}", Ink.Accent);
            rows.Add([label, Size(layer), layer.Entries is { } entries ? $"{entries}" : "", What(layer)]);
        }

        paper.Table(["LAYER", new("SIZE", Right: true), new("ENTRIES", Right: true), "FROM"], rows);
    }

    private static string Size(LayerFact layer) => layer.SizeBytes switch
    {
        null => "unknown",
        { } bytes => (layer.Incomplete ? "over " : "") + ByteText.Format(bytes),
    };

    private static string What(LayerFact layer)
    {
        var parts = new List<string>();
        if (layer.CreatedBy is { } step)
            parts.Add(step.ReplaceLineEndings(" ").Trim());
        if (layer.Digest is { } digest)
            parts.Add(digest.Length > 19 ? digest[..19] : digest);
        parts.Add(layer.Directory);
        return string.Join("  ", parts);
    }
}
