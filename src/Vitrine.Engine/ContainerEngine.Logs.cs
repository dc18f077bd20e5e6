using System.Runtime.CompilerServices;
using Vitrine.Engine.Running;
using Vitrine.Engine.Waiting;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Logs;

namespace Vitrine.Engine;

/// <content>Logs.</content>
public sealed partial class ContainerEngine
{
    /// <summary>What the container wrote, oldest first; with <see cref="LogOptions.Follow"/> until it ends.</summary>
    /// <exception cref="VitrineException">NotFound; NotImplemented where the container keeps no log.</exception>
    public async IAsyncEnumerable<LogLine> LogsAsync(string container, LogOptions? logs = null,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var (found, reader) = OpenLog(container, logs ?? new LogOptions());
        using (reader)
        {
            using var shim = logs is { Follow: true } ? Watch(found) : null;
            using var changes = shim is null ? null : Readiness.Watch(reader.Directory);
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                // Asked before reading: what was written before the end is then certainly read.
                var ended = HasEnded(shim);
                while (TryRead(reader, out var line))
                    yield return line;
                if (ended || reader.IsPastUntil)
                    yield break;
                await Readiness.AnyAsync(null, cancellation, changes!.ChangedAsync, Readiness.Readable(shim!.Handle)).ConfigureAwait(false);
            }
        }
    }

    private (Container Found, LogReader Reader) OpenLog(string container, LogOptions logs)
    {
        var found = _containers.Get(container);
        if (found.Record.HostConfig.LogConfig?.Type == "none")
            throw new VitrineException(ErrorKind.NotImplemented, "configured logging driver does not support reading");
        return (found, new LogReader(found.Paths.Log, new LogQuery
        {
            Stdout = logs.Stdout,
            Stderr = logs.Stderr,
            Tail = logs.Tail,
            Since = Nanoseconds(logs.Since),
            Until = Nanoseconds(logs.Until),
        }));
    }

    /// <summary>A connection that becomes readable when the container has ended for good; null where it has already.</summary>
    private static ShimClient? Watch(Container found)
    {
        if (!found.State.HasShim || ShimClient.TryConnect(found.Paths.RunDirectory) is not { } shim)
            return null;
        try
        {
            shim.RequestWait(WaitCondition.Removed);
            return shim;
        }
        catch (ShimLostException)
        {
            shim.Dispose();
            return null;
        }
    }

    private static bool HasEnded(ShimClient? shim) => shim is null || shim.Receive(0, out _);

    private static bool TryRead(LogReader reader, out LogLine line)
    {
        line = default;
        if (!reader.Read(out var entry))
            return false;
        line = new LogLine(entry.Time, entry.Stream is LogStream.Stdout ? OutputStream.Stdout : OutputStream.Stderr, entry.Bytes.ToArray(), entry.StartsLine);
        return true;
    }

    private static long? Nanoseconds(DateTimeOffset? time) =>
        time is { } value ? LogTime.From(value) : null;
}
