using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Proc;

public sealed class ProcWalkTests : IDisposable
{
    private readonly FakeProc files = new();

    [Fact]
    public void Read_FilesOfTwoProcesses_AreEachsOwn()
    {
        files.Write("7/status", "Name:\ta\nPid:\t7\n").Write("8/status", new string('x', 20_000)).Write("8/cgroup", "0::/\n");
        using var walk = new ProcWalk(files.Root);

        Assert.Equal(Errno.None, walk.Enter(7));
        Assert.Equal("Name:\ta\nPid:\t7\n"u8, walk.Read("status"u8, out _));
        Assert.True(walk.Read("cgroup"u8, out var errno).IsEmpty);
        Assert.Equal(Errno.ENOENT, errno);
        Assert.Equal(Errno.None, walk.Enter(8));
        Assert.Equal(20_000, walk.Read("status"u8, out errno).Length);
        Assert.Equal(Errno.None, errno);
        Assert.Equal("0::/\n"u8, walk.Read("cgroup"u8, out _));
        Assert.Equal(Errno.ENOENT, walk.Enter(9));
    }

    [Fact]
    public void Namespaces_KindTheKernelLacks_IsZero()
    {
        files.Link("7/ns/user", "user:[11]").Link("7/ns/net", "net:[4026531840]");
        using var walk = new ProcWalk(files.Root);
        walk.Enter(7);
        var inodes = new ulong[8];

        Assert.Equal(Errno.None, walk.Namespaces(inodes));

        Assert.Equal([11, 0, 0, 4026531840, 0, 0, 0, 0], inodes);
    }

    [Fact]
    public void Namespaces_ThisProcess_AreWhatTheKernelSays()
    {
        using var walk = new ProcWalk("/proc");
        walk.Enter(Environment.ProcessId);
        var inodes = new ulong[8];

        Assert.Equal(Errno.None, walk.Namespaces(inodes));

        var expected = new ulong[8];
        foreach (var id in new ProcFs().Namespaces(Environment.ProcessId))
            expected[(int)id.Kind] = id.Inode;
        Assert.Equal(expected, inodes);
    }

    [Fact]
    public void Constructor_NoProcfs_Throws() => Assert.Throws<LinuxException>(() => new ProcWalk(files.Root + "/nowhere"));

    public void Dispose() => files.Dispose();
}

public sealed class ProcGlanceTests
{
    [Fact]
    public void TryParse_Status_HasWhatTheWalkNeeds()
    {
        Assert.True(ProcGlance.TryParse("""
            Name:	a\\b\nc
            State:	S (sleeping)
            Pid:	71
            PPid:	70
            Uid:	1000	1001	1001	1001
            NSpid:	71	5	1
            CapEff:	00000000a80425fb
            CapBnd:	000001ffffffffff
            NoNewPrivs:	1
            Seccomp:	2

            """u8, out var glance));

        Assert.Equal(("a\\b\nc", 'S', 71, 70, 1001u), (glance.Command, glance.State, glance.Pid, glance.ParentPid, glance.User));
        Assert.Equal((3, 1, 0xa80425fbul, 0x1ffffffffffUL, true, 2), (glance.PidNamespaces, glance.InnermostPid, glance.CapEffective, glance.CapBounding, glance.NoNewPrivileges, glance.SeccompMode));
    }

    [Fact]
    public void TryParse_NothingOfAProcess_IsFalse() => Assert.False(ProcGlance.TryParse("garbage"u8, out _));
}
