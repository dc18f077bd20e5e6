namespace Vitrine.Runtime.Containers;

/// <summary>The state of a container as JSON (runtime-spec runtime.md, State).</summary>
public static class StateText
{
    /// <summary>On one line, as hooks get it on their stdin.</summary>
    public static byte[] ForHook(ContainerRecord record, ContainerStatus status) =>
        new JsonText().Object()
            .Text("ociVersion", record.OciVersion)
            .Text("id", record.Id)
            .Text("status", status.ToText())
            .Number("pid", status == ContainerStatus.Stopped ? 0 : record.Pid)
            .Text("bundle", record.Bundle)
            .Map("annotations", record.Annotations)
            .EndObject()
            .ToUtf8();

    /// <summary>Adds the fields that runc's state and list have, to an object.</summary>
    public static void Write(JsonText json, ContainerRecord record, ContainerStatus status, string owner)
    {
        json.Object()
            .Text("ociVersion", record.OciVersion)
            .Text("id", record.Id)
            .Number("pid", status == ContainerStatus.Stopped ? 0 : record.Pid)
            .Text("status", status.ToText())
            .Text("bundle", record.Bundle)
            .Text("rootfs", record.Rootfs)
            .Text("created", record.Created);
        if (record.Annotations.Count > 0)
            json.Map("annotations", record.Annotations);
        json.Text("owner", owner).EndObject();
    }
}
