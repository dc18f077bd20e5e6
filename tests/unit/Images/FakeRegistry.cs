using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vitrine.Oci;

namespace Vitrine.Tests.Unit.Images;

/// <summary>One request as the registry saw it.</summary>
internal sealed record FakeRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public override string ToString() => $"{Method} {Path}";
}

/// <summary>One answer. A connection that is cut ends after so many bytes of the body; one that is silent then says no more.</summary>
internal sealed record FakeReply(int Status, byte[] Body, string? ContentType = null)
{
    public Dictionary<string, string> Headers { get; } = [];

    public int? CutAfter { get; init; }

    public int? SilentAfter { get; init; }

    public static FakeReply Text(int status, string body, string contentType = "application/json") =>
        new(status, Encoding.UTF8.GetBytes(body), contentType);

    public static FakeReply Error(int status, string code, string message) =>
        Text(status, $$"""{"errors":[{"code":"{{code}}","message":"{{message}}","detail":null}]}""");

    public FakeReply With(string header, string value)
    {
        Headers[header] = value;
        return this;
    }
}

/// <summary>
/// A registry in this process, on a loopback port of its own: the pull part of the distribution specification for any repository,
/// with every answer open to interference.
/// </summary>
internal sealed class FakeRegistry : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, (byte[] Content, string MediaType)> _manifests = new();
    private readonly ConcurrentDictionary<string, byte[]> _blobs = new();
    private readonly Task _accepting;

    public FakeRegistry()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Host => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Answers in place of the registry where it gives something.</summary>
    public Func<FakeRequest, FakeReply?> Interfere { get; set; } = static _ => null;

    public bool HonoursRange { get; set; } = true;

    public ConcurrentQueue<FakeRequest> Requests { get; } = new();

    public IEnumerable<string> Log => Requests.Select(static request => request.ToString());

    public Digest AddBlob(byte[] content)
    {
        var digest = Digest.Of(content);
        _blobs[digest.ToString()] = content;
        return digest;
    }

    public byte[] Content(Digest digest) => _blobs[digest.ToString()];

    /// <summary>Serves other bytes under a blob's digest.</summary>
    public void Corrupt(Digest digest, byte[] content) => _blobs[digest.ToString()] = content;

    public Digest AddManifest(byte[] content, string mediaType, string? tag)
    {
        var digest = Digest.Of(content);
        _manifests[digest.ToString()] = (content, mediaType);
        if (tag is not null)
            _manifests[tag] = (content, mediaType);
        return digest;
    }

    public async ValueTask DisposeAsync()
    {
        if (_accepting.IsCompleted)
            return;
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
                while (await ReadRequestAsync(reader) is { } request)
                {
                    Requests.Enqueue(request);
                    if (!await WriteAsync(client.GetStream(), request, Interfere(request) ?? Answer(request)))
                        break;
                }
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                // The other side has gone away, or the test is over.
            }
        }
    }

    private async Task<FakeRequest?> ReadRequestAsync(StreamReader reader)
    {
        if (await reader.ReadLineAsync(_stop.Token) is not { Length: > 0 } first || first.Split(' ') is not [var method, var target, _])
            return null;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
            headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
        var length = int.Parse(headers.GetValueOrDefault("Content-Length", "0"));
        var body = new char[length];
        if (length > 0)
            await reader.ReadBlockAsync(body, _stop.Token);
        var mark = target.IndexOf('?');
        var (path, query) = mark < 0 ? (target, "") : (target[..mark], target[(mark + 1)..]);
        return new FakeRequest(method, path, query, headers, new string(body));
    }

    /// <returns>Whether the connection goes on.</returns>
    private async Task<bool> WriteAsync(NetworkStream stream, FakeRequest request, FakeReply reply)
    {
        var head = new StringBuilder($"HTTP/1.1 {reply.Status} Reason\r\nContent-Length: {reply.Body.Length}\r\n");
        if (reply.ContentType is not null)
            head.Append($"Content-Type: {reply.ContentType}\r\n");
        foreach (var (name, value) in reply.Headers)
            head.Append($"{name}: {value}\r\n");
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), _stop.Token);
        if (request.Method == "HEAD")
            return true;
        var length = Math.Min(reply.Body.Length, reply.CutAfter ?? reply.SilentAfter ?? int.MaxValue);
        await stream.WriteAsync(reply.Body.AsMemory(0, length), _stop.Token);
        if (reply.SilentAfter is not null)
            await Task.Delay(Timeout.Infinite, _stop.Token);
        return reply.CutAfter is null;
    }

    private FakeReply Answer(FakeRequest request)
    {
        var name = request.Path[(request.Path.LastIndexOf('/') + 1)..];
        if (request.Path.Contains("/manifests/", StringComparison.Ordinal))
        {
            return _manifests.TryGetValue(name, out var manifest)
                ? new FakeReply(200, manifest.Content, manifest.MediaType).With("Docker-Content-Digest", Digest.Of(manifest.Content).ToString())
                : FakeReply.Error(404, "MANIFEST_UNKNOWN", "manifest unknown");
        }

        if (!request.Path.Contains("/blobs/", StringComparison.Ordinal) || !_blobs.TryGetValue(name, out var blob))
            return FakeReply.Error(404, "BLOB_UNKNOWN", "blob unknown to registry");
        if (!HonoursRange || request.Header("Range") is not { } range)
            return new FakeReply(200, blob, "application/octet-stream");
        var start = int.Parse(range.AsSpan("bytes=".Length..^1));
        return new FakeReply(206, blob[start..], "application/octet-stream")
            .With("Content-Range", $"bytes {start}-{blob.Length - 1}/{blob.Length}");
    }
}
