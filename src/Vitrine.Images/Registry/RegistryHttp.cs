using System.Net;
using System.Net.Security;

namespace Vitrine.Images.Registry;

/// <summary>
/// Sends single requests: bounded in time, without following redirects (which would carry the Authorization header along) and
/// without decoding, so that bytes are those that were hashed.
/// </summary>
internal sealed class RegistryHttp(TimeSpan idleTimeout) : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private readonly Lazy<HttpMessageInvoker> _verified = new(static () => Create(verify: true));
    private readonly Lazy<HttpMessageInvoker> _unverified = new(static () => Create(verify: false));

    /// <summary>The longest time without a byte before a connection counts as broken.</summary>
    public TimeSpan IdleTimeout { get; } = idleTimeout;

    /// <summary>Sends a request and returns as soon as the headers of the answer are here.</summary>
    /// <exception cref="RegistryException">Unavailable: no answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, bool verify, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(ConnectTimeout + IdleTimeout);
        request.Headers.UserAgent.ParseAdd("vitrine/0.1");
        try
        {
            return await (verify ? _verified : _unverified).Value.SendAsync(request, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (
            error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw RegistryErrors.Unreachable(request.RequestUri!.Authority, error);
        }
    }

    public void Dispose()
    {
        if (_verified.IsValueCreated)
            _verified.Value.Dispose();
        if (_unverified.IsValueCreated)
            _unverified.Value.Dispose();
    }

    private static HttpMessageInvoker Create(bool verify)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectTimeout,
            UseCookies = false,
            MaxResponseHeadersLength = 64,
        };
#pragma warning disable CA5359 // Only for hosts that the administrator lists as insecure, and loopback addresses.
        if (!verify)
            handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true };
#pragma warning restore CA5359
        return new HttpMessageInvoker(handler);
    }
}
