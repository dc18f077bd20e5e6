using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Vitrine.Engine;
using Vitrine.Engine.Docker;
using Vitrine.Images.Registry;
using Vitrine.Oci;

namespace Vitrine.Api.Http;

/// <summary>
/// X-Registry-Auth: the login that a client sends with its request. This server has none of its own: what root has logged in to is
/// not for everybody who may use the socket.
/// </summary>
internal static class RegistryAuth
{
    private const string Header = "X-Registry-Auth";

    /// <summary>How the registry of an image is reached for this request.</summary>
    /// <exception cref="VitrineException">Invalid: the header is not what it should be.</exception>
    public static RegistryOptions Options(ApiRequest request, ImageReference image)
    {
        var login = Parse(request.Http.Request.Headers[Header].ToString());
        // The client chose the login for this registry: a mirror in between must not see it.
        return RegistryOptions.Load() with { FindLogin = host => host == image.Registry ? login : null };
    }

    /// <summary>Reads the header: base64url of JSON, <c>e30=</c> (<c>{}</c>) being none.</summary>
    internal static RegistryCredentials? Parse(string header)
    {
        if (header.Length == 0)
            return null;
        try
        {
            var json = WebEncoders.Base64UrlDecode(header.TrimEnd('=').Replace('+', '-').Replace('/', '_'));
            return JsonSerializer.Deserialize(json, DockerJson.Default.AuthConfig) is { } login ? ContainerEngine.Credentials(login) : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw new VitrineException(ErrorKind.Invalid, $"invalid {Header} header: {e.Message}", e);
        }
    }
}
