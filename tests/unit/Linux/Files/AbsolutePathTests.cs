using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Files;

public sealed class AbsolutePathTests
{
    [Theory]
    [InlineData("/a/./b/../c//", "/a/c")]
    [InlineData("/../..", "/")]
    [InlineData("/", "/")]
    public void Clean_Path_IsAsGoCleansIt(string path, string expected) => Assert.Equal(expected, AbsolutePath.Clean(path));
}
