using Vitrine.ShimProtocol;

namespace Vitrine.Shim.Health;

/// <summary>Docker's rules for what checks mean. Only decides: running them is the monitor's.</summary>
internal sealed class HealthRecord(HealthPlan plan)
{
    public const string Starting = "starting";
    public const string Healthy = "healthy";
    public const string Unhealthy = "unhealthy";

    private const int MaxResults = 5;

    public HealthReport Report { get; private set; } = new();

    /// <summary>Milliseconds until the next check.</summary>
    /// <param name="sinceStart">How long the container has run, in milliseconds.</param>
    public long NextDelay(long sinceStart) =>
        sinceStart < plan.StartPeriod && Report.Status == Starting ? plan.StartInterval : plan.Interval;

    /// <summary>A check has ended.</summary>
    /// <param name="result">How.</param>
    /// <param name="sinceStart">How long the container had run when the check began, in milliseconds.</param>
    /// <returns>Whether the status has changed.</returns>
    public bool Add(HealthResult result, long sinceStart)
    {
        var before = Report.Status;
        List<HealthResult> log = [.. Report.Log, result];
        if (log.Count > MaxResults)
            log.RemoveAt(0);
        Report = Judge(result.ExitCode == 0, sinceStart) with { Log = log };
        return Report.Status != before;
    }

    private HealthReport Judge(bool success, long sinceStart)
    {
        if (success)
            return Report with { Status = Healthy, FailingStreak = 0 };
        if (Report.Status == Starting && sinceStart < plan.StartPeriod)
            return Report;
        var streak = Report.FailingStreak + 1;
        return Report with { FailingStreak = streak, Status = streak >= plan.Retries ? Unhealthy : Report.Status };
    }
}
