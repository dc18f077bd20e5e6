using Vitrine.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Proc;

public sealed class ProcStatusTests
{
    internal const string Nginx = """
        Name:	nginx
        Umask:	0022
        State:	S (sleeping)
        Tgid:	4711
        Ngid:	0
        Pid:	4711
        PPid:	4700
        TracerPid:	0
        Uid:	100101	100101	100101	100101
        Gid:	100102	100102	100102	100102
        FDSize:	64
        Groups:	100102 100200 
        NStgid:	4711	7	1
        NSpid:	4711	7	1
        NSpgid:	4711	7	1
        NSsid:	4711	7	1
        Kthread:	0
        VmPeak:	    5060 kB
        VmRSS:	    1596 kB
        Threads:	3
        SigQ:	0/96365
        CapInh:	0000000000000000
        CapPrm:	00000000a80425fb
        CapEff:	00000000a80425fa
        CapBnd:	00000000a80425fb
        CapAmb:	0000000000000400
        NoNewPrivs:	1
        Seccomp:	2
        Seccomp_filters:	1
        Cpus_allowed_list:	0-1
        Mems_allowed_list:	0

        """;

    [Fact]
    public void Parse_WholeFile_ReadsEveryField()
    {
        var status = ProcStatus.Parse(System.Text.Encoding.UTF8.GetBytes(Nginx))!;

        Assert.Equal(("nginx", 'S', 4711, 4700, 3), (status.Name, status.State, status.Pid, status.ParentPid, status.Threads));
        Assert.Equal(new IdSet(100101, 100101, 100101, 100101), status.User);
        Assert.Equal([100102u, 100200u], status.SupplementaryGroups);
        Assert.Equal([4711, 7, 1], status.NamespacePids);
        Assert.Equal(1, status.InnermostPid);
        Assert.Equal((0xa80425fbul, 0xa80425faul, 0x400ul), (status.CapPermitted, status.CapEffective, status.CapAmbient));
        Assert.Equal((true, 2, 1), (status.NoNewPrivileges!.Value, status.SeccompMode!.Value, status.SeccompFilters!.Value));
        Assert.Equal((1596L, "0-1", false), (status.ResidentKilobytes, status.CpusAllowed, status.IsKernelThread!.Value));
    }

    [Fact]
    public void Parse_OldKernel_SaysUnknownInsteadOfNo()
    {
        var status = ProcStatus.Parse("Name:\ta\nPid:\t5\n"u8)!;

        Assert.Null(status.NoNewPrivileges);
        Assert.Null(status.SeccompMode);
        Assert.Null(status.SeccompFilters);
        Assert.Null(status.IsKernelThread);
        Assert.Equal(5, status.InnermostPid);
    }

    [Fact]
    public void Parse_NameWithColon_KeepsIt() => Assert.Equal("a:b c", ProcStatus.Parse("Name:\ta:b c\nPid:\t5\n"u8)!.Name);

    [Fact]
    public void Parse_Nothing_IsNull() => Assert.Null(ProcStatus.Parse(""u8));
}
