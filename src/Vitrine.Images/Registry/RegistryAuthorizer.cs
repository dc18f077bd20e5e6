using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Oci;

namespace Vitrine.Images.Registry;

/// <summary>
/// Answers the challenges of one registry for one repository: Basic with the login, or Bearer with a token from the token service
/// (distribution's token and oauth2 protocols). The answer is kept for the requests that follow.
/// </summary>
internal sealed class RegistryAuthorizer(
    RegistryHttp http, RegistryEndpoint endpoint, ImageReference name, RegistryOptions options, RegistryScope wanted) : IDisposable
{
    private const int MaxTokenAnswer = 1 << 20;
    private readonly SemaphoreSlim _gate = new(1);
    private Lazy<RegistryCredentials?> Login { get; } =
        new(() => options.FindLogin is { } find ? find(endpoint.LoginHost) : DockerConfig.Load(options.DockerConfigDirectory).Find(endpoint.LoginHost));

    /// <summary>What to send with the next request; null before the first challenge.</summary>
    public AuthenticationHeaderValue? Current { get; private set; }

    /// <summary>Answers a 401.</summary>
    /// <param name="refused">The answer with the challenge.</param>
    /// <param name="sent">What the refused request carried: another request may have renewed it meanwhile.</param>
    /// <param name="cancellation">Cancels the token request.</param>
    /// <returns>Whether it is worth to ask again with <see cref="Current"/>.</returns>
    /// <exception cref="VitrineException">Denied; Unavailable.</exception>
    public async Task<bool> AnswerAsync(HttpResponseMessage refused, AuthenticationHeaderValue? sent, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!ReferenceEquals(sent, Current))
                return true;
            if (AuthChallenge.Choose(refused.Headers.WwwAuthenticate) is not { } challenge)
                return false;
            var answer = challenge.IsBasic ? Basic() : await BearerAsync(challenge, cancellation).ConfigureAwait(false);
            if (answer is null || answer.Equals(sent))
                return false;
            Current = answer;
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private AuthenticationHeaderValue? Basic() =>
        Login.Value is { User.Length: > 0 } login ? new AuthenticationHeaderValue("Basic", login.ToBasic()) : null;

    private async Task<AuthenticationHeaderValue?> BearerAsync(AuthChallenge challenge, CancellationToken cancellation)
    {
        if (Login.Value?.RegistryToken is { Length: > 0 } registryToken)
            return new AuthenticationHeaderValue("Bearer", registryToken);
        using var request = TokenRequest(challenge, Realm(challenge));
        using var response = await http.SendAsync(request, endpoint.Verify, cancellation).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
            throw await RegistryErrors.FromAsync(response, name, cancellation, wanted.IsPush ? "push" : "pull").ConfigureAwait(false);

        var body = await response.Content.ReadBoundedAsync(MaxTokenAnswer, cancellation).ConfigureAwait(false);
        return Token(body) is { } token
            ? new AuthenticationHeaderValue("Bearer", token)
            : throw new RegistryException(ErrorKind.Unavailable, $"{request.RequestUri!.Authority}: authorization server did not include a token in the response");
    }

    /// <summary>The token service; never a less protected one than the registry itself.</summary>
    private Uri Realm(AuthChallenge challenge)
    {
        if (!Uri.TryCreate(challenge.Parameters.GetValueOrDefault("realm"), UriKind.Absolute, out var realm)
            || realm.Scheme is not ("https" or "http"))
        {
            throw new RegistryException(ErrorKind.Unavailable, $"{endpoint.Address.Authority}: its challenge names no token service");
        }

        return realm.Scheme == "https" || options.IsInsecure(realm.Authority)
            ? realm
            : throw new RegistryException(ErrorKind.Denied,
                $"{endpoint.Address.Authority} wants the login sent to {realm.Authority} without encryption: refused");
    }

    private HttpRequestMessage TokenRequest(AuthChallenge challenge, Uri realm)
    {
        var scopes = wanted.Of(name, challenge.Parameters.GetValueOrDefault("scope")).ToList();
        var service = challenge.Parameters.GetValueOrDefault("service");
        if (Login.Value?.IdentityToken is { Length: > 0 } identityToken)
            return OAuthRequest(realm, identityToken, service, string.Join(' ', scopes));

        var parameters = scopes.Select(static scope => $"scope={Uri.EscapeDataString(scope)}");
        var query = string.Join('&', service is null ? parameters : parameters.Prepend($"service={Uri.EscapeDataString(service)}"));
        var separator = realm.Query.Length > 1 ? realm.Query + "&" : "?";
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(realm, realm.AbsolutePath + separator + query));
        request.Headers.Authorization = Basic();
        return request;
    }

    private static HttpRequestMessage OAuthRequest(Uri realm, string identityToken, string? service, string scope)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = identityToken,
            ["client_id"] = "vitrine",
            ["scope"] = scope,
        };
        if (service is not null)
            form["service"] = service;
        return new HttpRequestMessage(HttpMethod.Post, realm) { Content = new FormUrlEncodedContent(form) };
    }

    private static string? Token(byte[] body)
    {
        try
        {
            var answer = JsonSerializer.Deserialize(body, RegistryJson.Default.TokenAnswer);
            var token = answer?.Token is { Length: > 0 } ? answer.Token : answer?.AccessToken;
            return string.IsNullOrEmpty(token) || token.Any(char.IsControl) ? null : token;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What a token service answers. When the token expires does not matter: the registry's next 401 says so.</summary>
internal sealed record TokenAnswer
{
    [JsonPropertyName("token")]
    public string? Token { get; init; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }
}
