using Vitrine.Insight.Host;
using Vitrine.Insight.View;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Json;

/// <summary>JSON of the host view, described in docs/host-view.md: containers, and in each its processes.</summary>
public static class HostViewJson
{
    private const int SchemaVersion = 1;

    /// <summary>An indented JSON object, without a line end behind it.</summary>
    /// <param name="processes">What is shown.</param>
    /// <param name="missing">What could not be seen.</param>
    public static string Serialize(IReadOnlyList<HostViewProcess> processes, IReadOnlyList<string> missing) => JsonText.Object(json =>
    {
        var containers = processes.Where(process => process.Container is not null).GroupBy(process => process.Container!).ToList();
        json.Number("schemaVersion", SchemaVersion);
        json.Texts("missing", missing);
        json.Objects("containers", containers, Write);
    });

    private static void Write(JsonFields json, IGrouping<HostContainer, HostViewProcess> group)
    {
        var container = group.Key;
        json.Text("engine", container.Engine);
        json.Text("id", container.Id);
        json.Text("name", container.Name);
        json.Text("image", container.Image);
        json.Object("kubernetes", container.Kubernetes, Write);
        json.Objects("ports", container.Ports, Write);
        json.Number("pid", container.Pid);
        json.Unsigned("startTime", container.StartTime);
        json.Number("outerPid", container.OuterPid);
        json.Object("supervisor", container.Supervisor, static (supervisor, value) =>
        {
            supervisor.Number("pid", value.Pid);
            supervisor.Text("program", value.Command);
        });
        json.Objects("processes", [.. group], Write);
    }

    private static void Write(JsonFields json, PublishedPort port)
    {
        json.Text("hostAddress", port.HostAddress);
        json.Number("hostPort", port.HostPort);
        json.Number("port", port.Port);
        json.Text("protocol", port.Protocol);
    }

    private static void Write(JsonFields json, KubernetesPlace place)
    {
        json.Text("namespace", place.Namespace);
        json.Text("pod", place.Pod);
        json.Text("podUid", place.PodUid);
        json.Text("container", place.Container);
    }

    private static void Write(JsonFields json, HostViewProcess process)
    {
        json.Number("pid", process.Pid);
        json.Number("containerPid", process.ContainerPid);
        json.Number("parentPid", process.Process.ParentPid);
        json.Choice("role", process.Role!.Value);
        json.Text("supervises", process.Supervises);
        json.Number("hostUid", process.HostUid);
        json.Text("hostUser", process.HostUser);
        json.Number("containerUid", process.ContainerUid);
        json.Text("containerUser", process.ContainerUser);
        json.Text("program", process.Process.Command);
        json.Text("command", process.Command);
        json.Object("isolation", process, Isolation);
    }

    private static void Isolation(JsonFields json, HostViewProcess process)
    {
        var isolation = process.Isolation;
        json.Text("letters", isolation.ToString());
        json.Object("namespaces", process, Namespaces);
        json.Flag("seccomp", isolation.Seccomp);
        json.Text("label", isolation.Label);
        json.Flag("noNewPrivileges", isolation.NoNewPrivileges);
        json.Choice("capabilities", isolation.Capabilities);
        json.Text("boundingSet", $"{process.Process.Glance.CapBounding:x16}");
    }

    /// <summary>Each namespace that is known: its inode, and whether it is the host's.</summary>
    private static void Namespaces(JsonFields json, HostViewProcess process)
    {
        foreach (var kind in NamespaceId.Kinds)
        {
            if (process.Process.Namespace(kind) is var inode and not 0)
            {
                json.Object(NamespaceId.FileName(kind), process, (fields, value) =>
                {
                    fields.Unsigned("inode", inode);
                    fields.Flag("isOwn", value.Isolation.OwnNamespaces[(int)kind]);
                });
            }
        }
    }
}
