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

    [Theory]
    [InlineData("/data", "/data", true)]
    [InlineData("/data/x", "/data", true)]
    [InlineData("/database", "/data", false)]
    [InlineData("/data", "/data/x", false)]
    [InlineData("/data", "/", true)]
    public void IsBelow_Directory_TakesWholeNamesOnly(string path, string directory, bool expected) => Assert.Equal(expected, AbsolutePath.IsBelow(path, directory));
}
