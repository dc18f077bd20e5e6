namespace Vitrine.ShimProtocol;

/// <summary>A container's health check, decided at its start. Times are milliseconds.</summary>
public sealed record HealthPlan
{
    /// <summary>The command; healthy where it exits with 0.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>From the end of one check to the beginning of the next.</summary>
    public long Interval { get; init; } = 30_000;

    /// <summary>After so long a check is killed, and has failed.</summary>
    public long Timeout { get; init; } = 30_000;

    /// <summary>How long after its start a container may fail checks for nothing, until it was healthy once.</summary>
    public long StartPeriod { get; init; }

    /// <summary>The interval in the start period.</summary>
    public long StartInterval { get; init; } = 5_000;

    /// <summary>So many failures in a row make it unhealthy.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>What becomes of an unhealthy container: none, kill, restart or stop.</summary>
    public string OnFailure { get; init; } = "none";
}

/// <summary>health.json in the container's directory: what the checks of the last run have found. Written by the shim, by rename.</summary>
public sealed record HealthReport
{
    /// <summary>starting, healthy or unhealthy.</summary>
    public string Status { get; init; } = "starting";

    public int FailingStreak { get; init; }

    /// <summary>The last checks, oldest first.</summary>
    public IReadOnlyList<HealthResult> Log { get; init; } = [];
}

/// <summary>One check.</summary>
public sealed record HealthResult
{
    public DateTimeOffset Start { get; init; }
    public DateTimeOffset End { get; init; }

    /// <summary>-1 where it could not be run or took too long.</summary>
    public int ExitCode { get; init; }

    /// <summary>What it wrote, cut off after 4096 bytes.</summary>
    public string Output { get; init; } = "";
}
