using Vitrine.Linux;

namespace Vitrine.Insight.Control;

/// <content>Block devices.</content>
internal static partial class Counterparts
{
    private static readonly (string V1, string Key)[] s_throttles =
    [
        ("blkio.throttle.read_bps_device", "rbps"),
        ("blkio.throttle.write_bps_device", "wbps"),
        ("blkio.throttle.read_iops_device", "riops"),
        ("blkio.throttle.write_iops_device", "wiops"),
    ];

    /// <summary>v2 has one file for what four files of v1 say.</summary>
    private static IReadOnlyList<Counterpart> Throttles { get; } =
    [
        .. s_throttles.Select(throttle => new Counterpart(throttle.V1, $"io.max, {throttle.Key}",
            $"{throttle.V1} is {throttle.Key}= in io.max; no limit is max in v2, 0 in v1")
        {
            ReadV2 = _ => null,
            ReadV1 = files => files.Read("io.max") is { } text ? Devices(text, throttle.Key) : null,
            WriteV1 = (_, value) => value.Split(' ') is [var device, var limit] ? [new("io.max", $"{device} {throttle.Key}={(limit == "0" ? "max" : limit)}")] : [],
        }),
        new Counterpart("blkio.throttle.*_device", "io.max", "rbps=, wbps=, riops= and wiops= are the four files blkio.throttle.*_device of v1; no limit is max in v2, 0 in v1")
        {
            ReadV2 = ReadThrottles,
            ReadV1 = _ => null,
            WriteV2 = (_, value) => WriteThrottles(value),
        },
    ];

    private static Counterpart Weight(string v1) => new(v1, "io.weight", $"io.weight = 1 + ({v1} - 10) * 9999 / 990")
    {
        ReadV2 = files => DefaultOf(files.Read(v1)) is { } weight ? $"default {CgroupScale.WeightOfBlockIo((ushort)Math.Min(weight, 1000))}" : null,
        ReadV1 = files => DefaultOf(files.Read("io.weight")) is { } weight ? $"{CgroupScale.BlockIoOfWeight((ulong)weight)}" : null,
        WriteV2 = (_, value) => [new(v1, $"{CgroupScale.BlockIoOfWeight(Within("io.weight", value.StartsWith("default ", StringComparison.Ordinal) ? value[8..] : value, 1, 10_000))}")],
        WriteV1 = (_, value) => [new("io.weight", $"default {CgroupScale.WeightOfBlockIo((ushort)Within(v1, value, 10, 1000))}")],
    };

    // "default 100", as v2 and BFQ say it, or the number alone.
    private static long? DefaultOf(string? text)
    {
        var line = text?.Split('\n')[0];
        return ControlValue.ParseNumber(line?.StartsWith("default ", StringComparison.Ordinal) == true ? line[8..] : line);
    }

    private static string Devices(string text, string key)
    {
        var lines = new List<string>();
        foreach (var words in CgroupText.Rows(text))
        {
            if (Array.Find(words, word => word.StartsWith(key + "=", StringComparison.Ordinal)) is { } word && word[(key.Length + 1)..] is not "max" and var limit)
                lines.Add($"{words[0]} {limit}");
        }

        return string.Join('\n', lines);
    }

    private static string? ReadThrottles(IControlFiles files)
    {
        var limits = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        for (var i = 0; i < s_throttles.Length; i++)
        {
            if (files.Read(s_throttles[i].V1) is not { } text)
                return null;
            foreach (var words in CgroupText.Rows(text).Where(words => words.Length == 2))
            {
                if (!limits.TryGetValue(words[0], out var device))
                    limits[words[0]] = device = ["max", "max", "max", "max"];
                device[i] = words[1];
            }
        }

        return string.Join('\n', limits.Select(device => $"{device.Key} {string.Join(' ', s_throttles.Zip(device.Value, (throttle, limit) => $"{throttle.Key}={limit}"))}"));
    }

    private static List<ControlWrite> WriteThrottles(string value)
    {
        var writes = new List<ControlWrite>();
        var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var word in words.Skip(1))
        {
            var (key, limit) = word.IndexOf('=', StringComparison.Ordinal) is var equals and > 0 ? (word[..equals], word[(equals + 1)..]) : (word, "");
            var file = Array.Find(s_throttles, throttle => throttle.Key == key).V1
                ?? throw new VitrineException(ErrorKind.Invalid, $"'{word}' is no limit of io.max: it takes MAJOR:MINOR and rbps=, wbps=, riops= or wiops=");
            writes.Add(new(file, $"{words[0]} {(limit == "max" ? "0" : limit)}"));
        }

        return writes;
    }
}
