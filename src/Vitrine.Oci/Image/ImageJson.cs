using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Oci.Image;

/// <summary>JSON of the image specification: names as given on each property, nulls left out.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 32)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(ImageIndex))]
[JsonSerializable(typeof(ImageConfig))]
[JsonSerializable(typeof(ImageLayout))]
public sealed partial class ImageJson : JsonSerializerContext
{
    /// <summary>As <see cref="Default"/>, for files that people read: "+" and "&lt;" are not escaped.</summary>
    public static ImageJson Readable => _readable ??=
        new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static ImageJson? _readable;
}

/// <summary>The <c>oci-layout</c> file (image-spec image-layout.md).</summary>
public sealed record ImageLayout
{
    public const string FileName = "oci-layout";

    [JsonPropertyName("imageLayoutVersion")]
    public string Version { get; init; } = "1.0.0";
}
