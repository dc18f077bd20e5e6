using System.Net;
using System.Net.Http.Headers;
using Vitrine.Oci;

namespace Vitrine.Images.Registry;

/// <content>Writing (distribution-spec, Push).</content>
internal sealed partial class RegistryClient
{
    /// <summary>Whether the repository has a blob.</summary>
    /// <exception cref="VitrineException">Denied, Unavailable.</exception>
    public async Task<bool> HasBlobAsync(Digest digest, CancellationToken cancellation)
    {
        try
        {
            using var response = await SendAsync(HttpMethod.Head, $"blobs/{digest}", static _ => { }, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (RegistryException error) when (error.Kind == ErrorKind.NotFound)
        {
            return false;
        }
    }

    /// <summary>Begins the upload of a blob, or takes it over from another repository of the registry.</summary>
    /// <param name="digest">The blob.</param>
    /// <param name="from">A repository that may have it, or null.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Where to send it; null where the registry has taken it over.</returns>
    /// <exception cref="VitrineException">Denied, Unavailable.</exception>
    public async Task<Uri?> BeginUploadAsync(Digest digest, string? from, CancellationToken cancellation)
    {
        var query = from is null ? "" : $"?mount={Uri.EscapeDataString(digest.ToString())}&from={Uri.EscapeDataString(from)}";
        using var response = await SendAsync(HttpMethod.Post, $"blobs/uploads/{query}", static _ => { }, cancellation).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.Created ? null : Session(response);
    }

    /// <summary>Sends the bytes of a blob from an offset on.</summary>
    /// <returns>Where to go on.</returns>
    /// <exception cref="VitrineException">Denied, Unavailable.</exception>
    public async Task<Uri> SendBlobAsync(Uri session, Func<Stream> open, long offset, long length, Action<long> progress, CancellationToken cancellation)
    {
        using var response = await SendToSessionAsync(HttpMethod.Patch, session, () =>
        {
            var content = new UploadContent(open, offset, length - offset, progress);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            if (offset > 0)
                content.Headers.TryAddWithoutValidation("Content-Range", $"{offset}-{length - 1}");
            return content;
        }, cancellation).ConfigureAwait(false);
        return Session(response);
    }

    /// <summary>How far a broken upload came, and where to go on; null where the registry knows it no more.</summary>
    public async Task<(Uri Session, long Offset)?> FindUploadAsync(Uri session, CancellationToken cancellation)
    {
        try
        {
            using var response = await SendToSessionAsync(HttpMethod.Get, session, null, cancellation).ConfigureAwait(false);
            var range = response.Headers.TryGetValues("Range", out var values) ? values.First() : "";
            var dash = range.IndexOf('-', StringComparison.Ordinal);
            // "0-0" is what registries say of none as well as of one byte.
            return dash >= 0 && long.TryParse(range.AsSpan(dash + 1), out var last) ? (Session(response), last > 0 ? last + 1 : 0) : null;
        }
        catch (RegistryException)
        {
            return null;
        }
    }

    /// <summary>Ends an upload: the registry checks the digest.</summary>
    /// <exception cref="VitrineException">Denied, Unavailable.</exception>
    public async Task FinishUploadAsync(Uri session, Digest digest, CancellationToken cancellation)
    {
        var separator = session.Query.Length > 1 ? "&" : "?";
        var address = new Uri(session.AbsoluteUri + separator + "digest=" + Uri.EscapeDataString(digest.ToString()));
        (await SendToSessionAsync(HttpMethod.Put, address, static () => new ByteArrayContent([]), cancellation).ConfigureAwait(false)).Dispose();
    }

    /// <summary>Gives a manifest whose blobs the repository has a name.</summary>
    /// <exception cref="VitrineException">Denied, Unavailable; Invalid: the registry does not take it.</exception>
    public async Task PutManifestAsync(string tagOrDigest, byte[] manifest, string mediaType, CancellationToken cancellation)
    {
        var call = new Call(HttpMethod.Put, $"manifests/{tagOrDigest}", static _ => { }, () =>
        {
            var content = new ByteArrayContent(manifest);
            content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
            return content;
        });
        (await Retry.RunAsync(() => SendOnceAsync(call, cancellation), cancellation).ConfigureAwait(false)).Dispose();
    }

    /// <summary>To an address that the registry gave; not repeated here, since what has arrived of it must be asked first.</summary>
    private Task<HttpResponseMessage> SendToSessionAsync(HttpMethod method, Uri session, Func<HttpContent>? content, CancellationToken cancellation) =>
        SendOnceAsync(new Call(method, "", static _ => { }, content) { Address = session }, cancellation);

    private Uri Session(HttpResponseMessage response)
    {
        var location = response.Headers.Location
            ?? throw new RegistryException(ErrorKind.Unavailable, $"{_name.Registry}: its answer to an upload names no place to go on");
        var next = new Uri(response.RequestMessage!.RequestUri!, location);
        return next.Scheme == "https" || (next.Scheme == "http" && _options.IsInsecure(next.Authority))
            ? next
            : throw new RegistryException(ErrorKind.Unavailable, $"{_name.Registry} wants the upload at {next.Scheme}://{next.Authority}: refused");
    }
}
