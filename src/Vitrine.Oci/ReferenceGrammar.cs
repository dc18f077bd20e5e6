using System.Diagnostics.CodeAnalysis;

namespace Vitrine.Oci;

/// <summary>
/// The grammar of image names (github.com/distribution/reference, regexp.go and normalize.go), as hand-written scanners: linear in
/// the input, where a regular expression would be the slowest part of starting a container.
/// </summary>
internal static class ReferenceGrammar
{
    public const string InvalidFormat = "invalid reference format";

    private const string LegacyDefaultRegistry = "index.docker.io";
    private const int MaxPathLength = 255;
    private const int MaxTagLength = 128;
    private const int IdentifierLength = 64;

    public static bool TryParse(string text, [NotNullWhen(true)] out ImageReference? reference, out string problem)
    {
        reference = null;
        if (IsIdentifier(text))
        {
            problem = $"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings";
            return false;
        }

        var (registry, rest) = SplitRegistry(text);
        var (path, tag, digestText) = SplitPath(rest);
        Digest? digest = null;
        problem = FindProblem(registry, path, tag);
        if (problem.Length == 0 && digestText is not null && !Digest.TryParse(digestText, out digest, out var digestProblem))
            problem = digestText.Contains(':') ? digestProblem : InvalidFormat;
        if (problem.Length == 0)
            reference = new ImageReference(registry, path, tag, digest);
        return reference is not null;
    }

    /// <summary><c>[\w][\w.-]{0,127}</c></summary>
    public static bool IsTag(ReadOnlySpan<char> tag) =>
        tag.Length is > 0 and <= MaxTagLength && IsWord(tag[0]) && !tag.ContainsAnyExcept(TagCharacters);

    private static readonly System.Buffers.SearchValues<char> TagCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    private static string FindProblem(string registry, string path, string? tag)
    {
        if (path.Any(char.IsAsciiLetterUpper))
            return $"invalid reference format: repository name ({path}) must be lowercase";
        if (!IsRegistry(registry) || !IsPath(path) || (tag is not null && !IsTag(tag)))
            return InvalidFormat;
        return path.Length > MaxPathLength ? $"repository name must not be more than {MaxPathLength} characters" : "";
    }

    /// <summary>Whether a name's first part, before a slash, is read as a registry.</summary>
    internal static bool LooksLikeRegistry(string first) =>
        first.AsSpan().ContainsAny('.', ':') || first == "localhost" || first.Any(char.IsAsciiLetterUpper);

    /// <summary>The part before the first slash is a registry only when it cannot be a path: a dot, a port, capitals or localhost.</summary>
    private static (string Registry, string Remainder) SplitRegistry(string text)
    {
        var slash = text.IndexOf('/');
        var first = slash < 0 ? "" : text[..slash];
        var isRegistry = LooksLikeRegistry(first);
        var registry = isRegistry ? first : ImageReference.DefaultRegistry;
        var rest = isRegistry ? text[(slash + 1)..] : text;
        if (registry == LegacyDefaultRegistry)
            registry = ImageReference.DefaultRegistry;
        if (registry == ImageReference.DefaultRegistry && !rest.Contains('/'))
            rest = ImageReference.OfficialPrefix + rest;
        return (registry, rest);
    }

    private static (string Path, string? Tag, string? Digest) SplitPath(string rest)
    {
        var at = rest.IndexOf('@');
        var name = at < 0 ? rest : rest[..at];
        var colon = name.IndexOf(':');
        return (colon < 0 ? name : name[..colon], colon < 0 ? null : name[(colon + 1)..], at < 0 ? null : rest[(at + 1)..]);
    }

    private static bool IsRegistry(ReadOnlySpan<char> registry)
    {
        var host = registry;
        var bracket = registry.IndexOf(']');
        var colon = registry[(bracket + 1)..].LastIndexOf(':');
        if (colon >= 0)
        {
            var port = registry[(bracket + 1 + colon + 1)..];
            if (port.IsEmpty || port.ContainsAnyExceptInRange('0', '9'))
                return false;
            host = registry[..(bracket + 1 + colon)];
        }

        return bracket >= 0 ? IsBracketedAddress(host) : IsHostName(host);
    }

    private static bool IsBracketedAddress(ReadOnlySpan<char> host)
    {
        if (host.Length < 3 || host[0] != '[' || host[^1] != ']')
            return false;
        foreach (var c in host[1..^1])
        {
            if (!char.IsAsciiHexDigit(c) && c != ':')
                return false;
        }

        return true;
    }

    private static bool IsHostName(ReadOnlySpan<char> host)
    {
        foreach (var range in host.Split('.'))
        {
            var label = host[range];
            if (label.IsEmpty || label[0] == '-' || label[^1] == '-')
                return false;
            foreach (var c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                    return false;
            }
        }

        return true;
    }

    private static bool IsPath(ReadOnlySpan<char> path)
    {
        foreach (var range in path.Split('/'))
        {
            if (!IsPathComponent(path[range]))
                return false;
        }

        return true;
    }

    /// <summary>Runs of <c>[a-z0-9]</c> joined by one separator each: <c>.</c>, <c>_</c>, <c>__</c> or any number of <c>-</c>.</summary>
    private static bool IsPathComponent(ReadOnlySpan<char> component)
    {
        if (component.IsEmpty || !IsLowerAlphanumeric(component[0]) || !IsLowerAlphanumeric(component[^1]))
            return false;
        for (var i = 1; i < component.Length - 1; i++)
        {
            if (IsLowerAlphanumeric(component[i]))
                continue;
            var start = i;
            while (!IsLowerAlphanumeric(component[i + 1]))
                i++;
            if (!IsSeparator(component[start..(i + 1)]))
                return false;
        }

        return true;
    }

    private static bool IsSeparator(ReadOnlySpan<char> run) => run is "." or "_" or "__" || !run.ContainsAnyExcept('-');

    private static bool IsLowerAlphanumeric(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private static bool IsIdentifier(string text) => text.Length == IdentifierLength && text.All(char.IsAsciiHexDigitLower);
}
