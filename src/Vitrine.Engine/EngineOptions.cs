using Vitrine.Engine.Creation;

namespace Vitrine.Engine;

/// <summary>Where an engine keeps its files and finds its shim. All paths are absolute.</summary>
public sealed record EngineOptions
{
    /// <summary>The variable that names another <see cref="CgroupParent"/> for a whole engine, as dockerd's --cgroup-parent does.</summary>
    public const string CgroupParentVariable = "VITRINE_CGROUP_PARENT";

    private const string DefaultCgroupParent = "/vitrine";

    /// <summary>Images, layers, containers and volumes; made with mode 0700 at first use.</summary>
    public string DataRoot { get; init; } = "/var/lib/vitrine";

    /// <summary>Sockets of running containers, on a file system that does not outlive a reboot.</summary>
    public string ExecRoot { get; init; } = "/run/vitrine";

    /// <summary>The vitrine-shim binary.</summary>
    public required string ShimPath { get; init; }

    /// <summary>The cgroup below which each container gets its own, named by its id.</summary>
    public string CgroupParent { get; init; } = DefaultCgroupParent;

    /// <summary>Whether this process lives on after what it started, and so has to reap the shims that are its children.</summary>
    public bool IsLongLived { get; init; }

    /// <summary>The host's address that ports are published on where a request names none; empty for all.</summary>
    public string PublishAddress { get; init; } = "";

    /// <summary>Takes what a user should know of a start, or of a network's making, that went well: settings of the host that it changed, a firewall that is passed by.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>Keep the records of containers in memory and read them again only when they have changed: for who lists often and lives long.</summary>
    public bool KeepsRecords { get; init; }

    /// <summary>The <see cref="CgroupParent"/> that the environment asks for, or the usual one.</summary>
    /// <exception cref="VitrineException">Invalid: it is no cgroup's path.</exception>
    public static string CgroupParentOfEnvironment() => Environment.GetEnvironmentVariable(CgroupParentVariable) switch
    {
        null or "" => DefaultCgroupParent,
        var path when RequestRules.IsCgroupPath(path) => path,
        var other => throw new VitrineException(ErrorKind.Invalid, $"{CgroupParentVariable}: invalid cgroup parent: {other}"),
    };

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
