using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Vitrine.Oci;

/// <summary>
/// The name of content by its hash, <c>algorithm:hex</c> (image-spec descriptor.md, Digests). Only the algorithms that can be
/// verified here are accepted, sha256 and sha512, and only in lower case, so that equal content has one name.
/// </summary>
[JsonConverter(typeof(DigestJsonConverter))]
public sealed class Digest : IEquatable<Digest>, IComparable<Digest>
{
    private const int Sha256HexLength = 64;
    private const int Sha512HexLength = 128;
    private readonly string _text;

    private Digest(string text) => _text = text;

    /// <summary>The hash function, <c>sha256</c> or <c>sha512</c>: also the name of the blob directory in an image layout.</summary>
    public string Algorithm => _text[..6];

    /// <summary>The hash in lower-case hexadecimal.</summary>
    public string Hex => _text[7..];

    /// <summary>The first 12 hexadecimal digits, as docker prints ids.</summary>
    public string Short => _text.Substring(7, 12);

    /// <summary>The .NET name of the hash function, to verify content with.</summary>
    public HashAlgorithmName HashName => _text[3] == '2' ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512;

    /// <summary>Parses <c>sha256:…</c> or <c>sha512:…</c>.</summary>
    /// <exception cref="VitrineException">Invalid: what is wrong, in docker's words.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest, out var problem) ? digest : throw new VitrineException(ErrorKind.Invalid, problem);

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Digest? digest) =>
        TryParse(text, out digest, out _);

    /// <summary>The SHA-256 digest of a few bytes in memory.</summary>
    public static Digest Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return FromHash(HashAlgorithmName.SHA256, hash);
    }

    /// <summary>The digest with this hash value.</summary>
    public static Digest FromHash(HashAlgorithmName algorithm, ReadOnlySpan<byte> hash)
    {
        var name = algorithm == HashAlgorithmName.SHA256 ? "sha256" : "sha512";
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length * 2, HexLength(name));
        return new Digest($"{name}:{Convert.ToHexStringLower(hash)}");
    }

    public bool Equals(Digest? other) => other is not null && _text == other._text;

    public override bool Equals(object? obj) => Equals(obj as Digest);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public int CompareTo(Digest? other) => string.CompareOrdinal(_text, other?._text);

    /// <summary>The whole digest, <c>sha256:…</c>.</summary>
    public override string ToString() => _text;

    public static bool operator ==(Digest? left, Digest? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Digest? left, Digest? right) => !(left == right);

    public static bool operator <(Digest left, Digest right) => left.CompareTo(right) < 0;

    public static bool operator >(Digest left, Digest right) => left.CompareTo(right) > 0;

    public static bool operator <=(Digest left, Digest right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Digest left, Digest right) => left.CompareTo(right) >= 0;

    internal static bool TryParse(string? text, [NotNullWhen(true)] out Digest? digest, out string problem)
    {
        digest = null;
        var colon = text is null ? -1 : text.IndexOf(':');
        if (colon <= 0)
        {
            problem = "invalid checksum digest format";
            return false;
        }

        var expected = HexLength(text.AsSpan(0, colon));
        var hex = text.AsSpan(colon + 1);
        problem = expected == 0 ? "unsupported digest algorithm"
            : hex.Length != expected ? "invalid checksum digest length"
            : hex.ContainsAnyExcept(LowerHex) ? "invalid checksum digest format"
            : "";
        digest = problem.Length == 0 ? new Digest(text!) : null;
        return digest is not null;
    }

    private static readonly System.Buffers.SearchValues<char> LowerHex = System.Buffers.SearchValues.Create("0123456789abcdef");

    private static int HexLength(ReadOnlySpan<char> algorithm) => algorithm switch
    {
        "sha256" => Sha256HexLength,
        "sha512" => Sha512HexLength,
        _ => 0,
    };
}
