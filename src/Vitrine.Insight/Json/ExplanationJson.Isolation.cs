namespace Vitrine.Insight.Json;

/// <content>What is the container's own: processes, namespaces, root and mounts.</content>
public static partial class ExplanationJson
{
    private static void Write(JsonFields json, ProcessSection value)
    {
        json.Object("supervisor", value.Supervisor, Write);
        json.Object("program", value.Program, Write);
        json.Objects("processes", value.Processes, Write);
        WriteNotes(json, value);
    }

    private static void Write(JsonFields json, Supervisor value)
    {
        json.Number("pid", value.Pid);
        json.Text("command", value.Command);
        json.Text("engine", value.Engine);
        json.Text("role", value.Role);
    }

    private static void Write(JsonFields json, ProgramFact value)
    {
        json.Text("path", value.Path);
        json.Flag("deleted", value.Deleted);
        json.Text("layer", value.Layer);
        json.Text("digest", value.Digest);
        json.Text("createdBy", value.CreatedBy);
        json.Flag("writtenHere", value.WrittenHere);
        json.Text("package", value.Package);
    }

    private static void Write(JsonFields json, ContainerProcess value)
    {
        json.Number("pid", value.Pid);
        json.Number("containerPid", value.ContainerPid);
        json.Number("parentPid", value.ParentPid);
        json.Text("command", value.Command);
        json.Number("hostUid", value.HostUid);
        json.Number("containerUid", value.ContainerUid);
        json.Text("state", value.State.ToString());
        json.Number("residentBytes", value.ResidentBytes);
        json.Choice("foundBy", value.FoundBy);
    }

    private static void Write(JsonFields json, NamespaceSection value)
    {
        json.Objects("namespaces", value.Namespaces, Write);
        WriteNotes(json, value);
    }

    private static void Write(JsonFields json, NamespaceFact value)
    {
        json.Text("kind", value.Kind);
        json.Unsigned("inode", value.Inode);
        json.Choice("scope", value.Scope);
        json.Objects("sharedWith", value.SharedWith, Write);
        json.Text("meaning", value.Meaning);
        json.Text("source", value.Source);
        json.Text("error", value.Error);
    }

    private static void Write(JsonFields json, NamespacePeer value)
    {
        json.Number("pid", value.Pid);
        json.Text("command", value.Command);
        json.Text("containerId", value.ContainerId);
    }

    private static void Write(JsonFields json, UserMappingSection value)
    {
        json.Flag("isMapped", value.IsMapped);
        json.Objects("users", value.Users, Write);
        json.Objects("groups", value.Groups, Write);
        WriteNotes(json, value);
    }

    private static void Write(JsonFields json, IdMapRow value)
    {
        json.Number("inside", value.Inside);
        json.Number("outside", value.Outside);
        json.Number("count", value.Count);
    }

    private static void Write(JsonFields json, RootSection value)
    {
        json.Choice("kind", value.Kind);
        json.Text("fileSystem", value.FileSystem);
        json.Text("hostPath", value.HostPath);
        json.Flag("readOnly", value.ReadOnly);
        json.Objects("layers", value.Layers, Write);
        WriteNotes(json, value);
    }

    private static void Write(JsonFields json, LayerFact value)
    {
        json.Text("directory", value.Directory);
        json.Flag("writable", value.Writable);
        json.Flag("byEngine", value.ByEngine);
        json.Number("sizeBytes", value.SizeBytes);
        json.Number("entries", value.Entries);
        json.Flag("incomplete", value.Incomplete);
        json.Text("digest", value.Digest);
        json.Text("createdBy", value.CreatedBy);
    }

    private static void Write(JsonFields json, MountSection value)
    {
        json.Objects("mounts", value.Mounts, Write);
        WriteNotes(json, value);
    }

    private static void Write(JsonFields json, MountFact value)
    {
        json.Text("destination", value.Destination);
        json.Choice("class", value.Class);
        json.Text("fileSystem", value.FileSystem);
        json.Text("source", value.Source);
        json.Text("volume", value.Volume);
        json.Flag("readOnly", value.ReadOnly);
        json.Texts("options", value.Options);
        json.Text("propagation", value.Propagation);
        json.Text("meaning", value.Meaning);
    }
}
