using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Oci;
using Xunit;

namespace Vitrine.Tests.Unit.Oci;

public sealed partial class ImageReferenceTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("nginx", "docker.io/library/nginx", "nginx")]
    [InlineData("nginx:1.27", "docker.io/library/nginx:1.27", "nginx:1.27")]
    [InlineData("library/nginx", "docker.io/library/nginx", "nginx")]
    [InlineData("docker.io/nginx", "docker.io/library/nginx", "nginx")]
    [InlineData("index.docker.io/library/nginx", "docker.io/library/nginx", "nginx")]
    [InlineData("some/thing", "docker.io/some/thing", "some/thing")]
    [InlineData("library/some/thing", "docker.io/library/some/thing", "library/some/thing")]
    [InlineData("localhost/thing", "localhost/thing", "localhost/thing")]
    [InlineData("localhost:5000/thing:v1", "localhost:5000/thing:v1", "localhost:5000/thing:v1")]
    [InlineData("localhost", "docker.io/library/localhost", "localhost")]
    [InlineData("host:5000", "docker.io/library/host:5000", "host:5000")]
    [InlineData("Host/thing", "Host/thing", "Host/thing")]
    [InlineData("[::1]:5000/a/b", "[::1]:5000/a/b", "[::1]:5000/a/b")]
    [InlineData("[2001:db8::1]/a", "[2001:db8::1]/a", "[2001:db8::1]/a")]
    [InlineData("quay.io/a__b/c--d.e_f:T-._", "quay.io/a__b/c--d.e_f:T-._", "quay.io/a__b/c--d.e_f:T-._")]
    [InlineData("nginx@sha256:" + Hex, "docker.io/library/nginx@sha256:" + Hex, "nginx@sha256:" + Hex)]
    [InlineData("nginx:a@sha256:" + Hex, "docker.io/library/nginx:a@sha256:" + Hex, "nginx:a@sha256:" + Hex)]
    public void Parse_GoodName_NormalizesAsDocker(string text, string full, string familiar)
    {
        var reference = ImageReference.Parse(text);

        Assert.Equal(full, reference.ToString());
        Assert.Equal(familiar, reference.Familiar);
        Assert.Equal(reference, ImageReference.Parse(familiar));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/nginx")]
    [InlineData("nginx/")]
    [InlineData("a//b")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a..b")]
    [InlineData("a._b")]
    [InlineData("a___b")]
    [InlineData("nginx:")]
    [InlineData("nginx:-a")]
    [InlineData("nginx:a:b")]
    [InlineData("nginx@")]
    [InlineData("nginx@sha256")]
    [InlineData("host:port/a")]
    [InlineData("-host.x/a")]
    [InlineData("host..x/a")]
    [InlineData("[::1/a")]
    [InlineData("[]:1/a")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("../a")]
    [InlineData("ä")]
    public void Parse_BadName_IsInvalidFormat(string text) =>
        Assert.Equal("invalid reference format", Assert.Throws<VitrineException>(() => ImageReference.Parse(text)).Message);

    [Theory]
    [InlineData("Nginx", "invalid reference format: repository name (library/Nginx) must be lowercase")]
    [InlineData("a.b/Foo:x", "invalid reference format: repository name (Foo) must be lowercase")]
    [InlineData(Hex, "invalid repository name (" + Hex + "), cannot specify 64-byte hexadecimal strings")]
    [InlineData("nginx@md5:d41d8cd98f00b204e9800998ecf8427e", "unsupported digest algorithm")]
    [InlineData("nginx@sha256:e3b0", "invalid checksum digest length")]
    public void Parse_BadName_SaysWhy(string text, string message) =>
        Assert.Equal(message, Assert.Throws<VitrineException>(() => ImageReference.Parse(text)).Message);

    [Fact]
    public void Parse_PathOver255_IsRefused() => Assert.Equal(
        "repository name must not be more than 255 characters",
        Assert.Throws<VitrineException>(() => ImageReference.Parse("a.b/" + new string('x', 256))).Message);

    [Fact]
    public void WithDefaultTag_OnlyBareNames_GetLatest()
    {
        Assert.Equal("nginx:latest", ImageReference.Parse("nginx").WithDefaultTag().Familiar);
        Assert.Equal("nginx:a", ImageReference.Parse("nginx:a").WithDefaultTag().Familiar);
        Assert.Null(ImageReference.Parse("nginx@sha256:" + Hex).WithDefaultTag().Tag);
    }

    [Fact]
    public void WithTag_DropsDigest() =>
        Assert.Equal("nginx:b", ImageReference.Parse("nginx:a@sha256:" + Hex).WithTag("b").Familiar);

    [Theory]
    [InlineData("docker.io/localhost/a")]
    [InlineData("docker.io/a.b/c")]
    public void Familiar_PathThatLooksLikeARegistry_KeepsItsRegistry(string name)
    {
        Assert.Equal(name, ImageReference.Parse(name).Familiar);
        Assert.Equal(ImageReference.Parse(name), ImageReference.Parse(ImageReference.Parse(name).Familiar));
    }

    /// <summary>The published grammar as regular expressions, against which the hand-written scanner is checked.</summary>
    [Fact]
    public void Parse_AnyText_AgreesWithThePublishedGrammar() =>
        Prop.ForAll(Arb.From(Names), text => Assert.Equal(Accepts(text), ImageReference.TryParse(text, out _)))
            .Check(Properties.Config(20_000));

    [Fact]
    public void Parse_AcceptedText_RoundTrips() =>
        Prop.ForAll(Arb.From(Names), text =>
            !ImageReference.TryParse(text, out var reference)
            || (ImageReference.Parse(reference.ToString()) == reference && ImageReference.Parse(reference.Familiar) == reference))
            .Check(Properties.Config(20_000));

    /// <summary>Strings over the grammar's own pieces, so that most of them are almost right.</summary>
    private static Gen<string> Names =>
        Gen.Elements(
            "a", "b1", "A", "localhost", "docker.io", "library", "index.docker.io", ".", "_", "__", "___", "-", "--", "/", "/", ":", ":", "@",
            "5000", "[::1]", "[", "]", "sha256:" + Hex, "sha256:0", " ", "é", "\n")
        .ArrayOf(7).SelectMany(parts => Gen.Choose(0, 7).Select(count => string.Concat(parts.Take(count))));

    private static bool Accepts(string text)
    {
        if (Identifier().IsMatch(text))
            return false;
        var (domain, remainder) = SplitDockerDomain(text);
        var tag = remainder.IndexOf(':');
        var remote = tag < 0 ? remainder : remainder[..tag];
        return !remote.Any(char.IsUpper) && Grammar().IsMatch(domain + "/" + remainder);
    }

    private static (string Domain, string Remainder) SplitDockerDomain(string name)
    {
        var slash = name.IndexOf('/');
        var first = slash < 0 ? "" : name[..slash];
        var (domain, remainder) =
            slash < 0 || (!first.AsSpan().ContainsAny('.', ':') && first != "localhost" && !first.Any(char.IsUpper))
                ? ("docker.io", name)
                : (first, name[(slash + 1)..]);
        domain = domain == "index.docker.io" ? "docker.io" : domain;
        return (domain, domain == "docker.io" && !remainder.Contains('/') ? "library/" + remainder : remainder);
    }

    [GeneratedRegex(@"\A[a-f0-9]{64}\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(
        @"\A(?:(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[(?:[a-fA-F0-9:]+)\])(?::[0-9]+)?/)"
        + @"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*"
        + @"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?\z")]
    private static partial Regex Grammar();
}
