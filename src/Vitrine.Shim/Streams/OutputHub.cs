using Vitrine.Linux;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Logs;

namespace Vitrine.Shim.Streams;

/// <summary>Whoever gets the process's output as it comes.</summary>
internal interface IOutputClient
{
    /// <summary>Takes output; what it cannot send on it keeps.</summary>
    /// <param name="kind">Which output.</param>
    /// <param name="bytes">The bytes, valid during the call.</param>
    /// <param name="kept">A copy to keep, made by the first who needs one and the same for all: many may fall behind at once.</param>
    void Output(MessageKind kind, ReadOnlySpan<byte> bytes, ref byte[]? kept);
}

/// <summary>Spreads the process's output: to the log first, then to every attached client.</summary>
internal sealed class OutputHub(LogWriter? log, IReadOnlyCollection<IOutputClient> clients)
{
    /// <summary>Called when a stream has ended.</summary>
    public event Action? StreamEnded;

    public void Output(LogStream stream, ReadOnlySpan<byte> bytes)
    {
        log?.Write(stream, bytes, Clock.UnixNanoseconds());
        var kind = stream is LogStream.Stderr ? MessageKind.Stderr : MessageKind.Stdout;
        byte[]? kept = null;
        foreach (var client in clients)
            client.Output(kind, bytes, ref kept);
    }

    public void Ended(LogStream stream)
    {
        log?.End(stream, Clock.UnixNanoseconds());
        StreamEnded?.Invoke();
    }
}
