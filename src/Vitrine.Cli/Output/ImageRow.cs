using System.Globalization;
using Vitrine.Commands.Output;
using Vitrine.Commands.Templates;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Output;

/// <summary>One line of <c>vitrine images</c>: one name of one image, with docker's field names.</summary>
internal sealed class ImageRow(ImageSummary image, string repository, string tag, string digest, bool truncate, DateTimeOffset now)
    : ITemplateObject
{
    /// <summary>The columns of <c>images</c>.</summary>
    public const string DefaultColumns = "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}";

    /// <summary>The columns of <c>images --digests</c>.</summary>
    public const string DigestColumns = "{{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}";

    private const string None = "<none>";
    private const string NotCounted = "N/A";

    public static HeaderRow Header { get; } = new(new Dictionary<string, string>
    {
        ["ID"] = "IMAGE ID",
        ["Repository"] = "REPOSITORY",
        ["Tag"] = "TAG",
        ["Digest"] = "DIGEST",
        ["CreatedSince"] = "CREATED",
        ["CreatedAt"] = "CREATED AT",
        ["Size"] = "SIZE",
        ["Containers"] = "CONTAINERS",
        ["SharedSize"] = "SHARED SIZE",
        ["UniqueSize"] = "UNIQUE SIZE",
        ["VirtualSize"] = "SIZE",
    });

    public string TypeName => "*formatter.imageContext";

    public IEnumerable<string> FieldNames { get; } =
    [
        "Containers", "CreatedAt", "CreatedSince", "Digest", "ID", "Repository", "SharedSize", "Size", "Tag", "UniqueSize", "VirtualSize",
    ];

    public string Id => image.Id;

    private DateTimeOffset Created => DateTimeOffset.FromUnixTimeSeconds(image.Created);

    /// <summary>The rows of one image: one for each tag (with digests: for each tag and digest of the repository), one for a
    /// repository of which only a digest is known, one of <c>&lt;none&gt;</c> for an image without a name.</summary>
    public static IEnumerable<ImageRow> Of(ImageSummary image, bool withDigests, bool truncate, DateTimeOffset now)
    {
        var tags = (image.RepoTags ?? []).Select(text => Name.Split(text, ':')).Where(t => t.Repository != None).ToList();
        var digests = (image.RepoDigests ?? []).Select(text => Name.Split(text, '@')).Where(d => d.Repository != None).ToList();
        var any = false;
        foreach (var tag in tags)
        {
            var own = withDigests ? digests.Where(d => d.Repository == tag.Repository).Select(d => d.Suffix).DefaultIfEmpty(None) : [None];
            foreach (var digest in own)
            {
                any = true;
                yield return new(image, tag.Repository, tag.Suffix, digest, truncate, now);
            }
        }

        foreach (var digest in digests.Where(d => tags.TrueForAll(t => t.Repository != d.Repository)))
        {
            any = true;
            yield return new(image, digest.Repository, None, digest.Suffix, truncate, now);
        }

        if (!any)
            yield return new(image, None, None, None, truncate, now);
    }

    public bool TryGet(string name, IReadOnlyList<object?> arguments, out object? value)
    {
        value = name switch
        {
            "ID" => truncate ? HumanText.ShortId(image.Id) : image.Id,
            "Repository" => repository,
            "Tag" => tag,
            "Digest" => digest,
            "CreatedSince" => image.Created <= 0 ? NotCounted : HumanText.Ago(Created, now),
            "CreatedAt" => HumanText.Moment(Created),
            "Size" => HumanText.Size(image.Size),
            "VirtualSize" => HumanText.Size(image.Size, 4),
            "Containers" => image.Containers < 0 ? NotCounted : image.Containers.ToString(CultureInfo.InvariantCulture),
            "SharedSize" => image.SharedSize < 0 ? NotCounted : HumanText.Size(image.SharedSize, 4),
            "UniqueSize" => image.SharedSize < 0 ? NotCounted : HumanText.Size(image.Size - image.SharedSize, 4),
            _ => null,
        };
        return value is not null;
    }

    /// <summary>repository:tag or repository@digest.</summary>
    private sealed record Name(string Repository, string Suffix)
    {
        public static Name Split(string reference, char separator)
        {
            var at = reference.LastIndexOf(separator);
            return new Name(reference[..at], reference[(at + 1)..]);
        }
    }
}
