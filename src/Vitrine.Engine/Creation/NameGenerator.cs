using System.Buffers.Binary;
using Vitrine.Linux;

namespace Vitrine.Engine.Creation;

/// <summary>Names for containers that were given none: adjective_surname, as Docker's.</summary>
internal static class NameGenerator
{
    /// <summary>A random name; from the fourth attempt on with a digit, since the plain ones seem to be taken.</summary>
    public static string Next(int attempt)
    {
        Span<byte> random = stackalloc byte[5];
        Entropy.Fill(random);
        var left = NameWords.Adjectives[BinaryPrimitives.ReadUInt16LittleEndian(random) % NameWords.Adjectives.Length];
        var right = NameWords.Surnames[BinaryPrimitives.ReadUInt16LittleEndian(random[2..]) % NameWords.Surnames.Length];
        return attempt < 3 ? $"{left}_{right}" : $"{left}_{right}{random[4] % 10}";
    }
}
