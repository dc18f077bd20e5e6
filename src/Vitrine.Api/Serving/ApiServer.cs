using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Vitrine.Api.Hijacking;

namespace Vitrine.Api.Serving;

/// <summary>The HTTP server on its sockets.</summary>
internal sealed class ApiServer : IDisposable
{
    private const int MaxHeaders = 64 << 10;

    private readonly List<Socket> _sockets = [];
    private readonly List<string> _names = [];
    private readonly KestrelServer _server;
    private readonly ApiApplication _application;
    private readonly ApiServices _services;

    public ApiServer(ServerOptions options, ApiServices services)
    {
        _services = services;
        _application = new ApiApplication(services);
        var kestrel = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        SetLimits(kestrel.Limits);
        var streams = new StreamServer(services);
        try
        {
            Listen(options, kestrel, streams);
        }
        catch
        {
            Dispose();
            throw;
        }
        // A client that is slow, or only listens, is no error here: streams are idle for days.
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        _server = new KestrelServer(Options.Create(kestrel), transport, NullLoggerFactory.Instance);
    }

    public Task StartAsync() => _server.StartAsync(_application, CancellationToken.None);

    /// <summary>Takes no more requests and gives those that run a moment to end.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        await _server.StopAsync(limit.Token).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _server?.Dispose();
        _application.Dispose();
        foreach (var socket in _sockets)
            socket.Dispose();
        foreach (var name in _names)
            File.Delete(name);
    }

    private static void SetLimits(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = null;
        limits.MaxRequestHeadersTotalSize = MaxHeaders;
        limits.MaxRequestLineSize = MaxHeaders;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.KeepAliveTimeout = TimeSpan.FromDays(1);
    }

    private void Listen(ServerOptions options, KestrelServerOptions kestrel, StreamServer streams)
    {
        var hosts = options.Hosts.Count > 0 ? options.Hosts : Activated(kestrel, streams) ? [] : [$"unix://{options.ExecRoot}/docker.sock"];
        foreach (var host in hosts)
        {
            if (host.StartsWith("unix://", StringComparison.Ordinal))
                ListenUnix(Path.GetFullPath(host["unix://".Length..]), options.Group, kestrel, streams);
            else if (host.StartsWith("fd://", StringComparison.Ordinal))
                _ = Activated(kestrel, streams) ? true : throw Invalid("fd:// needs sockets from systemd, and there are none (LISTEN_FDS)");
            else if (host.StartsWith("tcp://", StringComparison.Ordinal))
                ListenTcp(host["tcp://".Length..], options, kestrel, streams);
            else
                throw Invalid($"--host {host}: use unix:///PATH, fd:// or tcp://HOST:PORT");
        }
    }

    private bool Activated(KestrelServerOptions kestrel, StreamServer streams)
    {
        var descriptors = Activation.Take();
        foreach (var descriptor in descriptors)
        {
            kestrel.ListenHandle(descriptor, listen => Gate(listen, streams));
            _services.Log.Info($"listening on descriptor {descriptor}");
        }
        return descriptors.Count > 0;
    }

    private void ListenUnix(string path, string? group, KestrelServerOptions kestrel, StreamServer streams)
    {
        var socket = ListenSocket.Open(path, group);
        _sockets.Add(socket);
        _names.Add(path);
        kestrel.ListenHandle((ulong)socket.Handle, listen => Gate(listen, streams));
        _services.Log.Info($"listening on unix://{path}");
    }

    private void ListenTcp(string address, ServerOptions options, KestrelServerOptions kestrel, StreamServer streams)
    {
        if (!options.TlsVerify)
            throw Invalid($"--host tcp://{address}: whoever reaches this port is root on this host; it is served only with --tlsverify");
        if (!IPEndPoint.TryParse(address, out var endpoint) || endpoint.Port == 0)
            throw Invalid($"--host tcp://{address}: use an IP address and a port, e.g. tcp://127.0.0.1:2376");
        var tls = new TlsGate(options);
        kestrel.Listen(endpoint, listen =>
        {
            listen.Use(tls.Wrap);
            Gate(listen, streams);
        });
        _services.Log.Info($"listening on tcp://{endpoint} with TLS");
    }

    private static void Gate(ListenOptions listen, StreamServer streams)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection => new RequestGate(connection, next, StreamServer.Wants, streams.ServeAsync).RunAsync());
    }

    private static VitrineException Invalid(string message) => new(ErrorKind.Invalid, message);
}
