using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Vitrine.Images.Registry;

/// <summary>
/// Sends single requests: bounded in time, without following redirects (which would carry the Authorization header along) and
/// without decoding, so that bytes are those that were hashed.
/// </summary>
internal sealed class RegistryHttp : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private readonly Lazy<HttpMessageInvoker> _verified;
    private readonly Lazy<HttpMessageInvoker> _unverified;
    private volatile string? _certificateProblem;

    public RegistryHttp(TimeSpan idleTimeout)
    {
        IdleTimeout = idleTimeout;
        _verified = new Lazy<HttpMessageInvoker>(() => Create(verify: true));
        _unverified = new Lazy<HttpMessageInvoker>(() => Create(verify: false));
    }

    /// <summary>The longest time without a byte before a connection counts as broken.</summary>
    public TimeSpan IdleTimeout { get; }

    /// <summary>Sends a request and returns as soon as the headers of the answer are here.</summary>
    /// <exception cref="RegistryException">Unavailable: no answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, bool verify, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(ConnectTimeout + IdleTimeout);
        request.Headers.UserAgent.ParseAdd("vitrine/0.1");
        if (request.Content is UploadContent upload)
            upload.KeepAlive = () => timeout.CancelAfter(ConnectTimeout + IdleTimeout);
        try
        {
            return await (verify ? _verified : _unverified).Value.SendAsync(request, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (
            error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw RegistryErrors.Unreachable(request.RequestUri!.Authority, error, _certificateProblem);
        }
    }

    public void Dispose()
    {
        if (_verified.IsValueCreated)
            _verified.Value.Dispose();
        if (_unverified.IsValueCreated)
            _unverified.Value.Dispose();
    }

    private HttpMessageInvoker Create(bool verify) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = ConnectTimeout,
        UseCookies = false,
        MaxResponseHeadersLength = 64,
        SslOptions = new SslClientAuthenticationOptions
        {
            // Any certificate will do only for hosts that the administrator lists as insecure, and loopback addresses.
            RemoteCertificateValidationCallback = (_, _, chain, errors) => !verify || IsValid(chain, errors),
        },
    });

    private bool IsValid(X509Chain? chain, SslPolicyErrors errors)
    {
        _certificateProblem = errors switch
        {
            SslPolicyErrors.None => null,
            _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => "certificate is not valid for this name",
            _ when chain?.ChainStatus.Any(static s => s.Status.HasFlag(X509ChainStatusFlags.NotTimeValid)) == true =>
                "certificate has expired or is not yet valid",
            _ => "certificate signed by unknown authority",
        };
        return errors == SslPolicyErrors.None;
    }
}
