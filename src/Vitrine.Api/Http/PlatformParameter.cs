using System.Text.Json;
using Vitrine.Oci;

namespace Vitrine.Api.Http;

/// <summary>
/// The platform of an image in a query, as JSON of the OCI platform. An image here has one platform: another than that is not found.
/// </summary>
internal static class PlatformParameter
{
    /// <summary>The platforms that a parameter names, each value one.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="name">Of the parameter.</param>
    /// <param name="since">The version of the API that brought it: an older client's is not looked at.</param>
    /// <exception cref="VitrineException">Invalid: no JSON of a platform.</exception>
    public static IReadOnlyList<Platform> Read(ApiRequest request, string name, int since) =>
        request.Version.Has(since) ? [.. request.Query.All(name).Where(static text => text.Length > 0).Select(Parse)] : [];

    /// <summary>Refuses platforms that an image is not for.</summary>
    /// <exception cref="VitrineException">Invalid: no JSON of a platform; NotFound: the image, or the image for that platform.</exception>
    public static void Check(ApiRequest request, string image, string name, int since)
    {
        foreach (var wanted in Read(request, name, since))
        {
            var config = request.Engine.Images.Get(image).Config;
            if (!wanted.Accepts(new Platform { Os = config.Os ?? "", Architecture = config.Architecture ?? "", Variant = config.Variant }))
                throw new VitrineException(ErrorKind.NotFound, $"image with reference {image} was found but does not provide the specified platform ({wanted})");
        }
    }

    private static Platform Parse(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 4 });
            if (json.RootElement is { ValueKind: JsonValueKind.Object } root && Text(root, "os") is { Length: > 0 } os && Text(root, "architecture") is { Length: > 0 } architecture)
                return new Platform { Os = os, Architecture = architecture, Variant = Text(root, "variant") }.Normalize();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new VitrineException(ErrorKind.Invalid, $"failed to parse platform: {e.Message}", e);
        }
        throw new VitrineException(ErrorKind.Invalid, $"failed to parse platform: both os and architecture must be provided: {text}");
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
}
