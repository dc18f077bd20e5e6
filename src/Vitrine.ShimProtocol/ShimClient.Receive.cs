using Vitrine.Linux;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.ShimProtocol;

public sealed partial class ShimClient
{
    /// <summary>The next message: output, Exited, ExecExited, or Closed when the shim has gone.</summary>
    /// <param name="timeout">Milliseconds; 0 only looks, -1 waits for ever.</param>
    /// <param name="message">The message. Its payload is valid until the next call.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False on timeout.</returns>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public bool Receive(int timeout, out ShimMessage message, CancellationToken cancellation = default)
    {
        if (_kept.TryDequeue(out message))
            return true;
        return Take(timeout, out message, cancellation);
    }

    /// <summary>The answer of kind <paramref name="kind"/>; output that comes before it is kept.</summary>
    private ShimMessage Await(MessageKind kind, CancellationToken cancellation)
    {
        for (var kept = _kept.Count; kept > 0; kept--)
        {
            var earlier = _kept.Dequeue();
            if (earlier.Kind == kind)
                return Rotate(earlier, kept - 1);
            _kept.Enqueue(earlier);
        }
        while (true)
        {
            Take(-1, out var message, cancellation);
            if (message.Kind == kind)
                return message;
            if (message.Kind is MessageKind.Failed)
                throw new ShimFailedException(ShimCodec.ReadFailed(message.Payload.Span));
            if (message.Kind is MessageKind.Closed)
                throw new ShimLostException(LostReason());
            _kept.Enqueue(message with { Payload = message.Payload.ToArray() });
        }
    }

    /// <summary>Brings the rest of the queue round, so that its order stays what it was.</summary>
    private ShimMessage Rotate(ShimMessage found, int rest)
    {
        for (; rest > 0; rest--)
            _kept.Enqueue(_kept.Dequeue());
        return found;
    }

    private bool Take(int timeout, out ShimMessage message, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_channel.Receive(_buffer, wait: timeout < 0 && !cancellation.CanBeCanceled, out message))
                return true;
            if (timeout == 0)
                return false;
            if (!cancellation.CanBeCanceled)
            {
                Poll.Wait(Handle, PollEvents.Read, timeout);
                timeout = 0;
                continue;
            }
            if (!WaitCancellable(timeout, cancellation))
                timeout = 0;
        }
    }

    private bool WaitCancellable(int timeout, CancellationToken cancellation)
    {
        using var wake = EventFd.Create();
        using var registration = cancellation.Register(static state => ((EventFd)state!).Set(), wake);
        Span<PollItem> items = [new(Handle, PollEvents.Read), new(wake.Handle, PollEvents.Read)];
        return Poll.Wait(items, timeout) > 0;
    }

    private string LostReason() => Shim?.TryWait() switch
    {
        { Signal: { } signal } => $"the container's shim was killed by signal {signal}",
        { } status => $"the container's shim ended with code {status.Code} and no answer",
        null => "the container's shim closed the connection without an answer",
    };

    private static void CloseFiles(ShimMessage message)
    {
        foreach (var file in message.Files)
            file.Dispose();
    }
}
