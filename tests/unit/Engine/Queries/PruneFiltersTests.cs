using Vitrine.Engine.Queries;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Queries;

public sealed class PruneFiltersTests
{
    private static readonly DateTimeOffset s_now = new(2024, 2, 29, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("10m", "2024-02-29T11:50:00Z")]
    [InlineData("1h30m", "2024-02-29T10:30:00Z")]
    [InlineData("1709200000", "2024-02-29T09:46:40Z")]
    [InlineData("2024-02-29T11:00:00Z", "2024-02-29T11:00:00Z")]
    public void Parse_Moment(string text, string moment) =>
        Assert.Equal(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture), MomentFilter.Parse(text, s_now));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("10y")]
    [InlineData("m")]
    public void Parse_Garbage_IsNamed(string text) =>
        Assert.Contains($"\"{text}\"", Assert.Throws<VitrineException>(() => MomentFilter.Parse(text, s_now)).Message, StringComparison.Ordinal);

    [Fact]
    public void Matches_LabelsMustAllBeThere_AndTheOthersNot()
    {
        var filters = Filters(("label", "a"), ("label", "b=1"), ("label!", "c"));

        Assert.True(filters.Matches(s_now, new Dictionary<string, string> { ["a"] = "", ["b"] = "1" }));
        Assert.False(filters.Matches(s_now, new Dictionary<string, string> { ["a"] = "", ["b"] = "2" }));
        Assert.False(filters.Matches(s_now, new Dictionary<string, string> { ["a"] = "", ["b"] = "1", ["c"] = "" }));
        Assert.False(filters.Matches(s_now, null));
    }

    [Fact]
    public void Matches_Until_IsForWhatIsOlder()
    {
        var filters = Filters(("until", "2024-02-29T11:00:00Z"));

        Assert.True(filters.Matches(s_now.AddHours(-2), null));
        Assert.False(filters.Matches(s_now, null));
    }

    private static PruneFilters Filters(params (string Name, string Value)[] filters) => new(
        filters.GroupBy(filter => filter.Name, filter => filter.Value).ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group]),
        TimeProvider.System);
}
