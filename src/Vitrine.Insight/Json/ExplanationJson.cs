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
    /// <param name="explanation">What to write.</param>
    /// <param name="sections">The names of the sections to write; null for all.</param>
    public static string Serialize(ContainerExplanation explanation, IReadOnlySet<string>? sections = null) =>
        JsonText.Object(json => Write(json, explanation, sections));

    private static void Write(JsonFields json, ContainerExplanation value, IReadOnlySet<string>? sections)
    {
        json.Number("schemaVersion", value.SchemaVersion);
        json.Object("target", value.Target, Write);
        Add("processes", value.Processes, Write);
        Add("namespaces", value.Namespaces, Write);
        Add("userMapping", value.UserMapping, Write);
        Add("root", value.Root, Write);
        Add("mounts", value.Mounts, Write);
        Add("cgroups", value.Cgroups, Write);
        Add("capabilities", value.Capabilities, Write);
        Add("seccomp", value.Seccomp, Write);
        Add("confinement", value.Confinement, Write);
        Add("devices", value.Devices, Write);
        Add("limits", value.Limits, Write);
        Add("network", value.Network, Write);
        Add("openFiles", value.OpenFiles, Write);
        Add("secrets", value.Secrets, Write);

        void Add<T>(string name, T section, Action<JsonFields, T> fields)
            where T : Section
        {
            if (sections?.Contains(name) != false)
                json.Object(name, section, fields);
        }
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
