namespace Vitrine.Linux;

/// <summary>Weights of cgroup v1 on the scales of v2, with the formulas of runc and systemd, and back.</summary>
public static class CgroupScale
{
    private const ulong MinimumShares = 2;
    private const ulong MaximumShares = 262_144;
    private const ulong MaximumWeight = 10_000;

    /// <summary>
    /// cpu.shares (2 to 262144, 1024 by default) as cpu.weight (1 to 10000, 100 by default): the curve meets all three, with
    /// l = log2(shares): ceil(10^((l^2 + 125 l) / 612 - 7 / 34)).
    /// </summary>
    public static ulong WeightOfShares(ulong shares)
    {
        if (shares <= MinimumShares)
            return 1;
        if (shares >= MaximumShares)
            return MaximumWeight;
        var log = Math.Log2(shares);
        return (ulong)Math.Ceiling(Math.Pow(10, (log * log + 125 * log) / 612 - 7.0 / 34));
    }

    /// <summary>The cpu.shares that a cpu.weight stands for: the most that give no higher one.</summary>
    public static ulong SharesOfWeight(ulong weight)
    {
        var (low, high) = (MinimumShares, MaximumShares);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (WeightOfShares(middle) <= weight)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    /// <summary>blkio.weight (10 to 1000) as io.weight (1 to 10000), in proportion.</summary>
    public static ulong WeightOfBlockIo(ushort weight) => 1 + (ulong)(Math.Clamp(weight, (ushort)10, (ushort)1000) - 10) * 9_999 / 990;

    /// <summary>The blkio.weight that an io.weight stands for: the least that gives no lower one.</summary>
    public static ulong BlockIoOfWeight(ulong weight) => 10 + ((Math.Clamp(weight, 1, MaximumWeight) - 1) * 990 + 9_998) / 9_999;
}
