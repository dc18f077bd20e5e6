using Vitrine.Commands.Output;
using Vitrine.Commands.Templates;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Output;

/// <summary>One line of <c>vitrine network ls</c>, with docker's field names.</summary>
internal sealed class NetworkRow(NetworkInspect network, bool truncate) : ITemplateObject
{
    /// <summary>The columns of <c>network ls</c>.</summary>
    public const string DefaultColumns = "{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}";

    public static HeaderRow Header { get; } = new(new Dictionary<string, string>
    {
        ["ID"] = "NETWORK ID",
        ["Name"] = "NAME",
        ["Driver"] = "DRIVER",
        ["Scope"] = "SCOPE",
        ["IPv4"] = "IPV4",
        ["IPv6"] = "IPV6",
        ["Internal"] = "INTERNAL",
        ["Labels"] = "LABELS",
        ["CreatedAt"] = "CREATED AT",
    });

    public string TypeName => "*network.networkContext";

    public IEnumerable<string> FieldNames { get; } = ["CreatedAt", "Driver", "ID", "IPv4", "IPv6", "Internal", "Labels", "Name", "Scope"];

    public bool TryGet(string name, IReadOnlyList<object?> arguments, out object? value)
    {
        value = name switch
        {
            "ID" => truncate ? HumanText.ShortId(network.Id) : network.Id,
            "Name" => network.Name,
            "Driver" => network.Driver,
            "Scope" => network.Scope,
            "IPv4" => Word(network.EnableIpv4),
            "IPv6" => Word(network.EnableIpv6),
            "Internal" => Word(network.Internal),
            "Labels" => string.Join(',', network.Labels.Keys.Order(StringComparer.Ordinal).Select(key => $"{key}={network.Labels[key]}")),
            "Label" when arguments is [string label] => network.Labels.GetValueOrDefault(label, ""),
            "CreatedAt" => network.Created.Replace('T', ' ').Replace("Z", " +0000 UTC", StringComparison.Ordinal),
            _ => null,
        };
        return value is not null;
    }

    private static string Word(bool value) => value ? "true" : "false";
}
