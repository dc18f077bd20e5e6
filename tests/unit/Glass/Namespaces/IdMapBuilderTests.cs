using FsCheck;
using FsCheck.Fluent;
using Vitrine.Commands.CommandLine;
using Vitrine.Glass.Namespaces;
using Xunit;

namespace Vitrine.Tests.Unit.Glass.Namespaces;

public sealed class IdMapBuilderTests
{
    [Theory]
    [InlineData("0:100000:65536", 0u, 100000u, 65536u)]
    [InlineData("100000,0,65536", 0u, 100000u, 65536u)]
    [InlineData("5:5:1", 5u, 5u, 1u)]
    public void Range_OfEitherSyntax_IsRead(string text, uint inner, uint outer, uint count) =>
        Assert.Equal(new MappedRange(inner, outer, count), MappedRange.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("1:2")]
    [InlineData("1:2:0")]
    [InlineData("1:-2:3")]
    [InlineData("1,2,3,4")]
    [InlineData("1:2:4294967295")]
    public void Range_OfAnotherForm_IsRefused(string text) => Assert.Throws<FlagValueException>(() => MappedRange.Parse(text));

    [Fact]
    public void Build_SingleIdAlone_IsOneLine() => Assert.Equal("0 1000 1\n", IdMapBuilder.Build(0, 1000, []));

    [Fact]
    public void Build_Nothing_IsEmpty() => Assert.Equal("", IdMapBuilder.Build(null, 1000, []));

    [Fact]
    public void Build_RangeAroundTheSingleId_ClosesUp() =>
        Assert.Equal("0 1000 1\n1 100000 9\n", IdMapBuilder.Build(0, 1000, [new MappedRange(0, 100000, 10)]));

    [Fact]
    public void Build_SingleIdInTheMiddle_SplitsTheRange() =>
        Assert.Equal("5 1000 1\n0 100000 5\n6 100005 4\n", IdMapBuilder.Build(5, 1000, [new MappedRange(0, 100000, 10)]));

    [Fact]
    public void Build_OwnIdInsideTheOuterRange_IsMappedOnce() =>
        Assert.Equal("0 3 1\n1 0 3\n4 4 6\n", IdMapBuilder.Build(0, 3, [new MappedRange(0, 0, 10)]));

    [Fact]
    public void Build_AnyRange_MapsNoIdTwice()
    {
        var ids = Gen.Choose(0, 40).Select(id => (uint)id);
        var values = from single in ids from own in ids from inner in ids from outer in ids from count in Gen.Choose(1, 30) select (single, own, new MappedRange(inner, outer, (uint)count));
        Check.One(Properties.Config(500), Prop.ForAll(values.ToArbitrary(), value =>
        {
            var (single, own, range) = value;
            var pairs = Pairs(IdMapBuilder.Build(single, own, [range]));
            return pairs.Select(pair => pair.Inner).Distinct().Count() == pairs.Count && pairs.Select(pair => pair.Outer).Distinct().Count() == pairs.Count
                && pairs.Contains((single, own)) && pairs.Count <= range.Count + 1;
        }));
    }

    private static List<(uint Inner, uint Outer)> Pairs(string map)
    {
        var pairs = new List<(uint, uint)>();
        foreach (var line in map.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var numbers = line.Split(' ').Select(uint.Parse).ToArray();
            for (var i = 0u; i < numbers[2]; i++)
                pairs.Add((numbers[0] + i, numbers[1] + i));
        }

        return pairs;
    }
}
