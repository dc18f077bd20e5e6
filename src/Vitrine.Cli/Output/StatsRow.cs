using System.Globalization;
using Vitrine.Commands.Output;
using Vitrine.Commands.Templates;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Output;

/// <summary>One line of <c>vitrine stats</c>, with docker's field names.</summary>
/// <param name="asked">What the container was called on the command line.</param>
/// <param name="stats">What it uses.</param>
/// <param name="truncate">Whether its id is shortened.</param>
internal sealed class StatsRow(string asked, ContainerStats stats, bool truncate) : ITemplateObject
{
    public const string DefaultColumns =
        "{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}";

    public static HeaderRow Header { get; } = new(new Dictionary<string, string>
    {
        ["Container"] = "CONTAINER",
        ["ID"] = "CONTAINER ID",
        ["Name"] = "NAME",
        ["CPUPerc"] = "CPU %",
        ["MemUsage"] = "MEM USAGE / LIMIT",
        ["MemPerc"] = "MEM %",
        ["NetIO"] = "NET I/O",
        ["BlockIO"] = "BLOCK I/O",
        ["PIDs"] = "PIDS",
    });

    public string TypeName => "*container.statsContext";

    public IEnumerable<string> FieldNames { get; } = ["BlockIO", "CPUPerc", "Container", "ID", "MemPerc", "MemUsage", "Name", "NetIO", "PIDs"];

    public bool TryGet(string name, IReadOnlyList<object?> arguments, out object? value)
    {
        value = name switch
        {
            "Container" => asked,
            "ID" => truncate ? HumanText.ShortId(stats.Id) : stats.Id,
            "Name" => stats.Name,
            "CPUPerc" => Percent(stats.CpuPercent),
            "MemUsage" => $"{HumanText.BinarySize(stats.Memory)} / {HumanText.BinarySize(stats.MemoryLimit)}",
            "MemPerc" => Percent(stats.MemoryLimit == 0 ? 0 : 100.0 * stats.Memory / stats.MemoryLimit),
            "NetIO" => Pair(Sum(stats.Networks, static one => one.ReceivedBytes), Sum(stats.Networks, static one => one.SentBytes)),
            "BlockIO" => Pair(Bytes("read"), Bytes("write")),
            "PIDs" => stats.Used.Pids.Current.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
        return value is not null;
    }

    private ulong Bytes(string operation)
    {
        ulong sum = 0;
        foreach (var entry in stats.Used.BlockIo.Bytes)
            sum += entry.Operation.Equals(operation, StringComparison.OrdinalIgnoreCase) ? entry.Value : 0;
        return sum;
    }

    private static ulong Sum(IReadOnlyList<InterfaceStatistics>? networks, Func<InterfaceStatistics, ulong> part)
    {
        ulong sum = 0;
        foreach (var one in networks ?? [])
            sum += part(one);
        return sum;
    }

    private static string Pair(ulong first, ulong second) => $"{HumanText.Size(first)} / {HumanText.Size(second)}";

    private static string Percent(double value) => value.ToString("0.00", CultureInfo.InvariantCulture) + "%";
}
