namespace Vitrine.Secrets;

/// <summary>
/// Finds what looks like a secret in a named value. Three signs, from the surest: the value's form, its name, and that it
/// looks random.
/// </summary>
public static class SecretDetector
{
    private const int ShortestWeak = 8;
    private const int ShortestRandom = 24;

    /// <summary>Bits by character: English text has about 4 in long texts, base64 of random bytes more than 4 from 24 characters on.</summary>
    private const double RandomEntropy = 4.0;

    /// <summary>The secrets in a value, in order, none overlapping; empty where there is none.</summary>
    public static IReadOnlyList<SecretMatch> Inspect(string name, string value)
    {
        var kind = IsPlain(value) ? null : SecretNames.Kind(name, out var weak) is { } found && (!weak || IsWeakValue(value)) ? found : null;
        if (kind is not null && SecretShapes.Find(value) is not [{ Kind: "password in a URL" }, ..])
            return [new SecretMatch(0, value.Length, Better(value) ?? kind, Better(value) is null ? Confidence.Likely : Confidence.Certain)];
        if (SecretShapes.Find(value) is { Count: > 0 } shapes)
            return shapes;
        return LooksRandom(value) && !SecretNames.IsPublicDigest(name)
            ? [new SecretMatch(0, value.Length, "random value", Confidence.Possible)]
            : [];
    }

    /// <summary>The form's name where the whole value is of one form.</summary>
    private static string? Better(string value) =>
        SecretShapes.Find(value) is [var match] && match.Length == value.Length ? match.Kind : null;

    /// <summary>Values that are no secret whatever they are called: switches, paths, references to somewhere else.</summary>
    internal static bool IsPlain(string value)
    {
        if (value.Length == 0 || value is "-" or "*")
            return true;
        foreach (var word in (ReadOnlySpan<string>)["true", "false", "yes", "no", "on", "off", "none", "null", "0", "1", "enabled", "disabled"])
        {
            if (value.Equals(word, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        var isPath = (value[0] == '/' && value.Length > 1 && !value.AsSpan(1).ContainsAny(" +=")) || value.StartsWith("./", StringComparison.Ordinal);
        var isReference = value.StartsWith("${", StringComparison.Ordinal) || value.StartsWith("$(", StringComparison.Ordinal)
            || value.StartsWith("file:", StringComparison.Ordinal);
        return isPath || isReference;
    }

    /// <summary>KEY=..., PIN=... and the like are believed when the value is no plain word or small number.</summary>
    internal static bool IsWeakValue(string value) =>
        value.Length >= ShortestWeak && !value.Contains(' ') && value.AsSpan().ContainsAnyInRange('0', '9')
        && value.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static bool LooksRandom(string value)
    {
        if (value.Length < ShortestRandom || value[0] == '/' || value.StartsWith(SecretShapes.EncodedPem, StringComparison.Ordinal))
            return false;
        int upper = 0, lower = 0, digits = 0;
        foreach (var character in value)
        {
            if (char.IsAsciiLetterUpper(character))
                upper++;
            else if (char.IsAsciiLetterLower(character))
                lower++;
            else if (char.IsAsciiDigit(character))
                digits++;
            else if (character is not ('+' or '/' or '=' or '_' or '-'))
                return false;
        }

        // Digits among letters of both cases: CamelCaseNames and hyphenated-words have few of them.
        return upper > 2 && lower > 2 && digits > 2 && Entropy(value) >= RandomEntropy;
    }

    /// <summary>Shannon entropy in bits by character.</summary>
    internal static double Entropy(string value)
    {
        Span<int> counts = stackalloc int[128];
        counts.Clear();
        foreach (var character in value)
            counts[character & 127]++;
        var entropy = 0.0;
        foreach (var count in counts)
        {
            if (count > 0)
                entropy -= (double)count / value.Length * Math.Log2((double)count / value.Length);
        }

        return entropy;
    }
}
