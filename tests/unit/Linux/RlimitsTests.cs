using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux;

public sealed class RlimitsTests
{
    [Fact]
    public void EveryLimit_ParsesFromBothNames()
    {
        for (var resource = 0; resource < Rlimits.Count; resource++)
        {
            Assert.True(Rlimits.TryParse(Rlimits.Name(resource), out var kernel));
            Assert.True(Rlimits.TryParse(Rlimits.ShortName(resource), out var docker));
            Assert.Equal((resource, resource), (kernel, docker));
        }
    }

    [Theory]
    [InlineData("RLIMIT_NOFILE", 7)]
    [InlineData("nproc", 6)]
    [InlineData("as", 9)]
    public void TryParse_KnownName_GivesTheKernelsNumber(string name, int expected)
    {
        Assert.True(Rlimits.TryParse(name, out var resource));
        Assert.Equal(expected, resource);
    }

    [Theory]
    [InlineData("")]
    [InlineData("RLIMIT_")]
    [InlineData("files")]
    public void TryParse_UnknownName_IsRefused(string name) => Assert.False(Rlimits.TryParse(name, out _));

    [Fact]
    public void Name_OutOfRange_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => Rlimits.Name(16));
}
