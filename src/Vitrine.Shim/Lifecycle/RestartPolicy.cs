using Vitrine.ShimProtocol;

namespace Vitrine.Shim.Lifecycle;

/// <summary>
/// Docker's restart rules: after an end, whether and when to start again. The wait is 100 ms, doubled each time up to a
/// minute, and 100 ms again after a run of ten seconds or more.
/// </summary>
internal sealed class RestartPolicy(RestartPlan first)
{
    private const int FirstDelay = 100;
    private const int LongestDelay = 60_000;
    private const int GoodRun = 10_000;

    private int _delay;
    private bool _cancelled;

    /// <summary>What is wanted; may change.</summary>
    public RestartPlan Plan { get; set; } = first;

    /// <summary>How often it was restarted.</summary>
    public int Count { get; private set; }

    /// <summary>Somebody stopped the container: there is no next time.</summary>
    public void Cancel() => _cancelled = true;

    /// <summary>Decides after the process has ended.</summary>
    /// <param name="exitCode">How it ended.</param>
    /// <param name="ranFor">How long it ran, in milliseconds.</param>
    /// <returns>Milliseconds until the restart, or null for none.</returns>
    public int? Next(int exitCode, long ranFor)
    {
        if (_cancelled || !Wants(exitCode))
            return null;
        _delay = _delay == 0 || ranFor >= GoodRun ? FirstDelay : Math.Min(_delay * 2, LongestDelay);
        Count++;
        return _delay;
    }

    /// <summary>Starts again at once, whatever the policy says.</summary>
    public int Again()
    {
        Count++;
        return 0;
    }

    private bool Wants(int exitCode) => Plan.Policy switch
    {
        "always" or "unless-stopped" => true,
        "on-failure" => exitCode != 0 && (Plan.MaximumRetryCount == 0 || Count < Plan.MaximumRetryCount),
        _ => false,
    };
}
