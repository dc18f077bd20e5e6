using Vitrine.Engine.Attaching;

namespace Vitrine.Api.Streams;

/// <summary>What a client types, on its way to a process.</summary>
internal static class ClientInput
{
    private const int BufferSize = 16 << 10;

    /// <summary>Passes input on, piece by piece.</summary>
    /// <param name="client">Where it comes from.</param>
    /// <param name="detachKeys">What detaches; null where nothing typed does.</param>
    /// <param name="write">Takes a piece, and waits while the process does not.</param>
    /// <param name="cancellation">Ends the passing.</param>
    /// <returns>True where the client detached, false where it has nothing more to say.</returns>
    public static async Task<bool> PassAsync(ClientStream client, byte[]? detachKeys, Func<ReadOnlyMemory<byte>, Task> write, CancellationToken cancellation)
    {
        var detector = detachKeys is null ? null : new DetachDetector(detachKeys);
        var buffer = new byte[BufferSize];
        while (await client.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            ReadOnlyMemory<byte> typed = buffer.AsMemory(0, count);
            var detached = false;
            if (detector is not null)
            {
                detached = detector.Feed(typed.Span, out var passed);
                typed = passed;
            }
            await write(typed).ConfigureAwait(false);
            if (detached)
                return true;
        }
        return false;
    }
}
