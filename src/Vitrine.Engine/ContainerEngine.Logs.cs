using System.Runtime.CompilerServices;
using Vitrine.Engine.Running;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Logs;

namespace Vitrine.Engine;

/// <content>Logs.</content>
public sealed partial class ContainerEngine
{
    private const long NanosecondsPerTick = 100;

    /// <summary>Milliseconds after which a reader that follows looks whether it was cancelled.</summary>
    private const int FollowInterval = 200;

    /// <summary>What the container wrote, oldest first; with <see cref="LogOptions.Follow"/> until it ends. Blocks the calling thread.</summary>
    /// <exception cref="VitrineException">NotFound; NotImplemented where the container keeps no log.</exception>
    public IEnumerable<LogLine> Logs(string container, LogOptions? logs = null, CancellationToken cancellation = default)
    {
        var (found, reader) = OpenLog(container, logs ?? new LogOptions());
        return Read(found, reader, logs?.Follow ?? false, cancellation);
    }

    /// <summary>As <see cref="Logs"/>, waiting off the caller's thread.</summary>
    public async IAsyncEnumerable<LogLine> LogsAsync(string container, LogOptions? logs = null,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var (found, reader) = OpenLog(container, logs ?? new LogOptions());
        using (reader)
        {
            using var shim = logs is { Follow: true } ? Watch(found) : null;
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var ended = HasEnded(shim);
                while (TryRead(reader, out var line))
                    yield return line;
                if (ended || reader.IsPastUntil)
                    yield break;
                await WaitForMoreAsync(reader, shim!, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits until the log has grown or its container has ended.</summary>
    private async Task WaitForMoreAsync(LogReader reader, ShimClient shim, CancellationToken cancellation)
    {
        if (_options.WhenReadable is not { } whenReadable)
        {
            await Blocking.Run(() => reader.Wait(shim.Handle, FollowInterval), cancellation).ConfigureAwait(false);
            return;
        }
        if (reader.Watch() is not { } notices)
            return;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] waits = [whenReadable(notices, either.Token), whenReadable(shim.Handle, either.Token)];
        var first = await Task.WhenAny(waits).ConfigureAwait(false);
        await either.CancelAsync().ConfigureAwait(false);
        // Both have to have let go of their descriptors, which the caller may close.
        await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
        reader.ClearNotices();
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

    private static IEnumerable<LogLine> Read(Container found, LogReader reader, bool follow, CancellationToken cancellation)
    {
        using (reader)
        {
            using var shim = follow ? Watch(found) : null;
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                // Asked before reading: what was written before the end is then certainly read.
                var ended = HasEnded(shim);
                while (TryRead(reader, out var line))
                    yield return line;
                if (ended || reader.IsPastUntil)
                    yield break;
                reader.Wait(shim!.Handle, FollowInterval);
            }
        }
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
        time is { } value ? (value - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick : null;
}
