using System.Buffers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Vitrine.Api.Hijacking;
using Vitrine.Api.Http;
using Vitrine.Engine;

namespace Vitrine.Api.Streams;

/// <summary>An attach over a websocket (RFC 6455): binary messages, not framed any further.</summary>
internal sealed class WebSocketStream : ClientStream, IDisposable
{
    private const string HandshakeId = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private readonly WebSocket _socket;
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WebSocketStream(WebSocket socket) => _socket = socket;

    public override Task Gone => _gone.Task;

    /// <summary>Answers the handshake.</summary>
    /// <exception cref="VitrineException">Invalid: it is none.</exception>
    public static async Task<WebSocketStream> AcceptAsync(StreamRequest request)
    {
        if (request.Head["Sec-WebSocket-Key"] is not { } key)
            throw new VitrineException(ErrorKind.Invalid, "this is a websocket endpoint: the request has no Sec-WebSocket-Key");
        var accept = Convert.ToBase64String(Hash(key));
        // A client that names sub-protocols wants one of them chosen.
        var protocol = request.Head["Sec-WebSocket-Protocol"]?.Split(',')[0].Trim();
        await request.BeginAsync(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n"
            + (protocol is null ? "" : $"Sec-WebSocket-Protocol: {protocol}\r\n") + $"{CommonHeaders.Text}\r\n", 101).ConfigureAwait(false);
        return new WebSocketStream(WebSocket.CreateFromStream(request.DuplexStream(), new WebSocketCreationOptions { IsServer = true, SubProtocol = protocol }));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                var read = await _socket.ReceiveAsync(buffer, cancellation).ConfigureAwait(false);
                if (read.MessageType is not WebSocketMessageType.Close)
                {
                    if (read.Count > 0)
                        return read.Count;
                    continue;
                }
            }
            catch (WebSocketException)
            {
                // Gone without a word.
            }
            _gone.TrySetResult();
            return 0;
        }
    }

    public override void Write(OutputStream stream, ReadOnlySpan<byte> bytes) => _output.Write(bytes);

    public override async ValueTask<bool> FlushAsync(CancellationToken cancellation)
    {
        if (_output.WrittenCount == 0)
            return _socket.State is WebSocketState.Open;
        try
        {
            await _socket.SendAsync(_output.WrittenMemory, WebSocketMessageType.Binary, endOfMessage: true, cancellation).ConfigureAwait(false);
            _output.ResetWrittenCount();
            return true;
        }
        catch (Exception e) when (e is WebSocketException or IOException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Says goodbye as the protocol has it.</summary>
    public async Task CloseAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or IOException or InvalidOperationException or OperationCanceledException)
        {
            // The client was faster.
        }
    }

    public void Dispose() => _socket.Dispose();

#pragma warning disable CA5350 // SHA-1 is what the handshake is defined with; nothing depends on its strength.
    private static byte[] Hash(string key) => SHA1.HashData(Encoding.ASCII.GetBytes(key + HandshakeId));
#pragma warning restore CA5350
}
