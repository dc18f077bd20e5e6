using Vitrine.Engine.Docker;
using Vitrine.Engine.Security;
using Vitrine.Network;

namespace Vitrine.Engine.Creation;

/// <summary>Fills a HostConfig with the defaults, so that docker inspect shows what is in force and nothing is hidden.</summary>
internal static class HostDefaults
{
    private const long ShmSize = 64 << 20;
    private const int MinimumCpuShares = 2;
    private const int MaximumCpuShares = 262144;

    public static HostConfig Apply(HostConfig host, Problems problems)
    {
        var security = SecurityOptions.Parse(host, new Problems());
        var open = host.Privileged || security.UnconfinedPaths;
        return host with
        {
            LogConfig = new LogConfig
            {
                Type = host.LogConfig?.Type is { Length: > 0 } driver ? driver : LogSettings.DefaultDriver,
                Config = host.LogConfig?.Config ?? new Dictionary<string, string>(),
            },
            NetworkMode = host.NetworkMode is "" or "default" ? NetworkRecord.DefaultName : host.NetworkMode,
            RestartPolicy = host.RestartPolicy is { Name.Length: > 0 } policy ? policy : new RestartPolicy { Name = "no" },
            CgroupnsMode = host.CgroupnsMode.Length > 0 ? host.CgroupnsMode : "private",
            IpcMode = host.IpcMode.Length > 0 ? host.IpcMode : "private",
            ShmSize = host.ShmSize > 0 ? host.ShmSize : ShmSize,
            Runtime = "vitrine",
            CpuShares = ClampShares(host.CpuShares, problems),
            KernelMemory = 0,
            KernelMemoryTcp = 0,
            MemorySwap = host is { Memory: > 0, MemorySwap: 0 } ? host.Memory * 2 : host.MemorySwap,
            MemorySwappiness = host.MemorySwappiness is -1 ? null : host.MemorySwappiness,
            OomKillDisable = host.OomKillDisable ?? false,
            PidsLimit = host.PidsLimit ?? Defaults.PidsLimit,
            MaskedPaths = host.MaskedPaths ?? (open ? [] : Defaults.MaskedPaths),
            ReadonlyPaths = host.ReadonlyPaths ?? (open ? [] : Defaults.ReadonlyPaths),
        };
    }

    private static long ClampShares(long shares, Problems problems)
    {
        var clamped = shares <= 0 ? shares : Math.Clamp(shares, MinimumCpuShares, MaximumCpuShares);
        if (clamped != shares)
            problems.Warn($"Changing requested CPUShares of {shares} to {(shares < clamped ? "minimum" : "maximum")} allowed of {clamped}");
        return clamped;
    }
}
