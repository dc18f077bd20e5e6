using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Vitrine.Api.Hijacking;

/// <summary>
/// Stands between a connection and the HTTP server and looks at the head of each request. A request that becomes a stream -
/// attach, exec start - is not shown to the server, which refuses to upgrade a request that has a body, as docker's clients
/// send them: (1) bytes are passed on, request by request, (2) at such a request the server sees the end of its input, (3) it
/// answers what came before, (4) the connection belongs to the stream.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="next">The HTTP server.</param>
/// <param name="wants">Whether a request becomes a stream.</param>
/// <param name="serve">Serves such a request.</param>
internal sealed class RequestGate(ConnectionContext connection, ConnectionDelegate next, Func<RequestHead, bool> wants, Func<HijackedRequest, Task> serve)
{
    private const int MaxHead = 64 << 10;
    private const int MaxBody = 4 << 20;
    private const int Pause = 256 << 10;

    private static readonly PipeOptions s_options = new(pauseWriterThreshold: Pause, resumeWriterThreshold: Pause / 2, useSynchronizationContext: false);
    private static readonly byte[] s_headEnd = "\r\n\r\n"u8.ToArray();

    private readonly PipeReader _input = connection.Transport.Input;
    private readonly Pipe _toServer = new(s_options);

    /// <summary>Whether all has been read that is for the server.</summary>
    private volatile bool _hasRead;

    public async Task RunAsync()
    {
        var transport = connection.Transport;
        connection.Transport = new DuplexPipe(_toServer.Reader, new OpenWriter(transport.Output));
        var pumping = PumpAsync();
        HijackedRequest? hijacked;
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            // The server may end first; where it ended for want of input, the next to read is the stream.
            if (!_hasRead)
                _input.CancelPendingRead();
            hijacked = await pumping.ConfigureAwait(false);
            connection.Transport = transport;
        }
        if (hijacked is not null)
            await serve(hijacked).ConfigureAwait(false);
        await transport.Output.CompleteAsync().ConfigureAwait(false);
        await transport.Input.CompleteAsync().ConfigureAwait(false);
    }

    private async Task<HijackedRequest?> PumpAsync()
    {
        try
        {
            var hijacked = await PassRequestsAsync().ConfigureAwait(false);
            _hasRead = true;
            await _toServer.Writer.CompleteAsync().ConfigureAwait(false);
            return hijacked;
        }
        catch (Exception e)
        {
            // The server sees the connection's failure as if it had read itself.
            await _toServer.Writer.CompleteAsync(e).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Steps 1 and 2. Returns at the end of the connection with null.</summary>
    private async Task<HijackedRequest?> PassRequestsAsync()
    {
        while (true)
        {
            var read = await _input.ReadAsync().ConfigureAwait(false);
            if (read.IsCanceled)
                return null;
            var end = FindHeadEnd(read.Buffer);
            if (end is null && (read.IsCompleted || read.Buffer.Length > MaxHead))
                return await PassRestAsync(read).ConfigureAwait(false);
            if (end is not { } position)
            {
                _input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }
            if (RequestHead.TryParse(read.Buffer.Slice(0, position)) is not { } head)
                return await PassRestAsync(read).ConfigureAwait(false);
            var body = read.Buffer.GetPosition(s_headEnd.Length, position);
            if (wants(head))
            {
                _input.AdvanceTo(body);
                return await HijackAsync(head).ConfigureAwait(false);
            }
            var open = await PassAsync(read.Buffer.Slice(0, body)).ConfigureAwait(false);
            _input.AdvanceTo(body);
            if (!open || !await PassBodyAsync(head).ConfigureAwait(false))
                return null;
        }
    }

    private static SequencePosition? FindHeadEnd(in ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        return reader.TryReadTo(out ReadOnlySequence<byte> head, s_headEnd, advancePastDelimiter: false) ? buffer.GetPosition(head.Length) : null;
    }

    /// <summary>What is no request that we understand is the server's alone, to its end.</summary>
    private async Task<HijackedRequest?> PassRestAsync(ReadResult read)
    {
        while (true)
        {
            var open = await PassAsync(read.Buffer).ConfigureAwait(false);
            _input.AdvanceTo(read.Buffer.End);
            if (!open || read.IsCompleted || read.IsCanceled)
                return null;
            read = await _input.ReadAsync().ConfigureAwait(false);
        }
    }

    /// <summary>False where the connection ended with it.</summary>
    private async Task<bool> PassBodyAsync(RequestHead head)
    {
        var left = head.BodyLength;
        var chunks = head.IsChunked ? new ChunkedBody() : null;
        while (chunks is null ? left > 0 : !chunks.HasEnded)
        {
            var read = await _input.ReadAsync().ConfigureAwait(false);
            if (read.IsCanceled)
                return false;
            var length = chunks?.Feed(read.Buffer) ?? Math.Min(left, read.Buffer.Length);
            if (chunks is { IsBroken: true })
                length = read.Buffer.Length;
            left -= length;
            var part = read.Buffer.Slice(0, length);
            var open = await PassAsync(part).ConfigureAwait(false);
            _input.AdvanceTo(part.End);
            if (!open || read.IsCompleted && read.Buffer.Length == length && (left > 0 || chunks is { HasEnded: false }))
                return false;
        }
        return true;
    }

    private async Task<bool> PassAsync(ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
            _toServer.Writer.Write(segment.Span);
        var flushed = await _toServer.Writer.FlushAsync().ConfigureAwait(false);
        return !flushed.IsCompleted;
    }

    private async Task<HijackedRequest?> HijackAsync(RequestHead head)
    {
        var content = new ArrayBufferWriter<byte>();
        var chunks = head.IsChunked ? new ChunkedBody(content) : null;
        var tooLong = head.BodyLength > MaxBody;
        while (!tooLong && (chunks is null ? content.WrittenCount < head.BodyLength : !chunks.HasEnded))
        {
            var read = await _input.ReadAsync().ConfigureAwait(false);
            var length = chunks?.Feed(read.Buffer) ?? Math.Min(head.BodyLength - content.WrittenCount, read.Buffer.Length);
            if (chunks is null)
            {
                foreach (var segment in read.Buffer.Slice(0, length))
                    content.Write(segment.Span);
            }
            _input.AdvanceTo(read.Buffer.GetPosition(length));
            tooLong = content.WrittenCount > MaxBody || chunks is { IsBroken: true };
            // The server cancels the read when it has ended, which it does only for want of input here.
            if (read.IsCompleted && length == 0)
                return null;
        }
        return new HijackedRequest(connection, head, tooLong ? default(ReadOnlyMemory<byte>?) : content.WrittenMemory);
    }

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
