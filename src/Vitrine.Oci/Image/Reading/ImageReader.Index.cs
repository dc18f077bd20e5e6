using System.Text.Json;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Oci.Image.Reading;

/// <content>Indexes.</content>
public static partial class ImageReader
{
    /// <summary>Reads an image index.</summary>
    /// <exception cref="JsonException">It is not JSON, a field has the wrong type, or one that must be there is not.</exception>
    public static ImageIndex ReadIndex(ReadOnlySpan<byte> utf8)
    {
        var json = new JsonCursor(utf8);
        var index = ReadIndex(ref json);
        json.End();
        return index;
    }

    private static ImageIndex ReadIndex(ref JsonCursor json)
    {
        List<Descriptor>? manifests = null;
        var index = new ImageIndex { Manifests = [] };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "schemaVersion": index = index with { SchemaVersion = json.Int() }; break;
                case "mediaType": index = index with { MediaType = json.Text() }; break;
                case "artifactType": index = index with { ArtifactType = json.Text() }; break;
                case "subject": index = index with { Subject = ReadDescriptor(ref json) }; break;
                case "annotations": index = index with { Annotations = json.TextMap() }; break;
                case "manifests": manifests = json.List(ReadDescriptor); break;
                default: (index.Unknown ??= [])[field] = json.Element(); break;
            }
        }
        return index with { Manifests = manifests ?? throw JsonCursor.Missing("manifests") };
    }

    private static Descriptor ReadDescriptor(ref JsonCursor json)
    {
        (string? mediaType, Digest? digest, long? size) = (null, null, null);
        (List<string>? urls, Dictionary<string, string>? annotations, Platform? platform) = (null, null, null);
        (string? artifactType, Dictionary<string, JsonElement>? unknown) = (null, null);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "mediaType": mediaType = json.Text(); break;
                case "digest": digest = ReadDigest(ref json); break;
                case "size": size = json.Long(); break;
                case "urls": urls = json.Texts(); break;
                case "annotations": annotations = json.TextMap(); break;
                case "platform": platform = ReadPlatform(ref json); break;
                case "artifactType": artifactType = json.Text(); break;
                default: (unknown ??= [])[field] = json.Element(); break;
            }
        }
        return new Descriptor
        {
            MediaType = mediaType ?? throw JsonCursor.Missing("mediaType"),
            Digest = digest ?? throw JsonCursor.Missing("digest"),
            Size = size ?? throw JsonCursor.Missing("size"),
            Urls = urls,
            Annotations = annotations,
            Platform = platform,
            ArtifactType = artifactType,
            Unknown = unknown,
        };
    }

    private static Platform ReadPlatform(ref JsonCursor json)
    {
        (string? architecture, string? os) = (null, null);
        var platform = new Platform { Architecture = "", Os = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "architecture": architecture = json.Text(); break;
                case "os": os = json.Text(); break;
                case "os.version": platform = platform with { OsVersion = json.Text() }; break;
                case "os.features": platform = platform with { OsFeatures = json.Texts() }; break;
                case "variant": platform = platform with { Variant = json.Text() }; break;
                default: (platform.Unknown ??= [])[field] = json.Element(); break;
            }
        }
        return platform with
        {
            Architecture = architecture ?? throw JsonCursor.Missing("architecture"),
            Os = os ?? throw JsonCursor.Missing("os"),
        };
    }
}
