using System.Globalization;
using Vitrine.Commands.Output;
using Vitrine.Commands.Templates;
using Vitrine.Engine;

namespace Vitrine.Cli.Output;

/// <summary>One line of <c>vitrine system df</c>, with docker's field names.</summary>
internal sealed class UsageRow(string type, int total, int active, long size, long reclaimable, bool hasPercent = true) : ITemplateObject
{
    public const string DefaultColumns = "{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}";

    public static HeaderRow Header { get; } = new(new Dictionary<string, string>
    {
        ["Type"] = "TYPE",
        ["TotalCount"] = "TOTAL",
        ["Active"] = "ACTIVE",
        ["Size"] = "SIZE",
        ["Reclaimable"] = "RECLAIMABLE",
    });

    public string TypeName => "*formatter.diskUsageContext";

    public IEnumerable<string> FieldNames { get; } = ["Active", "Reclaimable", "Size", "TotalCount", "Type"];

    /// <summary>The lines of docker's table.</summary>
    public static IEnumerable<UsageRow> Of(DiskUsage usage)
    {
        var (images, containers, volumes) = (usage.Images, usage.Containers, usage.Volumes);
        var used = images.Where(image => image.Containers != 0).Sum(image => image.Size - image.SharedSize);
        var alive = containers.Where(container => container.State is "running" or "paused" or "restarting").ToList();
        var written = containers.Sum(container => container.SizeRw);
        var stored = volumes.Sum(volume => volume.UsageData?.Size ?? 0);
        var linked = volumes.Where(volume => volume.UsageData?.RefCount > 0).ToList();
        return
        [
            new("Images", images.Count, images.Count(image => image.Containers != 0), usage.LayersSize, usage.LayersSize - used),
            new("Containers", containers.Count, alive.Count, written, written - alive.Sum(container => container.SizeRw)),
            new("Local Volumes", volumes.Count, linked.Count, stored, stored - linked.Sum(volume => volume.UsageData!.Size)),
            new("Build Cache", 0, 0, 0, 0, hasPercent: false),
        ];
    }

    public bool TryGet(string name, IReadOnlyList<object?> arguments, out object? value)
    {
        value = name switch
        {
            "Type" => type,
            "TotalCount" => total.ToString(CultureInfo.InvariantCulture),
            "Active" => active.ToString(CultureInfo.InvariantCulture),
            "Size" => HumanText.Size(size, 4),
            "Reclaimable" => HumanText.Size(reclaimable, 4) + (hasPercent && size > 0 ? $" ({reclaimable * 100 / size}%)" : ""),
            _ => null,
        };
        return value is not null;
    }
}
