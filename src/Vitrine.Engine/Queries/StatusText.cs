using System.Globalization;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine.Queries;

/// <summary>What docker ps says of a container's state.</summary>
internal static class StatusText
{
    public static string Describe(ContainerState state, DateTimeOffset now, HealthReport? health = null) => state.Status switch
    {
        ContainerStatus.Running => $"Up {Since(state.StartedAt, now)}{Health(health)}",
        ContainerStatus.Paused => $"Up {Since(state.StartedAt, now)} (Paused)",
        ContainerStatus.Restarting => Ended("Restarting", state, now),
        ContainerStatus.Exited => Ended("Exited", state, now),
        ContainerStatus.Created => "Created",
        _ => "Dead",
    };

    private static string Health(HealthReport? health) => health?.Status switch
    {
        null => "",
        "starting" => " (health: starting)",
        var status => $" ({status})",
    };

    private static string Ended(string word, ContainerState state, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{word} ({state.ExitCode}) {Since(state.FinishedAt, now)} ago");

    private static string Since(DateTimeOffset? time, DateTimeOffset now) => HumanDuration.Format(now - (time ?? now));
}
