using Vitrine.Engine;
using Xunit;

namespace Vitrine.Tests.Unit.Engine;

public sealed class ImageFiltersTests
{
    [Theory]
    [InlineData("busybox:latest", "busybox", true)]
    [InlineData("busybox:latest", "busy*", true)]
    [InlineData("busybox:latest", "busybox:lat?st", true)]
    [InlineData("busybox:latest", "box", false)]
    [InlineData("a/b:1", "a/*", true)]
    [InlineData("a/b/c:1", "a/*", false)]
    [InlineData("localhost:5000/x:2", "localhost:5000/x", true)]
    public void MatchesReference_Pattern_IsAGlobOverTheName(string name, string pattern, bool matches) =>
        Assert.Equal(matches, ImageFilters.MatchesReference(name, pattern));
}
