using System.Net;
using System.Net.Http.Headers;
using Vitrine.Oci;
using Vitrine.Oci.Image;

namespace Vitrine.Images.Registry;

/// <summary>
/// Reads one repository of a registry (distribution-spec, Pull): manifests whole, blobs as streams. Tries mirrors, asks for
/// credentials, follows redirects and tries again what failed for a moment. Used by several downloads at once.
/// </summary>
internal sealed partial class RegistryClient : IDisposable
{
    private const int MaxRedirects = 10;
    private const int MaxTags = 10_000;
    private const int TagsAtOnce = 1000;
    private readonly RegistryOptions _options;
    private readonly RegistryHttp _http;
    private readonly IReadOnlyList<RegistryEndpoint> _endpoints;
    private readonly ImageReference _name;
    private readonly RegistryScope _scope;
    private RegistryEndpoint? _endpoint;
    private RegistryAuthorizer? _authorizer;

    public RegistryClient(ImageReference name, RegistryOptions options, RegistryScope scope)
    {
        _name = name;
        _scope = scope;
        _options = options;
        _http = new RegistryHttp(options.IdleTimeout);
        // Mirrors are for reading images alone.
        _endpoints = RegistryEndpoint.Of(name.Registry, scope == RegistryScope.Pull ? options : options with { Mirrors = null });
        Retry = new RetryPolicy(options.RetryDelay);
    }

    public RetryPolicy Retry { get; }

    public TimeSpan IdleTimeout => _http.IdleTimeout;

    /// <summary>Which digest a tag leads to, where the registry says so; null where it has no such tag or does not say.</summary>
    /// <exception cref="VitrineException">Unavailable, Denied.</exception>
    public async Task<Digest?> HeadManifestAsync(string tag, CancellationToken cancellation)
    {
        try
        {
            using var response = await SendAsync(HttpMethod.Head, $"manifests/{tag}", AcceptManifests, cancellation).ConfigureAwait(false);
            return response.Headers.TryGetValues("Docker-Content-Digest", out var values) && Digest.TryParse(values.First(), out var digest)
                ? digest
                : null;
        }
        catch (RegistryException error) when (error.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }

    /// <summary>Fetches the manifest or index that a tag or digest leads to, verified against the digest.</summary>
    /// <exception cref="VitrineException">NotFound, Denied, Unavailable.</exception>
    public async Task<FetchedManifest> GetManifestAsync(string tagOrDigest, CancellationToken cancellation)
    {
        var (content, mediaType) = await FetchAsync($"manifests/{tagOrDigest}", AcceptManifests, ManifestParser.MaxSize, cancellation)
            .ConfigureAwait(false);
        var digest = Digest.Of(content);
        if (Digest.TryParse(tagOrDigest, out var asked))
        {
            digest = HashOf(asked.HashName, content);
            if (digest != asked)
                throw new RegistryException(ErrorKind.Unavailable, $"manifest verification failed for digest {asked}: its content has the digest {digest}");
        }

        return new FetchedManifest(content, digest, mediaType);
    }

    /// <summary>Fetches a small blob whole, verified.</summary>
    /// <exception cref="VitrineException">NotFound, Denied, Unavailable.</exception>
    public async Task<byte[]> GetBlobAsync(Descriptor blob, int limit, CancellationToken cancellation)
    {
        if (blob.Size > limit)
            throw new RegistryException(ErrorKind.Invalid, $"blob {blob.Digest} has {blob.Size} bytes, more than {limit}");
        var (content, _) = await FetchAsync($"blobs/{blob.Digest}", static _ => { }, (int)blob.Size, cancellation).ConfigureAwait(false);
        var digest = HashOf(blob.Digest.HashName, content);
        return digest == blob.Digest
            ? content
            : throw new RegistryException(ErrorKind.Unavailable, $"blob verification failed for digest {blob.Digest}: its content has the digest {digest}");
    }

    /// <summary>All tags of the repository; the registry may give them in parts (distribution-spec, Listing Tags).</summary>
    /// <exception cref="VitrineException">NotFound, Denied, Unavailable.</exception>
    public async Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellation)
    {
        var tags = new List<string>();
        for (var last = ""; tags.Count < MaxTags;)
        {
            var query = last.Length == 0 ? "" : $"&last={Uri.EscapeDataString(last)}";
            var (content, _) = await FetchAsync($"tags/list?n={TagsAtOnce}{query}", static _ => { }, ManifestParser.MaxSize, cancellation).ConfigureAwait(false);
            var part = TagList.Parse(content).Where(tag => !tags.Contains(tag)).ToList();
            tags.AddRange(part);
            if (part.Count < TagsAtOnce)
                break;
            last = part[^1];
        }

        return tags;
    }

    /// <summary>Asks for the bytes of a blob from an offset on. The answer may be 206, or 200 with the whole blob.</summary>
    /// <exception cref="VitrineException">NotFound, Denied, Unavailable.</exception>
    public Task<HttpResponseMessage> OpenBlobAsync(Digest digest, long offset, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Get,
            $"blobs/{digest}",
            headers => headers.Range = offset > 0 ? new RangeHeaderValue(offset, null) : null,
            cancellation);

    /// <summary>Asks for nothing: whether a registry is there and takes the login.</summary>
    /// <exception cref="VitrineException">Denied, Unavailable.</exception>
    public async Task PingAsync(CancellationToken cancellation)
    {
        using var response = await SendOnceAsync(new Call(HttpMethod.Get, null, static _ => { }), cancellation).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _authorizer?.Dispose();
        _http.Dispose();
    }

    private static void AcceptManifests(HttpRequestHeaders headers)
    {
        foreach (var mediaType in MediaTypes.Acceptable)
            headers.Accept.Add(new MediaTypeWithQualityHeaderValue(mediaType));
    }

