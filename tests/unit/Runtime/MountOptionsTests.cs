using Vitrine.Linux;
using Vitrine.Runtime;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime;

public sealed class MountOptionsTests
{
    [Fact]
    public void Parse_AttributesAndData_AreToldApart()
    {
        var options = MountOptions.Parse(["nosuid", "noexec", "size=64k", "mode=755", "newinstance", "defaults"]);

        Assert.Equal(MountAttributes.NoSuid | MountAttributes.NoExec, options.Set);
        Assert.Equal(["size=64k", "mode=755", "newinstance"], options.Data);
        Assert.False(options.Bind);
    }

    [Theory]
    [InlineData("ro,rw", MountAttributes.None, MountAttributes.ReadOnly)]
    [InlineData("rw,ro", MountAttributes.ReadOnly, MountAttributes.None)]
    [InlineData("noatime", MountAttributes.NoAccessTime, MountAttributes.AccessTimeMask)]
    [InlineData("noatime,relatime", MountAttributes.None, MountAttributes.AccessTimeMask)]
    [InlineData("strictatime,noatime", MountAttributes.NoAccessTime, MountAttributes.AccessTimeMask)]
    public void Parse_LaterOption_Wins(string options, MountAttributes set, MountAttributes clear)
    {
        var parsed = MountOptions.Parse(options.Split(','));

        Assert.Equal(set, parsed.Set);
        Assert.Equal(clear, parsed.Clear);
    }

    [Theory]
    [InlineData("private", MountPropagation.Private, false)]
    [InlineData("rslave", MountPropagation.Slave, true)]
    [InlineData("shared", MountPropagation.Shared, false)]
    [InlineData("runbindable", MountPropagation.Unbindable, true)]
    public void Parse_Propagation_IsNoData(string option, MountPropagation propagation, bool recursive)
    {
        var parsed = MountOptions.Parse([option]);

        Assert.Equal(propagation, parsed.Propagation);
        Assert.Equal(recursive, parsed.PropagateRecursively);
        Assert.Empty(parsed.Data);
    }

    [Fact]
    public void Parse_RecursiveAttribute_IsKeptApart()
    {
        var parsed = MountOptions.Parse(["rbind", "rro", "nodev"]);

        Assert.True(parsed.BindRecursively);
        Assert.Equal(MountAttributes.ReadOnly, parsed.SetRecursively);
        Assert.Equal(MountAttributes.NoDev, parsed.Set);
        Assert.True(parsed.ReadOnly);
    }

    [Theory]
    [InlineData("remount")]
    [InlineData("tmpcopyup")]
    public void Parse_UnsupportedOption_IsRefused(string option) =>
        Assert.Equal(ErrorKind.NotImplemented, Assert.Throws<VitrineException>(() => MountOptions.Parse([option])).Kind);
}
