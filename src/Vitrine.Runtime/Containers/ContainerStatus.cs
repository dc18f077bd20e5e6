namespace Vitrine.Runtime.Containers;

/// <summary>What a container is at the moment (runtime-spec runtime.md, State; paused is runc's).</summary>
public enum ContainerStatus
{
    Creating,
    Created,
    Running,
    Paused,
    Stopped,
}

/// <summary>What can be done in a state.</summary>
public static class ContainerStatusExtensions
{
    /// <summary>The specification's word.</summary>
    public static string ToText(this ContainerStatus status) => status switch
    {
        ContainerStatus.Creating => "creating",
        ContainerStatus.Created => "created",
        ContainerStatus.Running => "running",
        ContainerStatus.Paused => "paused",
        _ => "stopped",
    };

    /// <summary>Whether it has a first process that signals reach.</summary>
    public static bool HasProcess(this ContainerStatus status) => status is not ContainerStatus.Stopped;

    /// <summary>Whether an exec may join it.</summary>
    public static bool CanExec(this ContainerStatus status) => status is ContainerStatus.Created or ContainerStatus.Running;

    /// <summary>Whether delete removes it without being forced.</summary>
    public static bool CanDelete(this ContainerStatus status) => status is ContainerStatus.Created or ContainerStatus.Stopped;
}