    private static Digest HashOf(System.Security.Cryptography.HashAlgorithmName algorithm, byte[] content) =>
        Digest.FromHash(algorithm, System.Security.Cryptography.CryptographicOperations.HashData(algorithm, content));

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(IdleTimeout);
        try
        {
            return await response.Content.ReadBoundedAsync(limit, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (
            error is IOException or HttpRequestException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw RegistryErrors.Unreachable(_name.Registry, error);
        }
    }

    /// <summary>A small answer, whole; asked for again when the connection breaks in the middle of it.</summary>
    private Task<(byte[] Content, string? MediaType)> FetchAsync(
        string what, Action<HttpRequestHeaders> setHeaders, int limit, CancellationToken cancellation) => Retry.RunAsync(
        async () =>
        {
            using var response = await SendOnceAsync(new Call(HttpMethod.Get, what, setHeaders), cancellation).ConfigureAwait(false);
            var content = await ReadAsync(response, limit, cancellation).ConfigureAwait(false);
            return (content, response.Content.Headers.ContentType?.MediaType);
        },
        cancellation);

    private Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string what, Action<HttpRequestHeaders> setHeaders, CancellationToken cancellation) =>
        Retry.RunAsync(() => SendOnceAsync(new Call(method, what, setHeaders), cancellation), cancellation);

    /// <summary>The first request finds out which address answers; the later ones stay with it.</summary>
    private async Task<HttpResponseMessage> SendOnceAsync(Call call, CancellationToken cancellation)
    {
        if (_endpoint is not null)
            return await SendToAsync(_endpoint, _authorizer!, call, cancellation).ConfigureAwait(false);

        RegistryException? unreachable = null;
        foreach (var endpoint in _endpoints)
        {
            var authorizer = new RegistryAuthorizer(_http, endpoint, _name, _options, _scope);
            try
            {
                var response = await SendToAsync(endpoint, authorizer, call, cancellation).ConfigureAwait(false);
                (_endpoint, _authorizer) = (endpoint, authorizer);
                return response;
            }
            catch (RegistryException error) when (endpoint.IsMirror || error.IsUnreachable)
            {
                authorizer.Dispose();
                if (!endpoint.IsMirror)
                    unreachable ??= error;
            }
            catch (RegistryException)
            {
                // A no is an answer too.
                (_endpoint, _authorizer) = (endpoint, authorizer);
                throw;
            }
        }

        throw unreachable!;
    }

    private async Task<HttpResponseMessage> SendToAsync(
        RegistryEndpoint endpoint, RegistryAuthorizer authorizer, Call call, CancellationToken cancellation)
    {
        var address = call.Address ?? new Uri(endpoint.Address, call.What is null ? "/v2/" : $"/v2/{_name.Path}/{call.What}");
        for (var renewals = 0; ; renewals++)
        {
            var authorization = authorizer.Current;
            var response = await FollowAsync(endpoint, address, authorization, call, cancellation).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
            {
                // Twice: a token that has expired meanwhile is renewed once, a refused login is not tried again and again.
                if (response.StatusCode == HttpStatusCode.Unauthorized && renewals < 2
                    && await authorizer.AnswerAsync(response, authorization, cancellation).ConfigureAwait(false))
                {
                    continue;
                }

                throw await RegistryErrors.FromAsync(response, _name, cancellation, _scope.IsPush ? "push" : "pull").ConfigureAwait(false);
            }
        }
    }

    /// <summary>Follows redirects, telling credentials only to the registry itself and never leaving https for http.</summary>
    private async Task<HttpResponseMessage> FollowAsync(
        RegistryEndpoint endpoint, Uri address, AuthenticationHeaderValue? authorization, Call call, CancellationToken cancellation)
    {
        for (var hops = 0; hops <= MaxRedirects; hops++)
        {
            using var request = new HttpRequestMessage(call.Method, address) { Content = call.Content?.Invoke() };
            call.SetHeaders(request.Headers);
            if (address.Authority == endpoint.Address.Authority && address.Scheme == endpoint.Address.Scheme)
                request.Headers.Authorization = authorization;
            var verify = endpoint.Verify || !_options.IsInsecure(address.Authority);
            var response = await _http.SendAsync(request, verify, cancellation).ConfigureAwait(false);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
                return response;

            using (response)
            {
                var next = new Uri(address, location);
                if (next.Scheme != "https" && (next.Scheme != "http" || !_options.IsInsecure(next.Authority)))
                    throw new RegistryException(ErrorKind.Unavailable, $"{address.Authority} redirects to {next.Scheme}://{next.Authority}: refused");
                address = next;
            }
        }

        throw new RegistryException(ErrorKind.Unavailable, $"{address.Authority}: stopped after {MaxRedirects} redirects");
    }

    /// <summary>One request.</summary>
    /// <param name="Method">Its method.</param>
    /// <param name="What">The path below the repository; null for the registry's own root.</param>
    /// <param name="SetHeaders">Adds headers.</param>
    /// <param name="Content">Makes the body, for each attempt anew; null for none.</param>
    private sealed record Call(HttpMethod Method, string? What, Action<HttpRequestHeaders> SetHeaders, Func<HttpContent>? Content = null)
    {
        /// <summary>The whole address, where the registry gave one.</summary>
        public Uri? Address { get; init; }
    }
}

/// <summary>A manifest or index as the registry sent it.</summary>
/// <param name="Content">The exact bytes.</param>
/// <param name="Digest">Their digest.</param>
/// <param name="MediaType">What the registry says it is, or null.</param>
internal sealed record FetchedManifest(byte[] Content, Digest Digest, string? MediaType);
