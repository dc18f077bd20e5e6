using System.Net.Sockets;
using Vitrine.Insight.Traffic.Rules;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Secrets;

namespace Vitrine.Insight.Traffic;

/// <summary>What a proxy does with what passes.</summary>
public sealed record TrafficOptions
{
    /// <summary>The engine's socket.</summary>
    public required string Upstream { get; init; }

    /// <summary>Gets what is seen.</summary>
    public required ITrafficSink Sink { get; init; }

    public required TrafficMask Mask { get; init; }

    /// <summary>What refuses calls; all must agree.</summary>
    public IReadOnlyList<TrafficRule> Rules { get; init; } = [];

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>
/// Stands between clients of the Docker Engine API and an engine's socket: every byte is passed on, what was said is shown, and calls that
/// a rule refuses do not reach the engine.
/// </summary>
public sealed class TrafficProxy(TrafficOptions options)
{
    private long _connections;
    private long _exchanges;

    internal TrafficOptions Options => options;

    /// <summary>Serves connections until cancelled.</summary>
    /// <param name="listener">A listening unix socket.</param>
    /// <param name="stop">Ends it, and every connection with it.</param>
    public async Task ServeAsync(Socket listener, CancellationToken stop)
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync(stop);
                open.RemoveAll(task => task.IsCompleted);
                open.Add(Task.Run(() => ServeAsync(client, Interlocked.Increment(ref _connections), stop), CancellationToken.None));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    internal long NextExchange() => Interlocked.Increment(ref _exchanges);

    private async Task ServeAsync(Socket client, long number, CancellationToken stop)
    {
        using var connection = new ProxyConnection(this, client, number, Caller(client));
        // Closing the sockets is what ends a connection, whatever it waits for.
        await using var ending = stop.Register(connection.Dispose);
        await connection.RunAsync();
    }

    private static TrafficClient Caller(Socket socket) => PeerCredentials.Of(socket) is { Pid: > 0 } peer
        ? new TrafficClient(peer.Pid, (uint)peer.Uid, ProcFs.Host.Stat(peer.Pid)?.Command ?? "")
        : new TrafficClient(0, 0, "");
}
