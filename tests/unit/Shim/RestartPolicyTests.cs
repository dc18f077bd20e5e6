using Vitrine.Shim.Lifecycle;
using Vitrine.ShimProtocol;
using Xunit;

namespace Vitrine.Tests.Unit.Shim;

public sealed class RestartPolicyTests
{
    [Theory]
    [InlineData("no", 1)]
    [InlineData("", 1)]
    [InlineData("on-failure", 0)]
    public void Next_PolicyDoesNotWant_IsNull(string policy, int exitCode) => Assert.Null(Policy(policy).Next(exitCode, 0));

    [Theory]
    [InlineData("always", 0)]
    [InlineData("unless-stopped", 0)]
    [InlineData("always", 137)]
    [InlineData("on-failure", 2)]
    public void Next_PolicyWants_StartsWithDockersFirstDelay(string policy, int exitCode) => Assert.Equal(100, Policy(policy).Next(exitCode, 0));

    [Fact]
    public void Next_ShortRuns_DoublesUpToAMinute()
    {
        var policy = Policy("always");

        var delays = Enumerable.Range(0, 12).Select(_ => policy.Next(0, 9_999)).ToList();

        Assert.Equal([100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000, 60_000], delays);
        Assert.Equal(12, policy.Count);
    }

    [Fact]
    public void Next_AfterALongRun_StartsAgainWithTheFirstDelay()
    {
        var policy = Policy("always");
        policy.Next(0, 0);
        policy.Next(0, 0);

        Assert.Equal(100, policy.Next(0, 10_000));
        Assert.Equal(200, policy.Next(0, 0));
    }

    [Fact]
    public void Next_OnFailureWithALimit_GivesUpAfterIt()
    {
        var policy = Policy("on-failure", 2);

        Assert.Equal([100, 200, null], Enumerable.Range(0, 3).Select(_ => policy.Next(1, 0)));
        Assert.Equal(2, policy.Count);
    }

    [Fact]
    public void Next_Cancelled_IsNullWhateverThePolicy()
    {
        var policy = Policy("always");
        policy.Cancel();

        Assert.Null(policy.Next(1, 0));
        Assert.Equal(0, policy.Count);
    }

    private static RestartPolicy Policy(string name, int retries = 0) => new(new RestartPlan { Policy = name, MaximumRetryCount = retries });
}
