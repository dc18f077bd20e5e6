using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Vitrine.Api.Hijacking;

/// <summary>The way to the client of a connection that has left HTTP.</summary>
internal abstract class StreamOutput
{
    /// <summary>Set in a connection's items where its bytes are encrypted on their way to the socket.</summary>
    public const string Encrypted = "vitrine.encrypted";

    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(3);

    /// <summary>Takes what is to be sent by <see cref="FlushAsync"/>.</summary>
    public abstract IBufferWriter<byte> Buffer { get; }

    /// <summary>The output of a connection: its socket where that is possible.</summary>
    public static StreamOutput Of(ConnectionContext connection) =>
        !connection.Items.ContainsKey(Encrypted) && connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket
            ? new SocketOutput(socket)
            : new PipeOutput(connection.Transport.Output);

    /// <summary>Sends what was written, waiting for a slow client.</summary>
    /// <returns>False where the client is gone.</returns>
    public abstract ValueTask<bool> FlushAsync(CancellationToken cancellation);

    /// <summary>
    /// Says that nothing more comes, and waits a moment for the client to end its side: a unix socket that is closed while input is
    /// unread gives the client an error in place of the end.
    /// </summary>
    public async Task EndAsync(PipeReader input)
    {
        if (!End())
            return;
        using var patience = new CancellationTokenSource(s_farewell);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(patience.Token).ConfigureAwait(false);
                input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // It keeps its side open, or is gone.
        }
    }

    /// <summary>False where the client cannot be told apart from closing.</summary>
    protected abstract bool End();

    /// <summary>
    /// Past the HTTP server's own queue, which is empty by now: nothing waits behind it, and the client's end of reading can be
    /// told from ours.
    /// </summary>
    private sealed class SocketOutput(Socket socket) : StreamOutput
    {
        private readonly ArrayBufferWriter<byte> _buffer = new();

        public override IBufferWriter<byte> Buffer => _buffer;

        public override async ValueTask<bool> FlushAsync(CancellationToken cancellation)
        {
            try
            {
                for (var left = _buffer.WrittenMemory; !left.IsEmpty;)
                    left = left[await socket.SendAsync(left, SocketFlags.None, cancellation).ConfigureAwait(false)..];
                _buffer.ResetWrittenCount();
                return true;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }

        protected override bool End()
        {
            try
            {
                socket.Shutdown(SocketShutdown.Send);
                return true;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    private sealed class PipeOutput(PipeWriter pipe) : StreamOutput
    {
        public override IBufferWriter<byte> Buffer => pipe;

        public override async ValueTask<bool> FlushAsync(CancellationToken cancellation)
        {
            try
            {
                return !(await pipe.FlushAsync(cancellation).ConfigureAwait(false)).IsCompleted;
            }
            catch (Exception e) when (e is IOException or InvalidOperationException)
            {
                return false;
            }
        }

        protected override bool End() => false;
    }
}
