using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Oci;
using Xunit;

namespace Vitrine.Tests.Unit.Oci;

public sealed class DigestTests
{
    private const string Empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void Parse_Sha256_GivesItsParts()
    {
        var digest = Digest.Parse(Empty);

        Assert.Equal("sha256", digest.Algorithm);
        Assert.Equal(Empty[7..], digest.Hex);
        Assert.Equal("e3b0c44298fc", digest.Short);
        Assert.Equal(HashAlgorithmName.SHA256, digest.HashName);
        Assert.Equal(digest, Digest.Of([]));
    }

    [Fact]
    public void Parse_Sha512_KnowsItsHash()
    {
        var digest = Digest.FromHash(HashAlgorithmName.SHA512, SHA512.HashData("x"u8));

        Assert.Equal(digest, Digest.Parse(digest.ToString()));
        Assert.Equal(HashAlgorithmName.SHA512, digest.HashName);
    }

    [Theory]
    [InlineData("", "invalid checksum digest format")]
    [InlineData("e3b0c442", "invalid checksum digest format")]
    [InlineData(":e3b0c442", "invalid checksum digest format")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e", "unsupported digest algorithm")]
    [InlineData("SHA256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "unsupported digest algorithm")]
    [InlineData("sha256:e3b0c442", "invalid checksum digest length")]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", "invalid checksum digest format")]
    [InlineData("sha256:../../../../etc/passwd", "invalid checksum digest length")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../../../etc/passwd", "invalid checksum digest format")]
    public void Parse_Malformed_SaysWhy(string text, string reason)
    {
        var error = Assert.Throws<VitrineException>(() => Digest.Parse(text));

        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Equal(reason, error.Message);
    }

    [Fact]
    public void Parse_AnyText_AcceptsOnlyWhatItPrints() =>
        Prop.ForAll<string?>(text => !Digest.TryParse(text, out var digest) || digest.ToString() == text)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void ChainId_OfOneLayer_IsItsDiffId() =>
        Assert.Equal([Digest.Parse(Empty)], ChainId.Of([Digest.Parse(Empty)]));

    [Fact]
    public void ChainId_OfStack_HashesPrefixAndDiffId() => Prop.ForAll<byte[], byte[], byte[]>((one, two, three) =>
    {
        var layers = new[] { Digest.Of(one), Digest.Of(two), Digest.Of(three) };
        var second = Digest.Of(Encoding.ASCII.GetBytes($"{layers[0]} {layers[1]}"));
        var third = Digest.Of(Encoding.ASCII.GetBytes($"{second} {layers[2]}"));

        Assert.Equal([layers[0], second, third], ChainId.Of(layers));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void SmallSha256_EveryLengthUpToFourBlocks_EqualsTheLibrary()
    {
        var message = Enumerable.Range(0, 256).Select(i => (byte)(i * 7)).ToArray();
        var hash = new byte[SmallSha256.HashSize];
        for (var length = 0; length <= message.Length; length++)
        {
            SmallSha256.Hash(message.AsSpan(0, length), hash);
            Assert.Equal(SHA256.HashData(message.AsSpan(0, length)), hash);
        }
    }
}
