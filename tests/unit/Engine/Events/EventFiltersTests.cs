using System.Text;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Events;
using Vitrine.ShimProtocol.Events;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Events;

public sealed class EventFiltersTests
{
    private static readonly EventEntry s_start = new()
    {
        Type = "container",
        Action = "start",
        Id = "abc123",
        Attributes = new Dictionary<string, string> { ["image"] = "registry:5000/web:1", ["name"] = "shop", ["tier"] = "front" },
        TimeNano = 1_700_000_000_000_000_007,
    };

    [Theory]
    [InlineData("event", "start", true)]
    [InlineData("event", "star", false)]
    [InlineData("type", "container", true)]
    [InlineData("type", "image", false)]
    [InlineData("container", "abc", true)]
    [InlineData("container", "shop", true)]
    [InlineData("container", "hop", false)]
    [InlineData("image", "registry:5000/web:1", true)]
    [InlineData("image", "registry:5000/web", true)]
    [InlineData("image", "registry", false)]
    [InlineData("label", "tier", true)]
    [InlineData("label", "tier=front", true)]
    [InlineData("label", "tier=back", false)]
    [InlineData("scope", "local", true)]
    [InlineData("scope", "swarm", false)]
    public void Matches_OneFilter(string filter, string value, bool matches) => Assert.Equal(matches, Filters((filter, value)).Matches(s_start));

    [Theory]
    [InlineData("health_status", "health_status: healthy", true)]
    [InlineData("health_status: healthy", "health_status: healthy", true)]
    [InlineData("exec_create", "exec_create: sh", true)]
    [InlineData("exec_die", "exec_die", true)]
    [InlineData("exec", "exec_die", false)]
    public void Matches_ActionsThatGoOnAfterTheirName(string wanted, string action, bool matches) =>
        Assert.Equal(matches, Filters(("event", wanted)).Matches(s_start with { Action = action }));

    [Fact]
    public void Matches_ValuesAreAlternativesButLabelsAreNot()
    {
        Assert.True(Filters(("event", "die"), ("event", "start")).Matches(s_start));
        Assert.False(Filters(("label", "tier"), ("label", "zone")).Matches(s_start));
    }

    [Fact]
    public void New_UnknownFilter_IsNamed() =>
        Assert.Contains("colour", Assert.Throws<VitrineException>(() => Filters(("colour", "red"))).Message, StringComparison.Ordinal);

    [Fact]
    public void ToJson_IsWhatDockerStreams() => Assert.Equal(
        """{"status":"start","id":"abc123","from":"registry:5000/web:1","Type":"container","Action":"start","Actor":{"ID":"abc123","Attributes":{"image":"registry:5000/web:1","name":"shop","tier":"front"}},"scope":"local","time":1700000000,"timeNano":1700000000000000007}""",
        Encoding.UTF8.GetString(new EventMessage(s_start).ToJson().Span));

    private static EventFilters Filters(params (string Name, string Value)[] filters) => new(filters
        .GroupBy(filter => filter.Name, filter => filter.Value)
        .ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group]));
}
