using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Vitrine.Engine.Docker;

/// <summary>
/// What docker inspect prints, for writing alone: code that writes the fields in order, without the serializer's model of
/// the types, which would be most of a megabyte of the CLI. The same JSON as <see cref="DockerJson"/>.
/// </summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization, MaxDepth = 32)]
[JsonSerializable(typeof(ContainerInspect))]
[JsonSerializable(typeof(ImageInspect))]
[JsonSerializable(typeof(Volume))]
[JsonSerializable(typeof(NetworkInspect))]
public sealed partial class InspectJson : JsonSerializerContext
{
    private static readonly JsonWriterOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions s_indented = s_compact with { Indented = true, IndentSize = 4 };

    /// <summary>A container as UTF-8 JSON.</summary>
    /// <param name="container">The container.</param>
    /// <param name="indented">By four blanks, as docker does, or all on one line.</param>
    public static byte[] Write(ContainerInspect container, bool indented) => Write(container, Default.ContainerInspect, indented);

    /// <inheritdoc cref="Write(ContainerInspect, bool)"/>
    public static byte[] Write(ImageInspect image, bool indented) => Write(image, Default.ImageInspect, indented);

    /// <inheritdoc cref="Write(ContainerInspect, bool)"/>
    public static byte[] Write(Volume volume, bool indented) => Write(volume, Default.Volume, indented);

    /// <inheritdoc cref="Write(ContainerInspect, bool)"/>
    public static byte[] Write(NetworkInspect network, bool indented) => Write(network, Default.NetworkInspect, indented);

    private static byte[] Write<T>(T value, JsonTypeInfo<T> type, bool indented)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, indented ? s_indented : s_compact))
            JsonSerializer.Serialize(writer, value, type);
        return buffer.ToArray();
    }
}
