using System.Text.Json.Serialization;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine.Storage;

/// <summary>JSON of the engine's own files: nulls and defaults left out, so that a file stays small and says only what was said.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, MaxDepth = 32)]
[JsonSerializable(typeof(ContainerRecord))]
[JsonSerializable(typeof(VolumeRecord))]
internal sealed partial class StoreJson : JsonSerializerContext;

/// <summary>
/// The same for writing alone: code that writes the fields, without the serializer's model of the types, which takes longer
/// to build than the rest of a start.
/// </summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ContainerRecord))]
[JsonSerializable(typeof(VolumeRecord))]
internal sealed partial class StoreWriteJson : JsonSerializerContext;

/// <summary>plan.json, for writing alone; the shim reads it with a reader of its own.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ShimPlan))]
internal sealed partial class PlanWriteJson : JsonSerializerContext;
