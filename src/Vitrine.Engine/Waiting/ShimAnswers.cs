using Vitrine.Engine.Storage;
using Vitrine.Linux;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.Engine.Waiting;

/// <summary>Waiting for what a shim says and does, without a thread for each who waits.</summary>
internal static class ShimAnswers
{
    /// <summary>Milliseconds between two looks at a shim that is about to leave, at last.</summary>
    private const int LongestPause = 20;

    /// <summary>The answer to a wait or a stop that was asked for.</summary>
    /// <returns>How it ended; null where the shim went without a word.</returns>
    /// <exception cref="ShimLostException">The shim is gone.</exception>
    /// <exception cref="ShimFailedException">It refused what was asked for.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<ExitedReply?> ExitedAsync(this ShimClient client, Readiness readiness, CancellationToken cancellation)
    {
        while (true)
        {
            while (client.Receive(0, out var message, cancellation))
            {
                switch (message.Kind)
                {
                    case MessageKind.Exited:
                        return ShimCodec.ReadExited(message.Payload.Span);
                    case MessageKind.Failed:
                        throw new ShimFailedException(ShimCodec.ReadFailed(message.Payload.Span));
                    case MessageKind.Closed:
                        return null;
                }
            }
            await readiness.WaitAsync(client.Handle, EpollEvents.Read, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>A shim's last answer comes just before it leaves; only then can the container be started or removed.</summary>
    /// <param name="paths">The container.</param>
    /// <param name="shimPid">The shim; another may have the container already, and for long.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task LeftAsync(ContainerPaths paths, int shimPid, CancellationToken cancellation)
    {
        for (var pause = 1; FileLock.IsHeld(paths.ShimLock) && ContainerFiles.ReadState(paths).ShimPid is var now && (now == 0 || now == shimPid);
             pause = Math.Min(2 * pause, LongestPause))
            await Task.Delay(pause, cancellation).ConfigureAwait(false);
    }
}
