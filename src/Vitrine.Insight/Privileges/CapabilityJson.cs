using Vitrine.Insight.Json;
using Vitrine.Insight.Sections;
using Vitrine.Linux;

namespace Vitrine.Insight.Privileges;

/// <summary>JSON of <c>vitrine caps</c>; described in docs/capabilities.md.</summary>
public static class CapabilityJson
{
    /// <summary>One set, with the meaning of each capability.</summary>
    public static string Decoded(CapabilitySet set) => JsonText.Object(json =>
    {
        json.Text("mask", set.ToHex());
        json.Objects("capabilities", [.. CapabilityNames.Each(set)], Capability);
        json.Texts("beyondDockerDefault", (set - CapabilityMeanings.DockerDefault).ToNames());
        json.Texts("missingOfDockerDefault", (CapabilityMeanings.DockerDefault - set).ToNames());
    });

    /// <summary>All sets of a process.</summary>
    public static string Shown(ProcessCapabilities process, string? container) => JsonText.Object(json =>
    {
        json.Number("pid", process.Pid);
        json.Text("container", container);
        json.Text("command", process.Command);
        json.Number("uid", process.User);
        json.Flag("noNewPrivileges", process.NoNewPrivileges);
        json.Flag("ownUserNamespace", process.OwnUserNamespace);
        foreach (var (name, set, _) in process.Sets)
            Set(json, name, set);
        json.Objects("meanings", [.. CapabilityNames.Each(process.Any)], Capability);
        json.Texts("beyondDockerDefault", (process.Bounding - CapabilityMeanings.DockerDefault).ToNames());
        json.Texts("missingOfDockerDefault", (CapabilityMeanings.DockerDefault - process.Bounding).ToNames());
    });

    /// <summary>What differs, set by set.</summary>
    public static string Compared(CapabilityComparison comparison) => JsonText.Object(json =>
    {
        json.Text("left", comparison.Left);
        json.Text("right", comparison.Right);
        json.Flag("same", comparison.IsSame);
        json.Objects("sets", comparison.Sets, (fields, set) =>
        {
            fields.Text("set", set.Name);
            fields.Texts("onlyLeft", set.OnlyLeft.ToNames());
            fields.Texts("onlyRight", set.OnlyRight.ToNames());
            fields.Texts("both", set.Both.ToNames());
        });
    });

    private static void Set(JsonFields json, string name, CapabilitySet set) => json.Object(name, set.ToNames(), (fields, names) =>
    {
        fields.Text("mask", set.ToHex());
        fields.Texts("names", names);
    });

    private static void Capability(JsonFields json, Capability capability)
    {
        var (severity, meaning) = CapabilityMeanings.Of(capability);
        json.Number("bit", (byte)capability);
        json.Text("name", Capabilities.Name(capability));
        json.Flag("known", capability <= Capabilities.LastNamed);
        json.Choice("severity", severity);
        json.Text("meaning", meaning);
    }
}
