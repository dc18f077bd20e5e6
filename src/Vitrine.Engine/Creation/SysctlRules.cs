using Vitrine.Engine.Docker;

namespace Vitrine.Engine.Creation;

/// <summary>Which kernel settings belong to a namespace, and so can be a container's own (namespaces(7), runc's list).</summary>
internal static class SysctlRules
{
    private static readonly HashSet<string> OfIpc =
    [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni",
        "kernel.shm_rmid_forced",
    ];

    public static void Check(HostConfig host, Problems problems)
    {
        foreach (var name in host.Sysctls?.Keys ?? [])
            CheckOne(name.Replace('/', '.'), name, host, problems);
    }

    private static void CheckOne(string name, string asked, HostConfig host, Problems problems)
    {
        if (OfIpc.Contains(name) || name.StartsWith("fs.mqueue.", StringComparison.Ordinal))
            problems.AddIf(new NamespaceMode(host.IpcMode) is { IsHost: true }, $"sysctl '{asked}' not allowed in host ipc namespace");
        else if (name.StartsWith("net.", StringComparison.Ordinal))
            problems.AddIf(new NamespaceMode(host.NetworkMode) is { IsHost: true }, $"sysctl '{asked}' not allowed in host network namespace");
        else if (name == "kernel.domainname")
            problems.AddIf(new NamespaceMode(host.UtsMode) is { IsHost: true }, $"sysctl '{asked}' not allowed in host UTS namespace");
        else
            problems.Add($"sysctl '{asked}' is not allowed");
    }
}
