using System.Text.Json.Serialization;

namespace Vitrine.Images.Registry;

/// <summary>The small JSON documents around registries.</summary>
[JsonSourceGenerationOptions(MaxDepth = 16)]
[JsonSerializable(typeof(RegistryFile))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(HelperAnswer))]
[JsonSerializable(typeof(DockerConfigFile))]
internal sealed partial class RegistryJson : JsonSerializerContext;
