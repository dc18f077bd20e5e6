using Vitrine.Engine.Docker;
using Vitrine.Engine.Queries;
using Vitrine.Images;

namespace Vitrine.Engine;

/// <summary>Removes images that nobody uses.</summary>
/// <param name="images">The store.</param>
/// <param name="now">For the filter until.</param>
/// <param name="used">Ids of the images that containers stand on.</param>
internal sealed class ImagePrune(ImageStore images, DateTimeOffset now, HashSet<string> used)
{
    public ImagePruneReport Run(IReadOnlyDictionary<string, IReadOnlyList<string>>? filters, Func<string, IReadOnlyList<ImageDeleteItem>> remove,
        CancellationToken cancellation)
    {
        var asked = new Dictionary<string, IReadOnlyList<string>>(filters ?? new Dictionary<string, IReadOnlyList<string>>());
        var danglingOnly = !asked.Remove("dangling", out var dangling) || dangling.All(static value => BoolFilter.Parse("dangling", value));
        if (asked.Keys.FirstOrDefault(static name => name is not ("until" or "label" or "label!")) is { } unknown)
            throw new VitrineException(ErrorKind.Invalid, $"invalid filter '{unknown}'");
        var matching = new ImageFilters(asked, images.Get, now).Checked();
        var deleted = new List<ImageDeleteItem>();
        var reclaimed = 0L;
        foreach (var image in images.List())
        {
            cancellation.ThrowIfCancellationRequested();
            if (used.Contains(image.Id.ToString()) || (danglingOnly && !image.IsDangling) || !matching.Matches(image))
                continue;
            var sizes = image.ChainIds.Where(images.Layers.Contains).ToDictionary(static chain => chain.ToString(), images.Layers.Size);
            foreach (var item in Remove(image, remove))
            {
                deleted.Add(item);
                reclaimed += item.Deleted is { } id ? sizes.GetValueOrDefault(id) : 0;
            }
        }

        return new ImagePruneReport { ImagesDeleted = deleted.Count > 0 ? deleted : null, SpaceReclaimed = reclaimed };
    }

    /// <summary>Name by name and without force: a container that is made of it meanwhile keeps it.</summary>
    private static List<ImageDeleteItem> Remove(Image image, Func<string, IReadOnlyList<ImageDeleteItem>> remove)
    {
        var done = new List<ImageDeleteItem>();
        try
        {
            foreach (var name in image.RepoTags.Concat(image.RepoDigests).DefaultIfEmpty(image.Id.ToString()))
                done.AddRange(remove(name));
        }
        catch (VitrineException e) when (e.Kind is ErrorKind.Conflict or ErrorKind.NotFound)
        {
            // In use by now, or gone with the name before.
        }

        return done;
    }
}

/// <summary>docker search --filter.</summary>
internal sealed record SearchFilters(long Stars, bool? Official)
{
    public static SearchFilters Parse(IReadOnlyDictionary<string, IReadOnlyList<string>>? filters)
    {
        var parsed = new SearchFilters(0, null);
        foreach (var (name, values) in filters ?? new Dictionary<string, IReadOnlyList<string>>())
        {
            foreach (var value in values)
                parsed = parsed.With(name, value);
        }

        return parsed;
    }

    public bool Matches(Images.Registry.FoundImage image) => image.Stars >= Stars && (Official is null || image.IsOfficial == Official);

    private SearchFilters With(string name, string value) => (name, value) switch
    {
        ("stars", _) when long.TryParse(value, out var stars) => this with { Stars = Math.Max(Stars, stars) },
        ("is-official", "true" or "1") => this with { Official = true },
        ("is-official", "false" or "0") => this with { Official = false },
        // Nothing is automated any more, as docker says too.
        ("is-automated", _) => this,
        _ => throw new VitrineException(ErrorKind.Invalid, $"invalid filter '{name}={value}'"),
    };
}
