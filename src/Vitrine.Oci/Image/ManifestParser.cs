using System.Text.Json;

namespace Vitrine.Oci.Image;

/// <summary>Reads manifests and indexes that come from outside: bounded, unambiguous, whole.</summary>
public static class ManifestParser
{
    /// <summary>The largest manifest accepted, in bytes (distribution-spec: registries accept at least 4 MiB).</summary>
    public const int MaxSize = 4 * 1024 * 1024;

    /// <summary>Parses the bytes of a manifest or an index.</summary>
    /// <param name="json">The exact bytes.</param>
    /// <param name="contentType">The media type its source gave, or null.</param>
    /// <exception cref="VitrineException">Invalid: what is wrong with it.</exception>
    public static ManifestDocument Parse(ReadOnlySpan<byte> json, string? contentType = null)
    {
        if (json.Length > MaxSize)
            throw Malformed($"it has {json.Length} bytes, more than {MaxSize}");
        try
        {
            return ParseAs(json, KindOf(Probe(json), contentType));
        }
        catch (JsonException error)
        {
            throw new VitrineException(ErrorKind.Invalid, $"malformed image manifest: {error.Message}", error);
        }
    }

    private static ManifestDocument ParseAs(ReadOnlySpan<byte> json, string kind) => kind switch
    {
        _ when MediaTypes.IsIndex(kind) => Checked(JsonSerializer.Deserialize(json, ImageJson.Default.ImageIndex)!),
        _ when MediaTypes.IsManifest(kind) => Checked(JsonSerializer.Deserialize(json, ImageJson.Default.Manifest)!),
        _ when MediaTypes.IsSchema1(kind) => throw new VitrineException(
            ErrorKind.Invalid, "Docker image format v1 and manifest version 2, schema 1 are not supported: push the image again with a current tool"),
        _ => throw Malformed($"unsupported media type {kind}"),
    };

    /// <summary>
    /// Decides what the document is. One that could be read both as a manifest and as an index is refused, and so is one whose own
    /// media type contradicts the one it was served with: two readers must not see two images (CVE-2021-41190).
    /// </summary>
    private static string KindOf(ManifestProbe probe, string? contentType)
    {
        var claimsManifest = probe.Config is not null || probe.Layers is not null || probe.FsLayers is not null;
        if (claimsManifest && probe.Manifests is not null)
            throw Malformed("it has the fields of both a manifest and an index");

        var served = contentType is null ? null : MediaTypeOnly(contentType);
        var known = served is not null && (MediaTypes.IsManifest(served) || MediaTypes.IsIndex(served) || MediaTypes.IsSchema1(served));
        if (known && probe.MediaType is not null && probe.MediaType != served)
            throw Malformed($"its media type is {probe.MediaType}, but it was served as {served}");
        if (probe.SchemaVersion == 1)
            return MediaTypes.DockerSchema1;
        return probe.MediaType ?? (known ? served! : probe.Manifests is not null ? MediaTypes.OciIndex : MediaTypes.OciManifest);
    }

    private static ManifestProbe Probe(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, ManifestProbeJson.Default.ManifestProbe) ?? throw Malformed("it is null");

    private static string MediaTypeOnly(string contentType) => contentType.Split(';')[0].Trim();

    private static Manifest Checked(Manifest manifest)
    {
        CheckSchema(manifest);
        CheckDescriptor(manifest.Config);
        if (manifest.Layers is null)
            throw Malformed("its layers are null");
        foreach (var layer in manifest.Layers)
            CheckDescriptor(layer);
        return manifest;
    }

    private static ImageIndex Checked(ImageIndex index)
    {
        CheckSchema(index);
        if (index.Manifests is null)
            throw Malformed("its manifests are null");
        foreach (var manifest in index.Manifests)
            CheckDescriptor(manifest);
        return index;
    }

    private static void CheckSchema(ManifestDocument document)
    {
        if (document.SchemaVersion != 2)
            throw Malformed($"its schema version is {document.SchemaVersion}, not 2");
    }

    private static void CheckDescriptor(Descriptor? descriptor)
    {
        if (descriptor?.Digest is null || string.IsNullOrEmpty(descriptor.MediaType) || descriptor.Size < 0)
            throw Malformed("it has a descriptor without media type, digest or size");
    }

    private static VitrineException Malformed(string reason) =>
        new(ErrorKind.Invalid, $"malformed image manifest: {reason}");
}
