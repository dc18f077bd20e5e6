using Vitrine.Insight.Json;

namespace Vitrine.Insight.Control;

/// <summary>JSON of <c>vitrine cgroup</c>; described in docs/cgroups.md.</summary>
public static class ControlJson
{
    public static string Readings(ControlGroup group, IReadOnlyList<ControlReading> readings) => JsonText.Object(json =>
    {
        json.Text("cgroup", group.Path);
        json.Objects("settings", readings, (fields, reading) =>
        {
            fields.Text("name", reading.Name);
            fields.Text("value", reading.Value);
            fields.Text("formula", reading.Formula);
            fields.Text("otherName", reading.OtherName);
            fields.Text("otherValue", reading.OtherValue);
            fields.Objects("sources", reading.Sources, static (source, read) =>
            {
                source.Text("path", read.Path);
                source.Text("value", read.Value);
            });
        });
    });

    public static string Changes(ControlGroup group, IReadOnlyList<ControlChange> changes) => JsonText.Object(json =>
    {
        json.Text("cgroup", group.Path);
        json.Text("owner", group.Owner.Name);
        json.Objects("changes", changes, (fields, change) =>
        {
            fields.Text("name", change.Name);
            fields.Text("asked", change.Asked);
            fields.Text("note", change.Note);
            fields.Text("formula", change.Formula);
            fields.Text("before", change.Before);
            fields.Text("value", change.Value);
            fields.Text("after", change.After);
            fields.Flag("differs", change.Differs);
            fields.Objects("writes", change.Writes, (write, file) =>
            {
                write.Text("path", group.PathOf(file.File));
                write.Text("value", file.Value);
            });
        });
    });

    /// <summary>The tree as a list, parents before children.</summary>
    public static string Tree(ControlNode root)
    {
        var nodes = new List<ControlNode>();
        Flatten(root, nodes);
        return JsonText.Array(nodes, static (json, node) =>
        {
            json.Text("path", node.Path);
            json.Text("owner", node.Owner);
            json.Text("containerId", node.ContainerId);
            json.Text("containerName", node.ContainerName);
            json.Texts("controllers", node.Controllers);
            json.Numbers("processes", node.Processes);
            json.Number("memoryBytes", node.MemoryBytes);
            json.Number("memoryLimitBytes", node.MemoryLimitBytes);
            json.Real("cpus", node.Cpus);
            json.Number("cpuWeight", node.Weight);
            json.Number("pids", node.Pids);
            json.Number("pidsLimit", node.PidsLimit);
            json.Flag("frozen", node.Frozen);
        });
    }

    public static string Rates(IReadOnlyList<ControlRate> rates) => JsonText.Array(rates, static (json, rate) =>
    {
        json.Text("path", rate.Path);
        json.Real("cpus", Math.Round(rate.Cpus, 4));
        json.Real("throttled", Math.Round(rate.Throttled, 4));
        json.Number("memoryBytes", rate.MemoryBytes);
        json.Number("memoryLimitBytes", rate.MemoryLimitBytes);
        json.Number("pids", rate.Pids);
        json.Real("readBytesPerSecond", Math.Round(rate.ReadBytesPerSecond));
        json.Real("writtenBytesPerSecond", Math.Round(rate.WrittenBytesPerSecond));
    });

    private static void Flatten(ControlNode node, List<ControlNode> into)
    {
        into.Add(node);
        foreach (var child in node.Children)
            Flatten(child, into);
    }
}
