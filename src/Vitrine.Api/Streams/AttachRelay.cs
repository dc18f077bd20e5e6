using Microsoft.Win32.SafeHandles;
using Vitrine.Engine;
using Vitrine.Engine.Waiting;
using Vitrine.Linux;

namespace Vitrine.Api.Streams;

/// <summary>Joins a client to a container's first process until the process ends, the client goes, or it detaches.</summary>
/// <param name="session">The container's side.</param>
/// <param name="client">The client's side.</param>
/// <param name="readiness">For waiting.</param>
internal sealed class AttachRelay(ContainerSession session, ClientStream client, Readiness readiness)
{
    /// <summary>Relays.</summary>
    /// <param name="stdin">Whether input goes to the process.</param>
    /// <param name="detachKeys">What detaches; null where nothing typed does.</param>
    /// <param name="cancellation">Ends the relay.</param>
    public async Task RunAsync(bool stdin, byte[]? detachKeys, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var output = OutputAsync(ended.Token);
        var input = stdin ? InputAsync(detachKeys, ended.Token) : Task.Delay(Timeout.Infinite, ended.Token);
        // The input ends the relay only by detaching: a client that has nothing more to say still listens.
        await Task.WhenAny(output, input, client.Gone).ConfigureAwait(false);
        if (input.IsCompletedSuccessfully)
            session.Detach();
        await ended.CancelAsync().ConfigureAwait(false);
        await Settle(output).ConfigureAwait(false);
        await Settle(input).ConfigureAwait(false);
    }

    private async Task OutputAsync(CancellationToken cancellation)
    {
        var pieces = 0;
        while (true)
        {
            switch (session.TryRead((stream, bytes) => client.Write(stream, bytes.Span), out _))
            {
                case SessionRead.Piece when ++pieces < 8:
                    continue;
                case SessionRead.End:
                    await client.FlushAsync(cancellation).ConfigureAwait(false);
                    return;
                case SessionRead.Nothing:
                    if (!await client.FlushAsync(cancellation).ConfigureAwait(false))
                        return;
                    await readiness.WaitAsync(session.Handle, EpollEvents.Read, cancellation).ConfigureAwait(false);
                    break;
                default:
                    if (!await client.FlushAsync(cancellation).ConfigureAwait(false))
                        return;
                    break;
            }
            pieces = 0;
        }
    }

    /// <summary>Ends only where the client detaches.</summary>
    private async Task InputAsync(byte[]? detachKeys, CancellationToken cancellation)
    {
        // A second descriptor: the first is waited on for output.
        using var handle = Fd.Duplicate(session.Handle);
        try
        {
            if (await ClientInput.PassAsync(client, detachKeys, typed => WriteAsync(handle, typed, cancellation), cancellation).ConfigureAwait(false))
                return;
            await session.CloseStdinAsync(cancellation).ConfigureAwait(false);
        }
        catch (VitrineException)
        {
            // The process has ended; its output's reader learns so too.
        }
        await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(false);
    }

    private async Task WriteAsync(SafeFileHandle handle, ReadOnlyMemory<byte> typed, CancellationToken cancellation)
    {
        while (!typed.IsEmpty)
        {
            var piece = typed[..Math.Min(typed.Length, ContainerSession.MaxWrite)];
            if (session.TryWriteStdin(piece.Span))
                typed = typed[piece.Length..];
            else
                await readiness.WaitAsync(handle, EpollEvents.Write, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>What was cancelled, or broke with its client, is over all the same.</summary>
    internal static async Task Settle(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or VitrineException or LinuxException or ObjectDisposedException or InvalidOperationException)
        {
            // Nobody is left to be told.
        }
    }
}
