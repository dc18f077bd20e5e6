using Vitrine.Engine.Queries;
using Vitrine.Images;
using Vitrine.Oci;

namespace Vitrine.Engine;

/// <summary>docker images --filter; combined as those of containers.</summary>
internal sealed class ImageFilters(IReadOnlyDictionary<string, IReadOnlyList<string>> filters, Func<string, Image> find, DateTimeOffset now)
{
    private static readonly string[] s_known = ["dangling", "label", "label!", "before", "since", "until", "reference"];

    /// <exception cref="VitrineException">Invalid: no such filter, or no such value.</exception>
    public ImageFilters Checked()
    {
        foreach (var (name, values) in filters)
        {
            if (!s_known.Contains(name))
                throw new VitrineException(ErrorKind.Invalid, $"invalid filter '{name}'");
            foreach (var value in values)
            {
                if (name == "dangling")
                    BoolFilter.Parse(name, value);
                else if (name == "until")
                    MomentFilter.Parse(value, now);
            }
        }
        return this;
    }

    public bool Matches(Image image)
    {
        // A filter without values filters nothing.
        foreach (var (name, values) in filters.Where(static filter => filter.Value.Count > 0))
        {
            var matches = name is "label" or "label!"
                ? values.All(value => Matches(image, name, value))
                : values.Any(value => Matches(image, name, value));
            if (!matches)
                return false;
        }
        return true;
    }

    /// <summary>The image under the names that were asked for only, where names were.</summary>
    public Image Narrow(Image image) => filters.GetValueOrDefault("reference") is not { Count: > 0 } patterns ? image : image with
    {
        RepoTags = [.. image.RepoTags.Where(tag => patterns.Any(pattern => MatchesReference(tag, pattern)))],
        RepoDigests = [.. image.RepoDigests.Where(digest => patterns.Any(pattern => MatchesReference(digest, pattern)))],
    };

    private bool Matches(Image image, string name, string value) => name switch
    {
        "dangling" => image.IsDangling == BoolFilter.Parse(name, value),
        "label" => LabelFilter.Matches(image.Config.Config?.Labels, value),
        "label!" => !LabelFilter.Matches(image.Config.Config?.Labels, value),
        "before" => image.Created < find(value).Created,
        "since" => image.Created > find(value).Created,
        "until" => image.Created < MomentFilter.Parse(value, now),
        "reference" => image.RepoTags.Concat(image.RepoDigests).Any(tag => MatchesReference(tag, value)),
        _ => true,
    };

    /// <summary>A glob over the name as people write it, with or without its tag; a star does not pass a slash.</summary>
    internal static bool MatchesReference(string name, string pattern)
    {
        var bare = ImageReference.TryParse(name, out var parsed) ? parsed!.FamiliarRepository : name;
        return Glob(pattern, name) || Glob(pattern, bare);
    }

    private static bool Glob(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        if (pattern.IsEmpty)
            return text.IsEmpty;
        if (pattern[0] != '*')
            return !text.IsEmpty && (pattern[0] == '?' && text[0] != '/' || pattern[0] == text[0]) && Glob(pattern[1..], text[1..]);
        for (var taken = 0; ; taken++)
        {
            if (Glob(pattern[1..], text[taken..]))
                return true;
            if (taken == text.Length || text[taken] == '/')
                return false;
        }
    }
}
