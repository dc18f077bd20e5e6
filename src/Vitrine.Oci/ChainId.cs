using System.Text;

namespace Vitrine.Oci;

/// <summary>
/// The identity of a stack of layers (image-spec config.md, Layer ChainID): which change set was applied on top of which others.
/// </summary>
public static class ChainId
{
    /// <summary>The chain ids of all prefixes of the stack, bottom first: element i names layers 0..i applied in order.</summary>
    public static IReadOnlyList<Digest> Of(IReadOnlyList<Digest> diffIds)
    {
        var chain = new Digest[diffIds.Count];
        for (var i = 0; i < chain.Length; i++)
            chain[i] = i == 0 ? diffIds[0] : Append(chain[i - 1], diffIds[i]);
        return chain;
    }

    /// <summary>The chain id of one more layer on top of a stack.</summary>
    public static Digest Append(Digest chain, Digest diffId)
    {
        // Computed at each container start, so without the system's crypto library, which takes longer to load than to use.
        Span<byte> text = stackalloc byte[2 * 135 + 1];
        var length = Encoding.ASCII.GetBytes($"{chain} {diffId}", text);
        Span<byte> hash = stackalloc byte[SmallSha256.HashSize];
        SmallSha256.Hash(text[..length], hash);
        return Digest.FromHash(System.Security.Cryptography.HashAlgorithmName.SHA256, hash);
    }
}
