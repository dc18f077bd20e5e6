using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Win32.SafeHandles;
using Vitrine.Api.Hijacking;
using Vitrine.Api.Http;
using Vitrine.Engine;
using Vitrine.Engine.Waiting;
using Vitrine.Linux;

namespace Vitrine.Api.Streams;

/// <summary>A connection that has left HTTP: raw bytes of a terminal, or frames.</summary>
internal sealed class HijackedStream : ClientStream, IDisposable
{
    private readonly PipeReader _input;
    private readonly StreamOutput _output;
    private readonly bool _framed;
    private readonly SafeFileHandle? _socket;
    private readonly CancellationTokenSource _ended = new();

    /// <param name="connection">The connection.</param>
    /// <param name="output">The way to the client.</param>
    /// <param name="framed">Whether output comes in frames.</param>
    /// <param name="readiness">Tells when the other side hangs up.</param>
    public HijackedStream(ConnectionContext connection, StreamOutput output, bool framed, Readiness readiness)
    {
        (_input, _output) = (connection.Transport.Input, output);
        _framed = framed;
        _socket = Duplicate(connection);
        Gone = WatchAsync(readiness);
    }

    public override Task Gone { get; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await _input.ReadAsync(cancellation).ConfigureAwait(false);
            var count = (int)Math.Min(buffer.Length, read.Buffer.Length);
            read.Buffer.Slice(0, count).CopyTo(buffer.Span);
            _input.AdvanceTo(read.Buffer.GetPosition(count));
            if (count > 0 || read.IsCompleted)
                return count;
        }
    }

    public override void Write(OutputStream stream, ReadOnlySpan<byte> bytes)
    {
        if (_framed)
            Frame.Write(_output.Buffer, stream, bytes);
        else
            _output.Buffer.Put(bytes);
    }

    public override ValueTask<bool> FlushAsync(CancellationToken cancellation) => _output.FlushAsync(cancellation);

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
        _socket?.Dispose();
    }

    /// <summary>
    /// The end of the client's input only says that it sends no more. That it is gone is a hang-up of its unix socket; over TCP
    /// it shows when something is sent.
    /// </summary>
    private async Task WatchAsync(Readiness readiness)
    {
        try
        {
            if (_socket is not null)
                await readiness.WaitAsync(_socket, EpollEvents.None, _ended.Token).ConfigureAwait(false);
            else
                await Task.Delay(Timeout.Infinite, _ended.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or LinuxException)
        {
            // The stream is over.
        }
    }

    private static SafeFileHandle? Duplicate(ConnectionContext connection)
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket.SafeHandle is not { } socket)
            return null;
        var held = false;
        try
        {
            socket.DangerousAddRef(ref held);
            using var borrowed = new SafeFileHandle(socket.DangerousGetHandle(), ownsHandle: false);
            return Fd.Duplicate(borrowed);
        }
        catch (Exception e) when (e is ObjectDisposedException or LinuxException)
        {
            return null;
        }
        finally
        {
            if (held)
                socket.DangerousRelease();
        }
    }
}
