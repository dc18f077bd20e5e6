using System.Globalization;
using Vitrine.Glass.Explain;
using Vitrine.Insight;
using Vitrine.Insight.Control;

namespace Vitrine.Glass.Cgroups;

/// <summary>What cgroups use, as a table.</summary>
internal static class TopText
{
    public static void Write(Paper paper, IReadOnlyList<ControlRate> rates) => paper.Table(
    [
        "CGROUP", new("CPU", Right: true), new("THROTTLED", Right: true), new("MEMORY", Right: true), new("LIMIT", Right: true),
        new("PIDS", Right: true), new("READ/S", Right: true), new("WRITTEN/S", Right: true),
    ],
    [
        .. rates.Select(rate => new Cell[]
        {
            rate.Path, Percent(rate.Cpus), rate.Throttled > 0 ? new Cell(Percent(rate.Throttled), Ink.Caution) : "",
            rate.MemoryBytes is { } memory ? ByteText.Format(memory) : "", rate.MemoryLimitBytes is { } limit ? ByteText.Format(limit) : "",
            rate.Pids is { } pids ? $"{pids}" : "", Rate(rate.ReadBytesPerSecond), Rate(rate.WrittenBytesPerSecond),
        }),
    ]);

    private static string Percent(double share) => $"{(share * 100).ToString("0.0", CultureInfo.InvariantCulture)}%";

    private static string Rate(double bytes) => bytes > 0 ? ByteText.Format((long)bytes) : "";
}
