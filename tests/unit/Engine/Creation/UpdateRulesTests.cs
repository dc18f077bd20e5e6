using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Creation;

public sealed class UpdateRulesTests
{
    private static readonly HostConfig s_now = new()
    {
        Memory = 64 << 20,
        MemorySwap = 128 << 20,
        CpuShares = 100,
        PidsLimit = 50,
        RestartPolicy = new RestartPolicy { Name = "no" },
    };

    [Fact]
    public void Merge_ChangesWhatIsSaid_AndLeavesTheRest()
    {
        var (merged, errors) = Merge(s_now, new HostConfig { CpuShares = 200, PidsLimit = -1, RestartPolicy = new RestartPolicy { Name = "always" } });

        Assert.Empty(errors);
        Assert.Equal((64L << 20, 200L, -1L, "always"), (merged.Memory, merged.CpuShares, merged.PidsLimit!.Value, merged.RestartPolicy!.Name));
    }

    [Fact]
    public void Merge_AFirstMemoryLimit_BringsOneOfSwap() =>
        Assert.Equal(160L << 20, Merge(new HostConfig(), new HostConfig { Memory = 80 << 20 }).Merged.MemorySwap);

    [Fact]
    public void Merge_MemoryAboveTheSwapLimit_IsRefusedUnlessThatGoesWithIt()
    {
        Assert.Contains("memoryswap", Assert.Single(Merge(s_now, new HostConfig { Memory = 256 << 20 }).Errors), StringComparison.Ordinal);
        Assert.Empty(Merge(s_now, new HostConfig { Memory = 256 << 20, MemorySwap = 512 << 20 }).Errors);
    }

    [Fact]
    public void Merge_CpusAgainstPeriodAndQuota_Conflict()
    {
        Assert.Single(Merge(s_now with { CpuPeriod = 1000 }, new HostConfig { NanoCpus = 1 }).Errors);
        Assert.Single(Merge(s_now with { NanoCpus = 1 }, new HostConfig { CpuQuota = 1000 }).Errors);
    }

    [Fact]
    public void Merge_RestartPolicyOfOneThatRemovesItself_IsRefused() =>
        Assert.Contains("AutoRemove", Assert.Single(Merge(s_now with { AutoRemove = true }, new HostConfig { RestartPolicy = new RestartPolicy { Name = "always" } }).Errors), StringComparison.Ordinal);

    private static (HostConfig Merged, IReadOnlyList<string> Errors) Merge(HostConfig now, HostConfig wanted)
    {
        var problems = new Problems();
        return (UpdateRules.Merge(now, wanted, problems), problems.Errors);
    }
}
