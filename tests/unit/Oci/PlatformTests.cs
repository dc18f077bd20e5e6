using Vitrine.Oci;
using Xunit;

namespace Vitrine.Tests.Unit.Oci;

public sealed class PlatformTests
{
    [Theory]
    [InlineData("linux/amd64", "linux/amd64")]
    [InlineData("linux/x86_64", "linux/amd64")]
    [InlineData("Linux/AMD64/v1", "linux/amd64")]
    [InlineData("arm64", "linux/arm64")]
    [InlineData("aarch64", "linux/arm64")]
    [InlineData("linux/arm64/v8", "linux/arm64")]
    [InlineData("armhf", "linux/arm/v7")]
    [InlineData("linux/arm", "linux/arm/v7")]
    [InlineData("linux/arm/6", "linux/arm/v6")]
    [InlineData("i386", "linux/386")]
    [InlineData("windows/amd64", "windows/amd64")]
    [InlineData("macos/arm64", "darwin/arm64")]
    public void Parse_Platform_Normalizes(string text, string expected) => Assert.Equal(expected, Platform.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("linux/")]
    [InlineData("linux/amd64/v1/x")]
    [InlineData("linux/am d64")]
    public void Parse_Nonsense_IsInvalid(string text) =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<VitrineException>(() => Platform.Parse(text)).Kind);

    [Fact]
    public void Parse_SystemAlone_IsOnThisProcessor() =>
        Assert.Equal(Platform.Host.Architecture, Platform.Parse("linux").Architecture);

    [Theory]
    [InlineData("linux/amd64", "linux/386;linux/amd64", "linux/amd64")]
    [InlineData("linux/amd64/v3", "linux/amd64;linux/amd64/v2;linux/amd64/v4", "linux/amd64/v2")]
    [InlineData("linux/amd64/v3", "linux/amd64/v4;linux/amd64", "linux/amd64")]
    [InlineData("linux/amd64", "linux/amd64/v2", null)]
    [InlineData("linux/arm/v7", "linux/arm/v5;linux/arm/v6;linux/arm64", "linux/arm/v6")]
    [InlineData("linux/arm/v5", "linux/arm/v6", null)]
    [InlineData("linux/arm64", "linux/arm/v7;linux/arm64/v8", "linux/arm64/v8")]
    [InlineData("linux/arm64", "linux/arm/v6;linux/arm/v7", "linux/arm/v7")]
    [InlineData("linux/arm64/v8.2", "linux/arm64", "linux/arm64")]
    [InlineData("linux/s390x", "linux/amd64;windows/s390x", null)]
    public void Choose_Variants_AsContainerdDoes(string wanted, string offered, string? expected)
    {
        var candidates = offered.Split(';').Select(Raw).ToList();

        Assert.Equal(expected, Platform.Parse(wanted).Choose(candidates, static platform => platform)?.ToString());
    }

    [Fact]
    public void Choose_TwoOfTheSame_TakesTheFirst()
    {
        var candidates = new[] { Raw("linux/amd64") with { OsVersion = "1" }, Raw("linux/amd64") with { OsVersion = "2" } };

        Assert.Equal("1", Platform.Parse("linux/amd64").Choose(candidates, static platform => platform)?.OsVersion);
    }

    private static Platform Raw(string text)
    {
        var parts = text.Split('/');
        return new Platform { Os = parts[0], Architecture = parts[1], Variant = parts.Length > 2 ? parts[2] : null };
    }
}
