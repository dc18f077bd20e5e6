namespace Vitrine.Insight.Json;

/// <summary>
/// JSON of explanations: camelCase, nulls left out, numbers in base units; described in docs/explain.md.
/// </summary>
/// <remarks>
/// Written field by field: serializers generated for these records would take a tenth of the program. A test compares every
/// field with what the serializer writes by reflection.
/// </remarks>
public static partial class ExplanationJson
{
    /// <summary>An indented JSON object, without a line end behind it.</summary>
    public static string Serialize(ContainerExplanation explanation) => JsonText.Object(json => Write(json, explanation));

    private static void Write(JsonFields json, ContainerExplanation value)
    {
        json.Number("schemaVersion", value.SchemaVersion);
        json.Object("target", value.Target, Write);
        json.Object("processes", value.Processes, Write);
        json.Object("namespaces", value.Namespaces, Write);
        json.Object("userMapping", value.UserMapping, Write);
        json.Object("root", value.Root, Write);
        json.Object("mounts", value.Mounts, Write);
        json.Object("cgroups", value.Cgroups, Write);
        json.Object("capabilities", value.Capabilities, Write);
        json.Object("seccomp", value.Seccomp, Write);
        json.Object("confinement", value.Confinement, Write);
        json.Object("devices", value.Devices, Write);
        json.Object("limits", value.Limits, Write);
        json.Object("network", value.Network, Write);
        json.Object("secrets", value.Secrets, Write);
    }

    internal static void Write(JsonFields json, TargetSection value)
    {
        json.Number("pid", value.Pid);
        json.Number("firstPid", value.FirstPid);
        json.Unsigned("startTime", value.StartTime);
        json.Text("command", value.Command);
        json.Text("engine", value.Engine);
        json.Text("id", value.Id);
        json.Text("name", value.Name);
        json.Text("image", value.Image);
        json.Flag("isContainer", value.IsContainer);
    }

    private static void Write(JsonFields json, Fact value)
    {
        json.Text("name", value.Name);
        json.Text("value", value.Value);
        json.Text("meaning", value.Meaning);
        json.Text("source", value.Source);
        json.Text("error", value.Error);
    }

    private static void Write(JsonFields json, Warning value)
    {
        json.Choice("severity", value.Severity);
        json.Text("id", value.Id);
        json.Text("message", value.Message);
        json.Text("fix", value.Fix);
    }

    private static void WriteNotes(JsonFields json, Section value)
    {
        json.Objects("facts", value.Facts, Write);
        json.Objects("warnings", value.Warnings, Write);
    }
}
