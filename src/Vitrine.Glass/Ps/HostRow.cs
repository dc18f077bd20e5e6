using Vitrine.Commands.Output;
using Vitrine.Commands.Templates;
using Vitrine.Insight.View;
using Vitrine.Linux;

namespace Vitrine.Glass.Ps;

/// <summary>One line of <c>vitrine host ps</c>. Foreign text is made harmless.</summary>
/// <param name="process">The process.</param>
/// <param name="tree">The lines that lead to it from its parent.</param>
/// <param name="truncate">Whether long values are cut.</param>
internal sealed class HostRow(HostViewProcess process, string tree, bool truncate) : ITemplateObject
{
    public const string DefaultColumns =
        "{{.Engine}}\t{{.Name}}\t{{.ID}}\t{{.Image}}\t{{.HostPID}}\t{{.PID}}\t{{.HostUser}}\t{{.User}}\t{{.Isolation}}\t{{.Ports}}\t{{.Tree}}{{.Command}}";

    private const int CommandWidth = 60;

    /// <summary>A port as docker publishes it, for both families.</summary>
    private const int PortsWidth = 48;
    private const string Nothing = "-";

    public static HeaderRow Header { get; } = new(new Dictionary<string, string>
    {
        ["Engine"] = "ENGINE",
        ["Name"] = "NAME",
        ["ID"] = "CONTAINER ID",
        ["Image"] = "IMAGE",
        ["Namespace"] = "NAMESPACE",
        ["Pod"] = "POD",
        ["PodContainer"] = "POD CONTAINER",
        ["HostPID"] = "HOST PID",
        ["PID"] = "PID",
        ["ParentPID"] = "PARENT PID",
        ["HostUser"] = "HOST USER",
        ["HostUID"] = "HOST UID",
        ["User"] = "USER",
        ["UID"] = "UID",
        ["Isolation"] = "ISOLATION",
        ["Ports"] = "PORTS",
        ["Role"] = "ROLE",
        ["Supervisor"] = "SUPERVISOR",
        ["Program"] = "PROGRAM",
        ["Tree"] = "",
        ["Command"] = "COMMAND",
    });

    public string TypeName => "*formatter.HostContext";

    public IEnumerable<string> FieldNames { get; } =
    [
        "Command", "Engine", "HostPID", "HostUID", "HostUser", "ID", "Image", "Isolation", "Name", "Namespace", "PID", "ParentPID", "Pod", "PodContainer", "Ports", "Program", "Role",
        "Supervisor", "UID", "User",
    ];

    public bool TryGet(string name, IReadOnlyList<object?> arguments, out object? value)
    {
        var container = process.Container;
        value = name switch
        {
            "Engine" => container?.Engine ?? process.Supervises ?? Nothing,
            "Name" => Text(container?.Name),
            "ID" => Text(truncate ? container?.ShortId : container?.Id),
            "Image" => Text(truncate && container?.Image is { } image && image.StartsWith("sha256:", StringComparison.Ordinal) ? HumanText.ShortId(image) : container?.Image),
            "Namespace" => Text(container?.Kubernetes?.Namespace),
            "Pod" => Text(container?.Kubernetes?.Pod ?? container?.Kubernetes?.PodUid),
            "PodContainer" => Text(container?.Kubernetes?.Container),
            "HostPID" => (long)process.Pid,
            "PID" => container is null ? Nothing : (long)process.ContainerPid,
            "ParentPID" => (long)process.Process.ParentPid,
            "HostUser" => Text(process.HostUser),
            "HostUID" => (long)process.HostUid,
            "User" => container is null ? Nothing : Text(process.ContainerUser ?? "unmapped"),
            "UID" => process.ContainerUid is { } uid ? (long)uid : Nothing,
            "Isolation" => process.Isolation.ToString(),
            "Ports" => Text(container is null ? null : Shortened(PortText.Of(container.Ports), PortsWidth)),
            "Role" => RoleOf(process),
            "Supervisor" => Text(container?.Supervisor?.Command),
            "Program" => Text(process.Process.Command),
            "Tree" => tree,
            "Command" => Text(Shortened(process.Command, CommandWidth)),
            _ => null,
        };
        return value is not null;
    }

    /// <summary>first, child, joined or supervisor.</summary>
    public static string RoleOf(HostViewProcess process) => process.Role?.ToString().ToLowerInvariant() ?? "supervisor";

    private string Shortened(string text, int width) => truncate ? HumanText.Shorten(text, width) : text;

    private static string Text(string? text) => string.IsNullOrEmpty(text) ? Nothing : VisibleText.Of(text);
}
