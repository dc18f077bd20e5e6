using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Cgroups;

public sealed class CgroupScaleTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(1024, 100)]
    [InlineData(262_144, 10_000)]
    [InlineData(300_000, 10_000)]
    public void WeightOfShares_EndsAndDefault_MapToEndsAndDefault(ulong shares, ulong weight) =>
        Assert.Equal(weight, CgroupScale.WeightOfShares(shares));

    [Fact]
    public void WeightOfShares_AnyShares_GrowsAndStaysInRange()
    {
        var last = 1UL;
        for (var shares = 2UL; shares <= 262_144; shares += 7)
        {
            var weight = CgroupScale.WeightOfShares(shares);
            Assert.InRange(weight, last, 10_000UL);
            last = weight;
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(100, 1024)]
    [InlineData(10_000, 262_144)]
    public void SharesOfWeight_EndsAndDefault_MapBack(ulong weight, ulong shares) => Assert.Equal(shares, CgroupScale.SharesOfWeight(weight));

    [Theory]
    [InlineData(10, 1)]
    [InlineData(1000, 10_000)]
    [InlineData(300, 2930)]
    public void WeightOfBlockIo_Ends_MapToEnds(ushort weight, ulong expected) => Assert.Equal(expected, CgroupScale.WeightOfBlockIo(weight));
}
