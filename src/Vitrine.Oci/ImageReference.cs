using System.Diagnostics.CodeAnalysis;

namespace Vitrine.Oci;

/// <summary>
/// The name of an image, <c>[registry/]path[:tag][@digest]</c>, parsed and completed as docker does: the registry is docker.io unless
/// the first part looks like a host, and a one-word path on docker.io is under <c>library/</c>.
/// </summary>
public sealed record ImageReference
{
    /// <summary>The registry of names that give none.</summary>
    public const string DefaultRegistry = "docker.io";

    internal const string OfficialPrefix = "library/";
    private const string DefaultTag = "latest";

    internal ImageReference(string registry, string path, string? tag, Digest? digest)
    {
        Registry = registry;
        Path = path;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>Host and optional port, e.g. <c>docker.io</c>, <c>localhost:5000</c>, <c>[::1]:5000</c>.</summary>
    public string Registry { get; }

    /// <summary>The repository inside the registry, e.g. <c>library/nginx</c>.</summary>
    public string Path { get; }

    /// <summary>The tag, or null when the name has none.</summary>
    public string? Tag { get; private init; }

    /// <summary>The digest of manifest or index, or null when the name has none.</summary>
    public Digest? Digest { get; private init; }

    /// <summary>Registry and path, e.g. <c>docker.io/library/nginx</c>.</summary>
    public string Repository => $"{Registry}/{Path}";

    /// <summary>
    /// The repository as people write it, e.g. <c>nginx</c>. docker.io stays where the path alone would be read as
    /// another registry's (<c>docker.io/localhost/a</c>): what is printed can be typed again.
    /// </summary>
    public string FamiliarRepository
    {
        get
        {
            if (Registry != DefaultRegistry)
                return Repository;
            if (Path.StartsWith(OfficialPrefix, StringComparison.Ordinal) && !Path.AsSpan(OfficialPrefix.Length).Contains('/'))
                return Path[OfficialPrefix.Length..];
            var slash = Path.IndexOf('/');
            return slash > 0 && ReferenceGrammar.LooksLikeRegistry(Path[..slash]) ? Repository : Path;
        }
    }

    /// <summary>The whole name as people write it, e.g. <c>nginx:latest</c>.</summary>
    public string Familiar => FamiliarRepository + Suffix;

    private string Suffix => (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    /// <summary>Parses a name as a person types it. No tag is added.</summary>
    /// <exception cref="VitrineException">Invalid, in docker's words: <c>invalid reference format</c> and the like.</exception>
    public static ImageReference Parse(string text) =>
        ReferenceGrammar.TryParse(text, out var reference, out var problem)
            ? reference
            : throw new VitrineException(ErrorKind.Invalid, problem);

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageReference? reference) =>
        ReferenceGrammar.TryParse(text ?? "", out reference, out _);

    /// <summary>This name with the tag <c>latest</c> when it has neither tag nor digest.</summary>
    public ImageReference WithDefaultTag() => Tag is null && Digest is null ? WithTag(DefaultTag) : this;

    /// <summary>The same repository with this tag and no digest.</summary>
    /// <exception cref="VitrineException">Invalid: not a tag.</exception>
    public ImageReference WithTag(string tag) => ReferenceGrammar.IsTag(tag)
        ? this with { Tag = tag, Digest = null }
        : throw new VitrineException(ErrorKind.Invalid, ReferenceGrammar.InvalidFormat);

    /// <summary>The same repository with this digest and no tag.</summary>
    public ImageReference WithDigest(Digest digest) => this with { Tag = null, Digest = digest };

    /// <summary>The full name, e.g. <c>docker.io/library/nginx:latest</c>.</summary>
    public override string ToString() => Repository + Suffix;
}
