using Vitrine.Engine;
using Vitrine.Engine.Attaching;
using Vitrine.Linux;

namespace Vitrine.Api.Streams;

/// <summary>Joins a client to a container's first process until the process ends, the client goes, or it detaches.</summary>
/// <param name="session">The container's side.</param>
/// <param name="client">The client's side.</param>
/// <param name="readiness">For waiting.</param>
internal sealed class AttachRelay(ContainerSession session, ClientStream client, Readiness readiness)
{
    private const int BufferSize = 16 << 10;

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

    private async Task InputAsync(byte[]? detachKeys, CancellationToken cancellation)
    {
        var detector = detachKeys is null ? null : new DetachDetector(detachKeys);
        var buffer = new byte[BufferSize];
        // A second descriptor: the first is waited on for output.
        using var handle = Fd.Duplicate(session.Handle);
        try
        {
            while (await client.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var count)
            {
                ReadOnlyMemory<byte> typed = buffer.AsMemory(0, count);
                var detached = false;
                if (detector is not null)
                {
                    detached = detector.Feed(typed.Span, out var passed);
                    typed = passed;
                }
                for (; typed.Length > 0; typed = typed[Math.Min(typed.Length, ContainerSession.MaxWrite)..])
                {
                    while (!session.TryWriteStdin(typed.Span[..Math.Min(typed.Length, ContainerSession.MaxWrite)]))
                        await readiness.WaitAsync(handle, EpollEvents.Write, cancellation).ConfigureAwait(false);
                }
                if (detached)
                {
                    session.Detach();
                    return;
                }
            }
            await session.CloseStdinAsync(cancellation).ConfigureAwait(false);
        }
        catch (VitrineException)
        {
            // The process has ended; its output's reader learns so too.
        }
        await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(false);
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
