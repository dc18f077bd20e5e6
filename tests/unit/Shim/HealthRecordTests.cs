using Vitrine.Shim.Health;
using Vitrine.ShimProtocol;
using Xunit;

namespace Vitrine.Tests.Unit.Shim;

public sealed class HealthRecordTests
{
    private static readonly HealthPlan s_plan = new() { Interval = 30_000, StartPeriod = 10_000, StartInterval = 2_000, Retries = 3 };

    [Fact]
    public void Add_FailuresInTheStartPeriod_AreNotCounted()
    {
        var record = new HealthRecord(s_plan);

        for (var i = 0; i < 5; i++)
            Assert.False(record.Add(Result(1), 9_999));

        Assert.Equal(("starting", 0), (record.Report.Status, record.Report.FailingStreak));
    }

    [Fact]
    public void Add_SoManyFailuresAfterIt_MakeItUnhealthyOnce()
    {
        var record = new HealthRecord(s_plan);

        Assert.Equal([false, false, true, false], Enumerable.Range(0, 4).Select(_ => record.Add(Result(1), 10_000)));

        Assert.Equal(("unhealthy", 4), (record.Report.Status, record.Report.FailingStreak));
    }

    [Fact]
    public void Add_Success_MakesItHealthy_AndFailuresCountThenEvenInTheStartPeriod()
    {
        var record = new HealthRecord(s_plan);

        Assert.True(record.Add(Result(0), 100));
        Assert.False(record.Add(Result(1), 200));
        Assert.False(record.Add(Result(1), 300));
        Assert.True(record.Add(Result(-1), 400));
        Assert.Equal("unhealthy", record.Report.Status);
        Assert.True(record.Add(Result(0), 500));
        Assert.Equal(("healthy", 0), (record.Report.Status, record.Report.FailingStreak));
    }

    [Fact]
    public void Add_KeepsTheLastFive()
    {
        var record = new HealthRecord(s_plan);

        for (var code = 1; code <= 7; code++)
            record.Add(Result(code), 20_000);

        Assert.Equal([3, 4, 5, 6, 7], record.Report.Log.Select(result => result.ExitCode));
    }

    [Fact]
    public void NextDelay_IsShortOnlyWhileItStarts()
    {
        var record = new HealthRecord(s_plan);

        Assert.Equal(2_000, record.NextDelay(9_999));
        Assert.Equal(30_000, record.NextDelay(10_000));
        record.Add(Result(0), 100);
        Assert.Equal(30_000, record.NextDelay(100));
    }

    [Theory]
    [InlineData(500, "500ms")]
    [InlineData(3_000, "3s")]
    [InlineData(2_500, "2.5s")]
    [InlineData(90_000, "1m30s")]
    [InlineData(3_600_000, "1h0m0s")]
    public void Duration_IsGos(long milliseconds, string text) => Assert.Equal(text, HealthMonitor.Duration(milliseconds));

    private static HealthResult Result(int code) => new() { ExitCode = code };
}
