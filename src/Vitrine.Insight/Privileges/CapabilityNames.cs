using System.Numerics;
using Vitrine.Insight.Sections;
using Vitrine.Linux;

namespace Vitrine.Insight.Privileges;

/// <summary>Sets of capabilities as people write them: a mask, names, or the name of a well-known set.</summary>
public static class CapabilityNames
{
    /// <summary>The well-known sets, and what each is.</summary>
    public static IReadOnlyList<(string Name, CapabilitySet Set, string Meaning)> Known { get; } =
    [
        ("none", CapabilitySet.Empty, "no capability"),
        ("all", Capabilities.OfKernel(), "every capability of this kernel: what --privileged gives"),
        ("default", CapabilityMeanings.VitrineDefault, "what vitrine run gives"),
        ("docker-default", CapabilityMeanings.DockerDefault, "what docker run gives"),
    ];

    /// <summary>The set of a well-known name, or null.</summary>
    public static CapabilitySet? FindKnown(string name)
    {
        foreach (var (known, set, _) in Known)
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase))
                return set;
        }

        return null;
    }

    /// <summary>
    /// Reads names parted by commas or blanks, with or without CAP_, in any case; well-known sets and bit numbers as capsh
    /// prints those it has no name for are taken too.
    /// </summary>
    /// <exception cref="VitrineException">Invalid: there is no such capability.</exception>
    public static CapabilitySet Parse(string text)
    {
        var set = CapabilitySet.Empty;
        foreach (var word in text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            set |= FindKnown(word) ?? One(word);
        return set;
    }

    /// <summary>The names as capsh(1) prints them: <c>cap_chown,cap_kill,41</c>.</summary>
    public static string Lower(CapabilitySet set) => string.Join(',', set.ToNames()).ToLowerInvariant();

    /// <summary>The capabilities of a set, in the order of their bits.</summary>
    public static IEnumerable<Capability> Each(CapabilitySet set)
    {
        for (var bits = set.Bits; bits != 0; bits &= bits - 1)
            yield return (Capability)BitOperations.TrailingZeroCount(bits);
    }

    private static CapabilitySet One(string word)
    {
        if (CapabilitySet.TryParseWord(word, Capabilities.OfKernel(), out var set))
            return set;
        if (byte.TryParse(word, out var bit) && bit < 64)
            return CapabilitySet.Of((Capability)bit);
        throw new VitrineException(ErrorKind.Invalid, $"there is no capability '{word}': capabilities(7) lists them, 'vitrine caps decode all' too");
    }
}
