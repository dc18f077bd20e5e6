using System.Text.Json;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Runtime.Containers;

/// <summary>What is known of a container beside its configuration: state.json in its directory.</summary>
public sealed record ContainerRecord
{
    public required string Id { get; init; }

    /// <summary>The specification's version that its config.json names.</summary>
    public string OciVersion { get; init; } = "";

    /// <summary>Absolute path of the bundle.</summary>
    public string Bundle { get; init; } = "";

    /// <summary>Absolute path of the root filesystem on the host.</summary>
    public string Rootfs { get; init; } = "";

    /// <summary>When it was created, RFC 3339 in UTC.</summary>
    public string Created { get; init; } = "";

    /// <summary>Its first process; 0 until there is one.</summary>
    public int Pid { get; init; }

    /// <summary>When that process started, in clock ticks since boot: a pid alone may be another's by now.</summary>
    public ulong StartTime { get; init; }

    /// <summary>Its cgroup, as <see cref="ContainerCgroup.ToText"/> writes it; empty where it has none of its own.</summary>
    public string Cgroup { get; init; } = "";

    /// <summary>Whether the configuration has hooks that come after the creation.</summary>
    public bool HasHooks { get; init; }

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>The text of state.json.</summary>
    public byte[] ToJson() => new JsonText()
        .Object()
        .Text("id", Id)
        .Text("ociVersion", OciVersion)
        .Text("bundle", Bundle)
        .Text("rootfs", Rootfs)
        .Text("created", Created)
        .Number("pid", Pid)
        .Number("startTime", StartTime)
        .Text("cgroup", Cgroup)
        .Flag("hooks", HasHooks)
        .Map("annotations", Annotations)
        .EndObject()
        .ToUtf8();

    /// <summary>Reads state.json.</summary>
    /// <exception cref="JsonException">It is not what <see cref="ToJson"/> writes.</exception>
    public static ContainerRecord Parse(ReadOnlySpan<byte> text)
    {
        var json = new JsonCursor(text);
        var record = new ContainerRecord { Id = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "id": record = record with { Id = json.Text() }; break;
                case "ociVersion": record = record with { OciVersion = json.Text() }; break;
                case "bundle": record = record with { Bundle = json.Text() }; break;
                case "rootfs": record = record with { Rootfs = json.Text() }; break;
                case "created": record = record with { Created = json.Text() }; break;
                case "pid": record = record with { Pid = json.Int() }; break;
                case "startTime": record = record with { StartTime = json.ULong() }; break;
                case "cgroup": record = record with { Cgroup = json.Text() }; break;
                case "hooks": record = record with { HasHooks = json.Flag() }; break;
                case "annotations": record = record with { Annotations = json.TextMap() }; break;
                default: json.Skip(); break;
            }
        }
        json.End();
        return record.Id.Length > 0 ? record : throw JsonCursor.Missing("id");
    }
}
