using System.Globalization;
using System.Numerics;

namespace Vitrine.Linux;

/// <summary>A set of capabilities as the kernel keeps it: one bit each (capabilities(7)).</summary>
public readonly record struct CapabilitySet(ulong Bits)
{
    /// <summary>The word that stands for every capability in Docker's --cap-add and --cap-drop.</summary>
    public const string AllWord = "ALL";

    /// <summary>No capability.</summary>
    public static CapabilitySet Empty => default;

    /// <summary>Every capability that this version has a name for; see <see cref="Capabilities.OfKernel"/> for the kernel's.</summary>
    public static CapabilitySet AllNamed => UpTo(Capabilities.LastNamed);

    /// <summary>How many capabilities are in the set.</summary>
    public int Count => BitOperations.PopCount(Bits);

    /// <summary>Whether nothing is in the set.</summary>
    public bool IsEmpty => Bits == 0;

    /// <summary>The set with all bits up to and including <paramref name="last"/>.</summary>
    public static CapabilitySet UpTo(Capability last) => new(ulong.MaxValue >> (63 - (byte)last));

    /// <summary>The set of the listed capabilities.</summary>
    public static CapabilitySet Of(params ReadOnlySpan<Capability> capabilities)
    {
        var set = Empty;
        foreach (var capability in capabilities)
            set = set.With(capability);
        return set;
    }

    /// <summary>Reads one user-given word: a capability's name with or without CAP_, or ALL (and CAP_ALL), in any case.</summary>
    /// <param name="word">What the user wrote.</param>
    /// <param name="all">What ALL stands for, usually <see cref="Capabilities.OfKernel"/>.</param>
    /// <param name="set">The set that the word names.</param>
    public static bool TryParseWord(ReadOnlySpan<char> word, CapabilitySet all, out CapabilitySet set)
    {
        var name = word.StartsWith(Capabilities.Prefix, StringComparison.OrdinalIgnoreCase) ? word[Capabilities.Prefix.Length..] : word;
        if (name.Equals(AllWord, StringComparison.OrdinalIgnoreCase))
        {
            set = all;
            return true;
        }

        var known = Capabilities.TryParse(word, out var capability);
        set = known ? Of(capability) : Empty;
        return known;
    }

    /// <summary>Reads the hexadecimal mask of /proc/PID/status (CapInh, CapPrm, CapEff, CapBnd, CapAmb), with or without 0x.</summary>
    public static bool TryParseHex(ReadOnlySpan<char> text, out CapabilitySet set)
    {
        text = text.Trim();
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            text = text[2..];
        var valid = ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits);
        set = new CapabilitySet(bits);
        return valid;
    }

    /// <summary>Whether a capability is in the set.</summary>
    public bool Contains(Capability capability) => (Bits >> (byte)capability & 1) != 0;

    /// <summary>The set with one more capability.</summary>
    public CapabilitySet With(Capability capability) => new(Bits | 1UL << (byte)capability);

    /// <summary>The set without one capability.</summary>
    public CapabilitySet Without(Capability capability) => new(Bits & ~(1UL << (byte)capability));

    /// <summary>What is in either set.</summary>
    public static CapabilitySet operator |(CapabilitySet left, CapabilitySet right) => new(left.Bits | right.Bits);

    /// <summary>What is in both sets.</summary>
    public static CapabilitySet operator &(CapabilitySet left, CapabilitySet right) => new(left.Bits & right.Bits);

    /// <summary>What is in the left set but not in the right one.</summary>
    public static CapabilitySet operator -(CapabilitySet left, CapabilitySet right) => new(left.Bits & ~right.Bits);

    /// <summary>The names in the order of their bits, as config.json wants them: <c>CAP_CHOWN</c>.</summary>
    public string[] ToNames()
    {
        var names = new string[Count];
        var bits = Bits;
        for (var i = 0; i < names.Length; i++, bits &= bits - 1)
            names[i] = Capabilities.Name((Capability)BitOperations.TrailingZeroCount(bits));
        return names;
    }

    /// <summary>The mask as /proc/PID/status prints it: 16 hexadecimal digits.</summary>
    public string ToHex() => Bits.ToString("x16", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', ToNames());
}
