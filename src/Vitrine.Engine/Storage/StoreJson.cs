using System.Text.Json.Serialization;

namespace Vitrine.Engine.Storage;

/// <summary>JSON of the engine's own files: nulls and defaults left out, so that a file stays small and says only what was said.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, MaxDepth = 32)]
[JsonSerializable(typeof(ContainerRecord))]
[JsonSerializable(typeof(VolumeRecord))]
internal sealed partial class StoreJson : JsonSerializerContext;
