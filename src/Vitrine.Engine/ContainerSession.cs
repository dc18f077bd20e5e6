using Microsoft.Win32.SafeHandles;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.Engine;

/// <summary>What <see cref="ContainerSession.TryRead"/> found.</summary>
public enum SessionRead
{
    Nothing,
    Piece,
    End,
}

/// <summary>
/// A connection to the first process of a running container. Closing it detaches; the container runs on. One thread reads
/// while others may write, resize and signal.
/// </summary>
public sealed class ContainerSession : IAsyncDisposable, IDisposable
{
    private readonly ShimClient _client;
    private readonly string _runDirectory;

    internal ContainerSession(ShimClient client, string containerId, string runDirectory, bool tty)
    {
        _client = client;
        _runDirectory = runDirectory;
        ContainerId = containerId;
        Tty = tty;
    }

    public string ContainerId { get; }

    /// <summary>Whether the process has a terminal, and thus only stdout.</summary>
    public bool Tty { get; }

    /// <summary>Waits until the shim has taken the attachment: whatever is not in the container's log by then comes to this session.</summary>
    public void Settle(CancellationToken cancellation = default)
    {
        try
        {
            // Signal 0 does nothing (kill(2)), and its answer is behind the attachment.
            _client.Signal(0, cancellation);
        }
        catch (Exception e) when (e is ShimFailedException or ShimLostException)
        {
            // The process has ended: the session says so when it is read.
        }
    }

    /// <summary>Passes on what the process writes until it has exited and all its output has come. Blocks the calling thread.</summary>
    /// <param name="output">Called for each piece in order, on this thread; the memory is valid during the call.</param>
    /// <param name="cancellation">Ends the reading; the session stays attached until it is disposed.</param>
    /// <returns>How the process ended, or null where the shim was lost before that: the container's state tells, once looked at.</returns>
    public ExitStatus? Read(Action<OutputStream, ReadOnlyMemory<byte>> output, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        while (true)
        {
            _client.Receive(-1, out var message, cancellation);
            switch (message.Kind)
            {
                case MessageKind.Stdout:
                    output(OutputStream.Stdout, message.Payload);
                    break;
                case MessageKind.Stderr:
                    output(OutputStream.Stderr, message.Payload);
                    break;
                case MessageKind.Exited:
                    return ShimCodec.ReadExited(message.Payload.Span).ToStatus();
                case MessageKind.Closed:
                    return null;
            }
        }
    }

    /// <summary>Readable when there is something for <see cref="TryRead"/>, for who waits on many sessions at once.</summary>
    public SafeFileHandle Handle => _client.Handle;

    /// <summary>Passes on one piece of what the process wrote, if there is one, without waiting.</summary>
    /// <param name="output">Called for the piece; the memory is valid during the call.</param>
    /// <param name="end">How the process ended, where this was the end; null also where the shim was lost.</param>
    public SessionRead TryRead(Action<OutputStream, ReadOnlyMemory<byte>> output, out ExitStatus? end)
    {
        ArgumentNullException.ThrowIfNull(output);
        end = null;
        if (!_client.Receive(0, out var message))
            return SessionRead.Nothing;
        switch (message.Kind)
        {
            case MessageKind.Stdout:
                output(OutputStream.Stdout, message.Payload);
                return SessionRead.Piece;
            case MessageKind.Stderr:
                output(OutputStream.Stderr, message.Payload);
                return SessionRead.Piece;
            case MessageKind.Exited:
                end = ShimCodec.ReadExited(message.Payload.Span).ToStatus();
                return SessionRead.End;
            case MessageKind.Closed:
                return SessionRead.End;
            default:
                return SessionRead.Piece;
        }
    }

    /// <summary>Gives at most 32 KiB to the process's stdin without waiting; false where it takes nothing now.</summary>
    public bool TryWriteStdin(ReadOnlySpan<byte> data) => _client.TrySendStdin(data);

    /// <summary>The most that <see cref="TryWriteStdin"/> takes at once.</summary>
    public const int MaxWrite = ShimChannel.MaxStreamBytes;

    /// <summary>As <see cref="Read"/>, on a thread of its own.</summary>
    public Task<ExitStatus?> ReadAsync(Action<OutputStream, ReadOnlyMemory<byte>> output, CancellationToken cancellation = default) =>
        Blocking.Run(() => Read(output, cancellation), cancellation);

    /// <summary>Gives bytes to the process's stdin; waits while it does not read.</summary>
    public void WriteStdin(ReadOnlySpan<byte> data) => _client.SendStdin(data);

    /// <inheritdoc cref="WriteStdin"/>
    public ValueTask WriteStdinAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation = default) =>
        // A small piece seldom has to wait: it is tried at once before a thread is spent on it.
        data.Length <= ShimChannel.MaxStreamBytes && _client.TrySendStdin(data.Span)
            ? ValueTask.CompletedTask
            : new ValueTask(Blocking.Run(() => WriteStdin(data.Span), cancellation));

    /// <summary>Says that the user leaves on purpose, which is an event; to be disposed next.</summary>
    public void Detach() => _client.Detach();

    /// <summary>Ends the process's stdin.</summary>
    public ValueTask CloseStdinAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        _client.CloseStdin();
        return ValueTask.CompletedTask;
    }

    /// <summary>Sets the size of the process's terminal.</summary>
    /// <exception cref="VitrineException">It has none, or has exited.</exception>
    public ValueTask ResizeAsync(ushort rows, ushort columns, CancellationToken cancellation = default)
    {
        // A connection of its own: the answer must not be mistaken for what the reading thread waits for.
        using var client = ShimClient.Connect(_runDirectory);
        client.Resize(new TerminalSize { Rows = rows, Columns = columns }, cancellation);
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends a signal to the process.</summary>
    /// <exception cref="VitrineException">It has exited, or there is no such signal.</exception>
    public ValueTask SignalAsync(int signal, CancellationToken cancellation = default)
    {
        using var client = ShimClient.Connect(_runDirectory);
        client.Signal(signal, cancellation);
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _client.Dispose();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
