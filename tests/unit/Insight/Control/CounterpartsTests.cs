using Vitrine.Insight.Control;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Control;

public sealed class CounterpartsTests
{
    [Theory]
    [InlineData("memory.max", "104857600", "memory.limit_in_bytes=104857600")]
    [InlineData("memory.max", "max", "memory.limit_in_bytes=9223372036854771712")]
    [InlineData("memory.limit_in_bytes", "-1", "memory.max=max")]
    [InlineData("memory.limit_in_bytes", "4096", "memory.max=4096")]
    [InlineData("memory.swap.max", "100", "memory.memsw.limit_in_bytes=300;memory.limit_in_bytes=200")]
    [InlineData("memory.swap.max", "max", "memory.memsw.limit_in_bytes=9223372036854771712;memory.limit_in_bytes=200")]
    [InlineData("memory.memsw.limit_in_bytes", "300", "memory.swap.max=100;memory.max=200")]
    [InlineData("memory.low", "0", "memory.soft_limit_in_bytes=9223372036854771712")]
    [InlineData("memory.high", "max", "memory.soft_limit_in_bytes=9223372036854771712")]
    [InlineData("memory.high", "4096", "memory.soft_limit_in_bytes=4096")]
    [InlineData("memory.soft_limit_in_bytes", "-1", "memory.low=0")]
    [InlineData("cpu.max", "50000 100000", "cpu.cfs_quota_us=50000;cpu.cfs_period_us=100000")]
    [InlineData("cpu.max", "max 100000", "cpu.cfs_quota_us=-1;cpu.cfs_period_us=100000")]
    [InlineData("cpu.cfs_quota_us", "-1", "cpu.max=max 100000")]
    [InlineData("cpu.cfs_period_us", "100000", "cpu.max=max 100000")]
    [InlineData("cpu.weight", "100", "cpu.shares=1024")]
    [InlineData("cpuacct.usage", "5000", "cpu.stat=usage_usec 5\nuser_usec 4")]
    [InlineData("cpuset.cpus.effective", "0-1", "cpuset.effective_cpus=0-1")]
    [InlineData("io.weight", "default 910", "blkio.bfq.weight=100")]
    [InlineData("blkio.weight", "100", "io.weight=default 910\n8:0 50")]
    [InlineData("io.max", "8:0 rbps=100 wbps=max riops=max wiops=7", "blkio.throttle.read_bps_device=8:0 100;blkio.throttle.write_bps_device=;blkio.throttle.read_iops_device=;blkio.throttle.write_iops_device=8:0 7")]
    [InlineData("blkio.throttle.read_bps_device", "8:0 100\n8:16 5", "io.max=8:0 rbps=100 wbps=max\n8:16 rbps=5\n8:32 rbps=max")]
    [InlineData("freezer.state", "FREEZING", "cgroup.freeze=1;cgroup.events=populated 1\nfrozen 0")]
    [InlineData("freezer.state", "FROZEN", "cgroup.freeze=1;cgroup.events=frozen 1")]
    [InlineData("cgroup.freeze", "1", "freezer.state=FREEZING")]
    [InlineData("hugetlb.2MB.max", "max", "hugetlb.2MB.limit_in_bytes=9223372036854771712")]
    [InlineData("hugetlb.1GB.rsvd.limit_in_bytes", "4096", "hugetlb.1GB.rsvd.max=4096")]
    [InlineData("memory.failcnt", "3", "memory.events=low 1\nmax 3")]
    public void Read_NameOfTheOtherVersion_IsTranslated(string name, string value, string files) =>
        Assert.Equal(value, Counterparts.Of(name).Select(counterpart => counterpart.Read(name, Files(files))).OfType<string>().FirstOrDefault());

