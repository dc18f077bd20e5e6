using System.Globalization;
using Vitrine.Insight.Control;
using Vitrine.Linux;

namespace Vitrine.Glass.Cgroups;

/// <summary>Writes to control files as options of <c>vitrine update</c>.</summary>
internal sealed class UpdateFlags(ControlGroup group)
{
    private const string Quota = "--cpu-quota";
    private const string Period = "--cpu-period";

    private readonly Dictionary<string, string> _flags = [];
    private bool _unlimited;

    /// <summary>The options.</summary>
    public IReadOnlyList<string> Flags => [.. _flags.Select(flag => $"{flag.Key}={flag.Value}")];

    /// <summary>Whether processor time is among them, which a container with --cpus has under another name.</summary>
    public bool HasQuota => _flags.ContainsKey(Quota) || _flags.ContainsKey(Period);

    /// <summary>Takes a write over.</summary>
    /// <returns>False where update has no option for it, or none for its value.</returns>
    public bool Take(ControlWrite write)
    {
        var (file, value) = write;
        return file switch
        {
            // Docker's update cannot take a limit away; what is said of swap with it stays out of the record too.
            "memory.limit_in_bytes" or "memory.max" => Limited("--memory", value) || !(_unlimited = true),
            "memory.memsw.limit_in_bytes" => !_unlimited && Set("--memory-swap", value),
            "memory.swap.max" => !_unlimited && TakeSwap(value),
            "memory.soft_limit_in_bytes" or "memory.low" => value != "0" && Limited("--memory-reservation", value),
            "cpu.shares" => Set("--cpu-shares", value),
            "cpu.weight" => Set("--cpu-shares", $"{CgroupScale.SharesOfWeight(ulong.Parse(value, CultureInfo.InvariantCulture))}"),
            "cpu.cfs_quota_us" => Set(Quota, value),
            "cpu.cfs_period_us" => Set(Period, value),
            "cpu.max" => TakeBandwidth(value),
            "cpuset.cpus" => Set("--cpuset-cpus", value),
            "cpuset.mems" => Set("--cpuset-mems", value),
            "pids.max" => Set("--pids-limit", value == "max" ? "-1" : value),
            "blkio.weight" or "blkio.bfq.weight" => Set("--blkio-weight", value),
            "io.weight" => Set("--blkio-weight", $"{CgroupScale.BlockIoOfWeight(CgroupText.Number(value.AsSpan(value.LastIndexOf(' ') + 1)))}"),
            _ => false,
        };
    }

    /// <summary>Turns quota and period into --cpus, which such a container was made with.</summary>
    /// <returns>What cannot be said so, still to be written.</returns>
    public IReadOnlyList<ControlWrite> QuotaAsCpus()
    {
        var now = ControlReader.Read(group, "cpu.max").Value.Split(' ');
        var quota = _flags.Remove(Quota, out var given) ? given : now[0];
        var period = _flags.Remove(Period, out given) ? given : now[1];
        if (ControlValue.ParseLimit(quota) is not { } time)
            return [group.VersionOf("cpu") == 2 ? new("cpu.max", $"max {period}") : new("cpu.cfs_quota_us", "-1")];
        _flags["--cpus"] = (time / decimal.Parse(period, CultureInfo.InvariantCulture)).ToString("0.#########", CultureInfo.InvariantCulture);
        return [];
    }

    private bool TakeBandwidth(string value)
    {
        var words = value.Split(' ');
        Set(Quota, words[0] == "max" ? "-1" : words[0]);
        return words.Length < 2 || Set(Period, words[1]);
    }

    private bool TakeSwap(string value)
    {
        if (value == "max")
            return Set("--memory-swap", "-1");
        var memory = ControlValue.ParseLimit(_flags.GetValueOrDefault("--memory") ?? group.Read("memory.max"));
        return memory is { } bytes && Set("--memory-swap", $"{bytes + long.Parse(value, CultureInfo.InvariantCulture)}");
    }

    private bool Limited(string flag, string value) => ControlValue.ParseLimit(value) is not null && Set(flag, value);

    private bool Set(string flag, string value)
    {
        _flags[flag] = value;
        return true;
    }
}
