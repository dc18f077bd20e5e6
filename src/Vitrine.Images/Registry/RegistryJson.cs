using System.Text.Json.Serialization;

namespace Vitrine.Images.Registry;

/// <summary>The small JSON documents around registries.</summary>
[JsonSourceGenerationOptions(MaxDepth = 16)]
[JsonSerializable(typeof(RegistryOptions))]
internal sealed partial class RegistryJson : JsonSerializerContext;
