using Vitrine.Engine.Docker;
using Vitrine.Engine.Files;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Files;

public sealed class ContainerPathTests
{
    [Theory]
    [InlineData("/etc/passwd", "/etc/passwd", "passwd", "/etc", "etc/passwd")]
    [InlineData("etc", "/etc", "etc", "/", "etc")]
    [InlineData("/etc/", "/etc/", "etc", "/etc", "etc")]
    [InlineData("/etc/.", "/etc/.", ".", "/etc", "etc")]
    [InlineData("/a/../../b", "/b", "b", "/", "b")]
    [InlineData("/", "/", "/", "/", "")]
    [InlineData(".", "/.", ".", "/", "")]
    public void Path_KeepsItsEndAndNothingElse(string asked, string text, string name, string directory, string relative)
    {
        var path = ContainerPath.Parse(asked);

        Assert.Equal((text, name, directory, relative), (path.Text, path.Base, path.Directory, path.Relative));
    }

    [Theory]
    [InlineData(0x41ed, 0x800001ed)]
    [InlineData(0xa1ff, 0x080001ff)]
    [InlineData(0x2190, 0x04200190)]
    [InlineData(0x8fff, 0x00d001ff)]
    [InlineData(0x1180, 0x02000180)]
    public void Mode_IsGos(uint kernel, uint go) => Assert.Equal(go, PathStat.GoMode(new FileStatus { Mode = kernel }));
}
