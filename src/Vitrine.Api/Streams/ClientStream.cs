using Vitrine.Engine;

namespace Vitrine.Api.Streams;

/// <summary>The client's side of an attach or exec, whatever it is carried by.</summary>
internal abstract class ClientStream
{
    /// <summary>Ends when the client is gone altogether; having ended its input is not that.</summary>
    public abstract Task Gone { get; }

    /// <summary>Input of the client; 0 at its end.</summary>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation);

    /// <summary>Puts output into the buffer that <see cref="FlushAsync"/> sends.</summary>
    public abstract void Write(OutputStream stream, ReadOnlySpan<byte> bytes);

    /// <summary>Sends what was written, waiting for a slow client.</summary>
    /// <returns>False where the client is gone.</returns>
    public abstract ValueTask<bool> FlushAsync(CancellationToken cancellation);
}
