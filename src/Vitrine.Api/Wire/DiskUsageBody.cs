using System.Text.Json.Serialization;
using Vitrine.Engine.Docker;

namespace Vitrine.Api.Wire;

/// <summary>GET /system/df. A kind that was not asked for is null.</summary>
internal sealed record DiskUsageBody
{
    public long LayersSize { get; init; }
    public IReadOnlyList<ImageSummary>? Images { get; init; }
    public IReadOnlyList<ContainerSummary>? Containers { get; init; }
    public IReadOnlyList<Volume>? Volumes { get; init; }
    public IReadOnlyList<EmptyObject>? BuildCache { get; init; }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, MaxDepth = 32)]
[JsonSerializable(typeof(DiskUsageBody))]
internal sealed partial class DiskUsageJson : JsonSerializerContext;
