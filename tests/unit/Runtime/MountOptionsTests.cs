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

    [Fact]
    public void Parse_WhatIsNoOptionOfAFilesystem_IsNoData()
    {
        var parsed = MountOptions.Parse(["remount", "tmpcopyup", "copy-symlink", "ridmap"]);

        Assert.True(parsed is { Remount: true, CopyUp: true, CopyLink: true, IdMapped: true, IdMapsRecursively: true });
        Assert.False(MountOptions.Parse(["idmap"]).IdMapsRecursively);
        Assert.Empty(parsed.Data);
        var source = MountOptions.Parse(["X-mount.subdir=a/b", "X-vitrine.namespace=/proc/1/ns/mnt"]);
        Assert.Equal(("a/b", "/proc/1/ns/mnt"), (source.Subdirectory, source.Namespace));
        Assert.Empty(source.Data);
    }

    /// <summary>Every option of the table in runtime-spec config.md, "Linux mount options".</summary>
    [Fact]
    public void Parse_EveryOptionOfTheSpecification_IsUnderstood()
    {
        const string attributes = "atime dev diratime exec noatime nodev nodiratime noexec norelatime nostrictatime nosuid nosymfollow " +
            "relatime ro rw strictatime suid symfollow";
        foreach (var option in attributes.Split(' '))
        {
            Assert.True(Changes(MountOptions.Parse([option]), recursive: false), option);
            Assert.True(Changes(MountOptions.Parse(["r" + option]), recursive: true), "r" + option);
        }

        foreach (var option in "async defaults iversion loud mand noiversion nolazytime nomand silent".Split(' '))
            Assert.Empty(MountOptions.Parse([option]).Data);
        foreach (var option in "dirsync lazytime sync".Split(' '))
            Assert.Equal([option], MountOptions.Parse([option]).Data);
    }

    private static bool Changes(MountOptions options, bool recursive) => options.Data.Count == 0 && (recursive
        ? (options.SetRecursively | options.ClearRecursively) != MountAttributes.None && (options.Set | options.Clear) == MountAttributes.None
        : (options.Set | options.Clear) != MountAttributes.None && (options.SetRecursively | options.ClearRecursively) == MountAttributes.None);
}
