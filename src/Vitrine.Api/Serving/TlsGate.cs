using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;

namespace Vitrine.Api.Serving;

/// <summary>TLS in which the client shows a certificate too: the only way over TCP.</summary>
internal sealed class TlsGate
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly SslServerAuthenticationOptions _options;
    private readonly X509Certificate2Collection _authorities = [];

    /// <exception cref="VitrineException">Invalid: a file is missing or holds no certificate.</exception>
    public TlsGate(ServerOptions options)
    {
        try
        {
            _authorities.ImportFromPemFile(Named(options.TlsCaCert, "--tlscacert"));
            // SslStream wants a key that it can keep; one from PEM is only in memory.
            using var pem = X509Certificate2.CreateFromPemFile(Named(options.TlsCert, "--tlscert"), Named(options.TlsKey, "--tlskey"));
            var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
            _options = new SslServerAuthenticationOptions
            {
                ServerCertificate = certificate,
                ClientCertificateRequired = true,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                RemoteCertificateValidationCallback = (_, client, _, _) => IsTrusted(client),
            };
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new VitrineException(ErrorKind.Invalid, $"TLS: {e.Message}", e);
        }
    }

    /// <summary>As a middleware of connections.</summary>
    public ConnectionDelegate Wrap(ConnectionDelegate next) => async connection =>
    {
        var transport = connection.Transport;
        var plain = new Hijacking.DuplexStream(transport.Input.AsStream(leaveOpen: true), transport.Output.AsStream(leaveOpen: true));
        await using var tls = new SslStream(plain, leaveInnerStreamOpen: true);
        try
        {
            using var limit = new CancellationTokenSource(s_patience);
            await tls.AuthenticateAsServerAsync(_options, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            return;
        }
        connection.Items[Hijacking.StreamOutput.Encrypted] = true;
        connection.Transport = new TlsPipe(PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true)), PipeWriter.Create(tls, new StreamPipeWriterOptions(leaveOpen: true)));
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            connection.Transport = transport;
        }
    };

    private bool IsTrusted(X509Certificate? client)
    {
        if (client is not X509Certificate2 certificate)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2")); // clientAuth
        return chain.Build(certificate);
    }

    private static string Named(string? file, string option) =>
        file ?? throw new VitrineException(ErrorKind.Invalid, $"--tlsverify needs {option}");

    private sealed class TlsPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
