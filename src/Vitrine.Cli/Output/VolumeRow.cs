using Vitrine.Commands.Output;
using Vitrine.Commands.Templates;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Output;

/// <summary>One line of <c>vitrine volume ls</c>, with docker's field names.</summary>
internal sealed class VolumeRow(Volume volume) : ITemplateObject
{
    /// <summary>The columns of <c>volume ls</c>.</summary>
    public const string DefaultColumns = "{{.Driver}}\t{{.Name}}";

    private const string NotCounted = "N/A";

    public static HeaderRow Header { get; } = new(new Dictionary<string, string>
    {
        ["Name"] = "VOLUME NAME",
        ["Driver"] = "DRIVER",
        ["Scope"] = "SCOPE",
        ["Availability"] = "AVAILABILITY",
        ["Mountpoint"] = "MOUNTPOINT",
        ["Labels"] = "LABELS",
        ["Links"] = "LINKS",
        ["Size"] = "SIZE",
        ["Group"] = "GROUP",
        ["Status"] = "STATUS",
    });

    public string TypeName => "*formatter.volumeContext";

    public IEnumerable<string> FieldNames { get; } =
        ["Availability", "Driver", "Group", "Labels", "Links", "Mountpoint", "Name", "Scope", "Size", "Status"];

    public bool TryGet(string name, IReadOnlyList<object?> arguments, out object? value)
    {
        value = name switch
        {
            "Name" => volume.Name,
            "Driver" => volume.Driver,
            "Scope" => volume.Scope,
            "Mountpoint" => volume.Mountpoint,
            "Labels" => string.Join(',', (volume.Labels ?? new Dictionary<string, string>()).OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}")),
            "Label" when arguments is [string label] => volume.Labels?.GetValueOrDefault(label) ?? "",
            "Links" => volume.UsageData is { } usage ? $"{usage.RefCount}" : NotCounted,
            "Size" => volume.UsageData is { } usage ? HumanText.Size(usage.Size, 4) : NotCounted,
            "Availability" or "Group" or "Status" => NotCounted,
            _ => null,
        };
        return value is not null;
    }
}
