using Vitrine.Engine.Docker;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine.Creation;

/// <summary>Docker's rules for health checks.</summary>
internal static class HealthRules
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    private static readonly IReadOnlyList<string> s_shell = ["/bin/sh", "-c"];

    public static void Check(HealthConfig? health, Problems problems)
    {
        if (health is null)
            return;
        CheckTime("Interval", health.Interval);
        CheckTime("Timeout", health.Timeout);
        CheckTime("StartPeriod", health.StartPeriod);
        CheckTime("StartInterval", health.StartInterval);
        problems.AddIf(health.Retries < 0, "Retries in Healthcheck cannot be negative");
        problems.AddIf(health.OnFailure is not (null or "" or "none" or "kill" or "restart" or "stop"),
            $"invalid on-failure action for health check: {health.OnFailure}: must be one of none, kill, restart, stop");
        problems.AddIf(health.Test is [not ("NONE" or "CMD" or "CMD-SHELL"), ..],
            $"Unknown healthcheck type '{(health.Test is [var type, ..] ? type : "")}': must be NONE, CMD or CMD-SHELL");
        problems.AddIf(health.Test is ["CMD" or "CMD-SHELL"], "a health check needs a command");

        void CheckTime(string name, long nanoseconds) =>
            problems.AddIf(nanoseconds is not 0 and < NanosecondsPerMillisecond, $"{name} in Healthcheck cannot be less than 1ms");
    }

    /// <summary>Whether there is a check at all.</summary>
    public static bool HasCheck(ContainerConfig config) => config.Healthcheck?.Test is ["CMD" or "CMD-SHELL", _, ..];

    /// <summary>What the shim runs, with Docker's defaults; null for nothing.</summary>
    public static HealthPlan? ToPlan(ContainerConfig config)
    {
        if (!HasCheck(config))
            return null;
        var health = config.Healthcheck!;
        var defaults = new HealthPlan();
        IReadOnlyList<string> words = [.. health.Test!.Skip(1)];
        return new HealthPlan
        {
            Command = health.Test![0] == "CMD" ? words : [.. config.Shell is { Count: > 0 } shell ? shell : s_shell, words[0]],
            Interval = Milliseconds(health.Interval, defaults.Interval),
            Timeout = Milliseconds(health.Timeout, defaults.Timeout),
            StartPeriod = Milliseconds(health.StartPeriod, defaults.StartPeriod),
            StartInterval = Milliseconds(health.StartInterval, defaults.StartInterval),
            Retries = health.Retries > 0 ? health.Retries : defaults.Retries,
            OnFailure = string.IsNullOrEmpty(health.OnFailure) ? defaults.OnFailure : health.OnFailure,
        };
    }

    private static long Milliseconds(long nanoseconds, long byDefault) => nanoseconds > 0 ? nanoseconds / NanosecondsPerMillisecond : byDefault;
}
