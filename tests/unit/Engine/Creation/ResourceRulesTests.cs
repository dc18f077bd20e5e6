using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Creation;

public sealed class ResourceRulesTests
{
    public static TheoryData<HostConfig, string> Wrong => new()
    {
        { new() { Memory = 6_291_455 }, "Minimum memory limit allowed is 6MB" },
        { new() { Memory = 1 << 30, MemorySwap = 1 << 29 }, "Minimum memoryswap limit should be larger than memory limit, see usage" },
        { new() { MemorySwap = 1 << 30 }, "You should always set the Memory limit when using Memoryswap limit, see usage" },
        { new() { MemorySwappiness = 101 }, "Invalid value: 101, valid memory swappiness range is 0-100" },
        { new() { MemoryReservation = 1024 }, "Minimum memory reservation allowed is 6MB" },
        { new() { Memory = 1 << 28, MemoryReservation = 1 << 29 }, "Minimum memory limit can not be less than memory reservation limit, see usage" },
        { new() { NanoCpus = 1, CpuPeriod = 1000 }, "Conflicting options: Nano CPUs and CPU Period cannot both be set" },
        { new() { NanoCpus = 1, CpuQuota = 1000 }, "Conflicting options: Nano CPUs and CPU Quota cannot both be set" },
        { new() { NanoCpus = 4_000_000_001 }, "Range of CPUs is from 0.01 to 4.00, as there are only 4 CPUs available" },
        { new() { CpuPeriod = 999 }, "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)" },
        { new() { CpuPeriod = 1_000_001 }, "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)" },
        { new() { CpuQuota = 999 }, "CPU cfs quota can not be less than 1ms (i.e. 1000)" },
        { new() { CpusetCpus = "0-9" }, "Requested CPUs are not available - requested 0-9, available: 0-3" },
        { new() { CpusetCpus = "3-1" }, "Invalid value 3-1 for cpuset cpus" },
        { new() { CpusetCpus = "0-99999999999" }, "Invalid value 0-99999999999 for cpuset cpus" },
        { new() { CpusetMems = "1" }, "Requested memory nodes are not available - requested 1, available: 0" },
        { new() { BlkioWeight = 9 }, "Range of blkio weight is from 10 to 1000" },
        { new() { IoMaximumIops = 1 }, "Invalid QoS settings: linux does not support Maximum IO Bandwidth or Maximum IO IOps" },
        { new() { OomScoreAdj = 1001 }, "Invalid value 1001, range for oom score adj is [-1000, 1000]" },
        { new() { ShmSize = -1 }, "SHM size can not be less than 0" },
        { new() { Ulimits = [new() { Name = "nofiles", Soft = 1, Hard = 1 }] }, "invalid ulimit type: nofiles" },
        { new() { Ulimits = [new() { Name = "nofile", Soft = 2, Hard = 1 }] }, "ulimit soft limit must be less than or equal to hard limit: 2 > 1" },
        { new() { Ulimits = [new() { Name = "nofile", Soft = -1, Hard = 1 }] }, "ulimit soft limit must be less than or equal to hard limit: -1 > 1" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Check_ImpossibleLimit_SaysWhatDockerSays(HostConfig host, string expected)
    {
        var problems = new Problems();

        ResourceRules.Check(host, new FourProcessors(), problems);

        Assert.Equal([expected], problems.Errors);
    }

    [Fact]
    public void Check_LimitsInRange_FindsNothing()
    {
        var problems = new Problems();

        ResourceRules.Check(new HostConfig
        {
            Memory = 6 << 20,
            MemorySwap = -1,
            MemorySwappiness = -1,
            NanoCpus = 4_000_000_000,
            CpusetCpus = "0,2-3",
            CpusetMems = "0",
            BlkioWeight = 1000,
            OomScoreAdj = -1000,
            Ulimits = [new() { Name = "nofile", Soft = 1024, Hard = -1 }],
        }, new FourProcessors(), problems);

        Assert.Empty(problems.Errors);
        Assert.Empty(problems.Warnings);
    }

    [Fact]
    public void Check_SeveralProblems_ReportsEachOnce()
    {
        var problems = new Problems();

        ResourceRules.Check(new HostConfig { Memory = 1, CpuQuota = 1, BlkioWeight = 1 }, new FourProcessors(), problems);

        Assert.Equal(3, problems.Errors.Count);
        var error = Assert.Throws<VitrineException>(problems.ThrowIfAny);
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Equal(3, error.Message.Split('\n').Length);
    }

    private sealed class FourProcessors : HostFacts
    {
        public override int Processors => 4;

        public override string OnlineCpus => "0-3";

        public override string OnlineMems => "0";
    }
}
