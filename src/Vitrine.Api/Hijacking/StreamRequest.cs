using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Vitrine.Api.Http;
using Vitrine.Api.Routing;
using Vitrine.Api.Streams;
using Vitrine.Api.Wire;

namespace Vitrine.Api.Hijacking;

/// <summary>A request that becomes a stream, and the ways to answer it.</summary>
internal sealed class StreamRequest(HijackedRequest request, ApiServices services)
{
    private readonly StreamOutput _output = StreamOutput.Of(request.Connection);
    private RequestTarget? _target;

    public ApiServices Services => services;

    public RequestHead Head => request.Head;

    public RequestTarget Target => _target ?? throw new InvalidOperationException("not parsed yet");

    public ApiVersion Version => Target.Version;

    /// <summary>Whether the answer has begun, so that no other can be given.</summary>
    public bool IsStream { get; private set; }

    /// <summary>The status that was answered.</summary>
    public int Status { get; private set; }

    public PipeReader Input => request.Connection.Transport.Input;

    /// <exception cref="VitrineException">Invalid: the version is not spoken, or the body too long.</exception>
    public void Parse()
    {
        _target = RequestTarget.Parse(Head.Target);
        if (request.Body is null)
            throw new VitrineException(ErrorKind.Invalid, "the request's body is too long");
    }

    /// <summary>The body as JSON; null where there is none.</summary>
    public T? Body<T>(JsonTypeInfo<T> type)
        where T : class =>
        request.Body is { Length: > 0 } body ? JsonSerializer.Deserialize(body.Span, type) : null;

    /// <summary>Answers that from here on the connection is a stream.</summary>
    /// <param name="contentType">Of the stream.</param>
    /// <param name="framed">Whether output comes in frames.</param>
    public async Task<HijackedStream> UpgradeAsync(string contentType, bool framed)
    {
        // Who did not ask for an upgrade is told the same type whatever the stream is, as docker does.
        var head = Head.WantsUpgrade
            ? $"HTTP/1.1 101 UPGRADED\r\nContent-Type: {contentType}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n{CommonHeaders.Text}\r\n"
            : $"HTTP/1.1 200 OK\r\nContent-Type: {Frame.Raw}\r\n{CommonHeaders.Text}\r\n";
        await BeginAsync(head, Head.WantsUpgrade ? 101 : 200).ConfigureAwait(false);
        return new HijackedStream(request.Connection, _output, framed, services.Readiness);
    }

    /// <summary>The connection as one stream.</summary>
    public Stream DuplexStream() => new DuplexStream(Input.AsStream(leaveOpen: true), request.Connection.Transport.Output.AsStream(leaveOpen: true));

    /// <summary>Writes the head of an answer that has no end of its own.</summary>
    public async Task BeginAsync(string head, int status)
    {
        (IsStream, Status) = (true, status);
        Encoding.ASCII.GetBytes(head, _output.Buffer);
        await _output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>A whole answer with JSON, or nothing, as its body. The connection ends with it.</summary>
    public async Task AnswerAsync(int status, ReadOnlyMemory<byte> json)
    {
        (IsStream, Status) = (true, status);
        var type = json.IsEmpty ? "" : "Content-Type: application/json\r\n";
        Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status} {ReasonPhrases.GetReasonPhrase(status)}\r\n{type}Content-Length: {json.Length}\r\nConnection: close\r\n{CommonHeaders.Text}\r\n",
            _output.Buffer);
        _output.Buffer.Put(json.Span);
        await _output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Ends the connection in good order.</summary>
    public Task EndAsync() => _output.EndAsync(Input);

    public async Task FailAsync(Exception error)
    {
        var body = new ArrayBufferWriter<byte>();
        JsonLine.Write(body, new ErrorBody { Message = ApiErrors.Message(error) }, ApiJson.Default.ErrorBody);
        try
        {
            await AnswerAsync(ApiErrors.Status(error), body.WrittenMemory).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The client has gone.
        }
    }
}
