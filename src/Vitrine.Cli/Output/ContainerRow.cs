using System.Globalization;
using Vitrine.Commands.Output;
using Vitrine.Commands.Templates;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Output;

/// <summary>One line of <c>vitrine ps</c>, with docker's field names.</summary>
internal sealed class ContainerRow(ContainerSummary container, bool truncate, DateTimeOffset now) : ITemplateObject
{
    /// <summary>The columns of <c>ps</c>.</summary>
    public const string DefaultColumns =
        "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";

    private const int CommandWidth = 20;
    private const int MountWidth = 15;

    public static HeaderRow Header { get; } = new(new Dictionary<string, string>
    {
        ["ID"] = "CONTAINER ID",
        ["Names"] = "NAMES",
        ["Image"] = "IMAGE",
        ["Command"] = "COMMAND",
        ["CreatedAt"] = "CREATED AT",
        ["RunningFor"] = "CREATED",
        ["Ports"] = "PORTS",
        ["State"] = "STATE",
        ["Status"] = "STATUS",
        ["Size"] = "SIZE",
        ["Labels"] = "LABELS",
        ["Mounts"] = "MOUNTS",
        ["LocalVolumes"] = "LOCAL VOLUMES",
        ["Networks"] = "NETWORKS",
    });

    public string TypeName => "*formatter.ContainerContext";

    public IEnumerable<string> FieldNames { get; } =
    [
        "Command", "CreatedAt", "ID", "Image", "Labels", "LocalVolumes", "Mounts", "Names", "Networks", "Ports", "RunningFor",
        "Size", "State", "Status",
    ];

    private DateTimeOffset Created => DateTimeOffset.FromUnixTimeSeconds(container.Created);

    public bool TryGet(string name, IReadOnlyList<object?> arguments, out object? value)
    {
        value = name switch
        {
            "ID" => truncate ? HumanText.ShortId(container.Id) : container.Id,
            "Names" => Names(),
            "Image" => Image(),
            "Command" => GoText.Quote(truncate ? HumanText.Shorten(container.Command, CommandWidth) : container.Command),
            "CreatedAt" => HumanText.Moment(Created),
            "RunningFor" => HumanText.Ago(Created, now),
            "Ports" => string.Join(", ", container.Ports.Select(FormatPort)),
            "State" => container.State,
            "Status" => container.Status,
            "Size" => Size(),
            "Labels" => string.Join(',', container.Labels.Keys.Order(StringComparer.Ordinal).Select(key => $"{key}={container.Labels[key]}")),
            "Label" when arguments is [string label] => container.Labels.GetValueOrDefault(label, ""),
            "Mounts" => string.Join(',', container.Mounts.Select(FormatMount)),
            "LocalVolumes" => container.Mounts.Count(m => m.Driver == "local").ToString(CultureInfo.InvariantCulture),
            "Networks" => string.Join(',', container.NetworkSettings.Networks?.Keys ?? []),
            _ => null,
        };
        return value is not null;
    }

    private string Names() => string.Join(',', container.Names.Select(n => n.TrimStart('/')));

    private string Image()
    {
        if (container.Image.Length == 0)
            return "<no image>";
        if (!truncate)
            return container.Image;
        var id = HumanText.ShortId(container.ImageId);
        if (id.Length > 0 && id == HumanText.ShortId(container.Image))
            return id;
        var digest = container.Image.IndexOf('@', StringComparison.Ordinal);
        return digest > 0 ? container.Image[..digest] : container.Image;
    }

    private string Size()
    {
        var own = HumanText.Size(container.SizeRw);
        return container.SizeRootFs > 0 ? $"{own} (virtual {HumanText.Size(container.SizeRootFs)})" : own;
    }

    private string FormatMount(MountPoint mount)
    {
        var name = string.IsNullOrEmpty(mount.Name) ? mount.Source : mount.Name;
        return truncate ? HumanText.Shorten(name, MountWidth) : name;
    }

    private static string FormatPort(Port port)
    {
        var inside = $"{port.PrivatePort}/{port.Type}";
        return port.PublicPort == 0 ? inside : port.Ip?.Contains(':', StringComparison.Ordinal) == true ? $"[{port.Ip}]:{port.PublicPort}->{inside}" : $"{port.Ip}:{port.PublicPort}->{inside}";
    }
}
