using System.Text;
using Vitrine.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Proc;

public sealed class ProcParserTests
{
    [Fact]
    public void Cgroup_V1HybridAndV2_AreToldApart()
    {
        var memberships = CgroupMembership.Parse("""
            9:name=systemd:/user.slice
            5:cpu,cpuacct:/docker/ab:cd
            4:memory:/../other
            0::/init.scope

            """u8);

        Assert.Equal(4, memberships.Count);
        Assert.Equal(("systemd", "/user.slice", false), (memberships[0].Name!, memberships[0].Path, memberships[0].IsV2));
        Assert.Equal(["cpu", "cpuacct"], memberships[1].Controllers);
        Assert.Equal("/docker/ab:cd", memberships[1].Path);
        Assert.Equal("/../other", memberships[2].Path);
        Assert.True(memberships[3].IsV2);
        Assert.Equal("/init.scope", memberships[3].Path);
    }

    [Theory]
    [InlineData("cpu:/x")]
    [InlineData("x:cpu:/x")]
    [InlineData("1:cpu:x")]
    [InlineData("1:cpu:")]
    [InlineData("-1:cpu:/")]
    public void Cgroup_MalformedLine_IsLeftOut(string line) =>
        Assert.Single(CgroupMembership.Parse(Encoding.UTF8.GetBytes($"{line}\n0::/ok\n")));

    [Fact]
    public void MountInfo_OptionalFields_AreKept()
    {
        var mount = Assert.Single(MountEntry.Parse(
            "36 35 98:7 /mnt1 /mnt2 rw,noatime shared:3 master:1 - fuse.sshfs host:/x rw,errors=continue\n"u8));

        Assert.Equal((36, 35, 98u, 7u), (mount.Id, mount.ParentId, mount.Major, mount.Minor));
        Assert.Equal(("/mnt1", "/mnt2", "fuse.sshfs", "host:/x"), (mount.Root, mount.MountPoint, mount.FileSystem, mount.Source));
        Assert.Equal(["rw", "noatime"], mount.Options);
        Assert.Equal(["shared:3", "master:1"], mount.Propagation);
        Assert.Equal("continue", mount.SuperOption("errors"));
        Assert.Null(mount.SuperOption("error"));
    }

    [Fact]
    public void MountInfo_OctalEscapes_AreDecoded()
    {
        var mount = Assert.Single(MountEntry.Parse(
            @"1 0 0:9 /a\040b /x\134y\011z\012 ro - overlay over\043lay rw,lowerdir=/l\054ower:/two,upperdir=/u\0"u8));

        Assert.Equal(("/a b", "/x\\y\tz\n", "over#lay"), (mount.Root, mount.MountPoint, mount.Source));
        Assert.Equal("/l,ower:/two", mount.SuperOption("lowerdir"));
        Assert.Equal(@"/u\0", mount.SuperOption("upperdir"));
        Assert.True(mount.IsReadOnly);
    }

    [Fact]
    public void MountInfo_EmptySource_DoesNotShiftTheOptions()
    {
        var mount = Assert.Single(MountEntry.Parse("1 0 0:9 / /x rw - tmpfs  rw,size=4k\n"u8));

        Assert.Equal("", mount.Source);
        Assert.Equal("4k", mount.SuperOption("size"));
    }

    [Theory]
    [InlineData("36 35 98:0 /a /b rw")]
    [InlineData("36 35 98 /a /b rw - ext4 x rw")]
    [InlineData("36 x 98:0 /a /b rw - ext4 x rw")]
    public void MountInfo_MalformedLine_IsLeftOut(string line) =>
        Assert.Empty(MountEntry.Parse(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void Limits_Columns_AreReadByWidth()
    {
        var limits = ProcLimit.Parse("""
            Limit                     Soft Limit           Hard Limit           Units     
            Max cpu time              unlimited            unlimited            seconds   
            Max open files            1024                 1048576              files     
            Max nice priority         0                    0                    
            Max realtime timeout      unlimited            unlimited            us        

            """u8);

        Assert.Equal(
            [
                new ProcLimit("Max cpu time", null, null, "seconds"),
                new ProcLimit("Max open files", 1024, 1048576, "files"),
                new ProcLimit("Max nice priority", 0, 0, ""),
                new ProcLimit("Max realtime timeout", null, null, "us"),
            ],
            limits);
    }

    [Fact]
    public void IdMap_Ranges_AreRead()
    {
        var ranges = IdRange.Parse("         0     100000      65536\n     65536          0 4294967295\nx\n"u8);

        Assert.Equal([new IdRange(0, 100000, 65536), new IdRange(65536, 0, uint.MaxValue)], ranges);
        Assert.True(new IdRange(0, 0, uint.MaxValue).IsIdentityOfAll);
        Assert.False(ranges[1].IsIdentityOfAll);
    }

    [Theory]
    [InlineData(NamespaceKind.Mount, "mnt:[4026531832]", 4026531832ul)]
    [InlineData(NamespaceKind.Network, "net:[1]", 1ul)]
    public void NamespaceLink_AsTheKernelWritesIt_IsReadAndWrittenBack(NamespaceKind kind, string link, ulong inode)
    {
        Assert.True(NamespaceId.TryParse(kind, link, out var id));
        Assert.Equal(inode, id.Inode);
        Assert.Equal(link, id.ToString());
    }

    [Theory]
    [InlineData("mnt:[]")]
    [InlineData("mnt:[-1]")]
    [InlineData("mnt4026531832")]
    [InlineData("net:[1]")]
    [InlineData("mnt:[1")]
    [InlineData("")]
    public void NamespaceLink_Otherwise_IsRefused(string link) =>
        Assert.False(NamespaceId.TryParse(NamespaceKind.Mount, link, out _));
}
