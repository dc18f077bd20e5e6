using System.Globalization;

namespace Vitrine.Insight.Cgroups;

/// <summary>Disk throttles and counters: tables by device in both versions.</summary>
internal static class BlockIoTables
{
    private static readonly (string File, string What)[] V1Throttles =
    [
        ("blkio.throttle.read_bps_device", "read {0} B/s"),
        ("blkio.throttle.write_bps_device", "write {0} B/s"),
        ("blkio.throttle.read_iops_device", "{0} reads/s"),
        ("blkio.throttle.write_iops_device", "{0} writes/s"),
    ];

    private static readonly (string Key, string What)[] V2Throttles =
        [("rbps", "read {0} B/s"), ("wbps", "write {0} B/s"), ("riops", "{0} reads/s"), ("wiops", "{0} writes/s")];

    public static BlockIoFacts V1(CgroupView view)
    {
        var throttles = new List<string>();
        foreach (var (file, what) in V1Throttles)
        {
            foreach (var words in Rows(view.Read("blkio", file)))
            {
                if (words is [var device, var rate])
                    throttles.Add($"{device} {Format(what, rate)}");
            }
        }

        long read = 0, written = 0;
        foreach (var words in Rows(view.Read("blkio", "blkio.throttle.io_service_bytes")))
        {
            if (words is [_, "Read", var bytes])
                read += CgroupView.ParseNumber(bytes) ?? 0;
            else if (words is [_, "Write", var more])
                written += CgroupView.ParseNumber(more) ?? 0;
        }

        return new BlockIoFacts
        {
            Weight = view.Number("blkio", "blkio.bfq.weight") ?? view.Number("blkio", "blkio.weight"),
            Throttles = throttles,
            ReadBytes = read,
            WrittenBytes = written,
        };
    }

    public static BlockIoFacts V2(CgroupView view)
    {
        var throttles = new List<string>();
        foreach (var words in Rows(view.Read("io", "io.max")))
        {
            foreach (var (key, what) in V2Throttles)
            {
                if (Value(words, key) is { } rate and not "max")
                    throttles.Add($"{words[0]} {Format(what, rate)}");
            }
        }

        long read = 0, written = 0;
        foreach (var words in Rows(view.Read("io", "io.stat")))
        {
            read += CgroupView.ParseNumber(Value(words, "rbytes")) ?? 0;
            written += CgroupView.ParseNumber(Value(words, "wbytes")) ?? 0;
        }

        var weight = Rows(view.Read("io", "io.weight")).FirstOrDefault(words => words is ["default", _]);
        return new BlockIoFacts
        {
            Weight = weight is null ? null : CgroupView.ParseNumber(weight[1]),
            Throttles = throttles,
            ReadBytes = read,
            WrittenBytes = written,
        };
    }

    private static IEnumerable<string[]> Rows(string? text) =>
        (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string? Value(string[] words, string key) =>
        Array.Find(words, word => word.StartsWith(key, StringComparison.Ordinal) && word.AsSpan(key.Length).StartsWith("="))?[(key.Length + 1)..];

    private static string Format(string what, string value) => string.Format(CultureInfo.InvariantCulture, what, value);
}
