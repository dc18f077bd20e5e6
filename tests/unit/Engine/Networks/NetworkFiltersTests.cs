using Vitrine.Engine.Networks;
using Vitrine.Network;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Networks;

public sealed class NetworkFiltersTests
{
    private static readonly NetworkRecord s_network = new() { Id = new string('a', 64), Name = "front", Driver = "bridge", Created = DateTimeOffset.UtcNow.AddMinutes(-30).ToString("O") };

    [Theory]
    [InlineData("10m", true)]
    [InlineData("1h", false)]
    [InlineData("2020-01-01T00:00:00Z", false)]
    [InlineData("4102444800", true)]
    public void Until_TakesDurationsAndMoments(string until, bool matches) =>
        Assert.Equal(matches, Filters("until", until).Matches(s_network));

    [Theory]
    [InlineData("until", "soon")]
    [InlineData("type", "mine")]
    [InlineData("colour", "red")]
    [InlineData("dangling", "maybe")]
    public void Constructor_WhatIsNoFilter_IsRefusedThoughThereIsNoNetwork(string name, string value) =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<VitrineException>(() => Filters(name, value)).Kind);

    [Theory]
    [InlineData("front", true)]
    [InlineData("used", false)]
    [InlineData(NetworkRecord.DefaultName, false)]
    public void Dangling_IsWhatAUserMadeAndNobodyUses(string name, bool isDangling)
    {
        Assert.Equal(isDangling, Filters("dangling", "true").Matches(s_network with { Name = name }));
        Assert.Equal(!isDangling, Filters("dangling", "false").Matches(s_network with { Name = name }));
    }

    private static NetworkFilters Filters(string name, string value) =>
        new(new Dictionary<string, IReadOnlyList<string>> { [name] = [value] }, isPrune: name == "until", static () => ["used"], TimeProvider.System);
}
