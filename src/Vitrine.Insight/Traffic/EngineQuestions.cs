using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Vitrine.Insight.Traffic.Rules;

namespace Vitrine.Insight.Traffic;

/// <summary>GET on the engine's socket, each on a connection of its own.</summary>
internal sealed class EngineQuestions(string socket) : IEngineQuestions
{
    private const int MaxAnswer = 8 << 20;

    /// <inheritdoc/>
    /// <exception cref="EngineLostException">The engine is gone, or answers with an error that is not "no such thing", or not in JSON: what cannot be judged must not pass.</exception>
    public async Task<JsonElement?> GetAsync(string version, params string[] segments)
    {
        try
        {
            return await AskAsync(version, segments);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable)
        {
            throw new EngineLostException($"nobody answers on {socket}: is the engine running?", e);
        }
        catch (Exception e) when (e is InvalidDataException || HttpSide.IsHangUp(e))
        {
            throw new EngineLostException($"whether the call may pass is not known: {(e is InvalidDataException ? e.Message : "the engine closed the connection")}", e);
        }
    }

    private async Task<JsonElement?> AskAsync(string version, string[] segments)
    {
        using var engine = new HttpSide(await ConnectAsync(socket));
        var path = string.Concat(segments.Select(segment => "/" + Uri.EscapeDataString(segment)));
        var prefix = version.Length > 0 ? "/" + version : "";
        await engine.WriteAsync(Encoding.ASCII.GetBytes($"GET {prefix}{path} HTTP/1.1\r\nHost: vitrine-spy\r\nConnection: close\r\n\r\n"));
        var head = await engine.ReadHeadAsync() ?? throw new InvalidDataException("the engine closed the connection without an answer");
        if (head.Status == 404)
            return null;
        var bytes = new MemoryStream();
        await HttpBody.CopyAsync(head, engine, null, untilClose: true, part =>
        {
            if (bytes.Length + part.Length > MaxAnswer)
                throw new InvalidDataException("an answer of the engine that is too long to be judged");
            bytes.Write(part.Span);
        });
        return head.Status == 200 && GoJson.TryParse(bytes.ToArray()) is { } document
            ? document.RootElement
            : throw new InvalidDataException($"the engine answers {head.Status} where it was asked what {path} is");
    }

    /// <summary>A new connection to a unix socket.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<Socket> ConnectAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}