    [Theory]
    [InlineData("memory.max", "4096", "memory.limit_in_bytes=4096", "")]
    [InlineData("memory.max", "max", "memory.limit_in_bytes=-1", "")]
    [InlineData("memory.limit_in_bytes", "-1", "memory.max=max", "")]
    [InlineData("memory.swap.max", "100", "memory.memsw.limit_in_bytes=300", "memory.limit_in_bytes=200")]
    [InlineData("memory.memsw.limit_in_bytes", "300", "memory.swap.max=100", "memory.max=200")]
    [InlineData("memory.low", "0", "memory.soft_limit_in_bytes=-1", "")]
    [InlineData("memory.soft_limit_in_bytes", "-1", "memory.low=0", "")]
    [InlineData("cpu.shares", "1024", "cpu.weight=100", "")]
    [InlineData("cpu.max", "50000 200000", "cpu.cfs_period_us=200000,cpu.cfs_quota_us=50000", "")]
    [InlineData("cpu.max", "max", "cpu.cfs_quota_us=-1", "")]
    [InlineData("cpu.cfs_quota_us", "-1", "cpu.max=max", "")]
    [InlineData("cpu.cfs_period_us", "50000", "cpu.max=7000 50000", "cpu.max=7000 100000")]
    [InlineData("io.weight", "default 910", "blkio.bfq.weight=100", "")]
    [InlineData("blkio.bfq.weight", "100", "io.weight=default 910", "")]
    [InlineData("io.max", "8:0 rbps=100 wiops=max", "blkio.throttle.read_bps_device=8:0 100,blkio.throttle.write_iops_device=8:0 0", "")]
    [InlineData("blkio.throttle.write_bps_device", "8:0 0", "io.max=8:0 wbps=max", "")]
    [InlineData("cgroup.freeze", "1", "freezer.state=FROZEN", "")]
    [InlineData("freezer.state", "THAWED", "cgroup.freeze=0", "")]
    [InlineData("hugetlb.2MB.limit_in_bytes", "-1", "hugetlb.2MB.max=max", "")]
    public void Write_NameOfTheOtherVersion_IsTranslated(string name, string value, string writes, string files)
    {
        var done = Counterparts.Of(name).Select(counterpart => counterpart.Write(name, Files(files), value)).First(list => list is not null)!;

        Assert.Equal(writes, string.Join(',', done.Select(write => $"{write.File}={write.Value}")));
    }

    [Fact]
    public void Swap_WithoutALimitOfMemory_CannotBeTranslated()
    {
        var swap = Counterparts.Of("memory.swap.max").Single();

        Assert.Contains("memory.max", Assert.Throws<VitrineException>(() => swap.Write("memory.swap.max", Files("memory.limit_in_bytes=9223372036854771712"), "5")).Message, StringComparison.Ordinal);
        Assert.Throws<VitrineException>(() => swap.Write("memory.memsw.limit_in_bytes", Files("memory.max=300"), "200"));
    }

    [Fact]
    public void Weights_ThereAndBack_AreTheSame()
    {
        var shares = Counterparts.Of("cpu.weight").Single();
        for (var weight = 1; weight <= 10_000; weight++)
        {
            var write = shares.Write("cpu.weight", Files(""), $"{weight}")!.Single();
            var back = ulong.Parse(shares.Read("cpu.weight", Files($"cpu.shares={write.Value}"))!);
            // Some weights, at the low end, are between two numbers of shares.
            Assert.InRange(back, (ulong)weight - Math.Min((ulong)weight - 1, 1), (ulong)weight);
        }

        for (ulong weight = 10; weight <= 1000; weight++)
            Assert.Equal(weight, CgroupScale.BlockIoOfWeight(CgroupScale.WeightOfBlockIo((ushort)weight)));
    }

    [Theory]
    [InlineData("devices.deny", "eBPF")]
    [InlineData("memory.swappiness", "swap.max")]
    [InlineData("memory.oom_control", "OOM")]
    [InlineData("cpu.pressure", "/proc/pressure")]
    public void Missing_IsExplained(string name, string reason)
    {
        Assert.Empty(Counterparts.Of(name));
        Assert.Contains(reason, Counterparts.Missing(name), StringComparison.Ordinal);
    }

    private static FakeControlFiles Files(string text) => new(
        [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(file => (file[..file.IndexOf('=')], file[(file.IndexOf('=') + 1)..]))]);
}
