using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Oci.Runtime;

/// <summary>JSON of the runtime specification: camelCase names, nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowTrailingCommas = false,
    ReadCommentHandling = JsonCommentHandling.Disallow,
    MaxDepth = 32)]
[JsonSerializable(typeof(Spec))]
[JsonSerializable(typeof(ProcessSpec))]
public sealed partial class RuntimeJson : JsonSerializerContext;
