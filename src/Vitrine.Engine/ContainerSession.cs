namespace Vitrine.Engine;

/// <summary>
/// A connection to the first process of a running container. Closing it detaches; the container runs on. One thread
/// reads (<see cref="ReadAsync"/>) while others may write.
/// </summary>
public sealed class ContainerSession : IAsyncDisposable, IDisposable
{
    internal ContainerSession(string containerId, bool tty)
    {
        ContainerId = containerId;
        Tty = tty;
    }

    public string ContainerId { get; }

    /// <summary>Whether the process has a terminal, and thus only stdout.</summary>
    public bool Tty { get; }

    /// <summary>Passes on what the process writes until it has exited and all its output has come.</summary>
    /// <param name="output">Called for each piece in order, on one thread at a time; the memory is valid during the call.</param>
    /// <param name="cancellation">Detaches.</param>
    /// <returns>How the process ended, or null where the session was closed or the shim was lost before that.</returns>
    public Task<ExitStatus?> ReadAsync(Action<OutputStream, ReadOnlyMemory<byte>> output, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Gives bytes to the process's stdin.</summary>
    public ValueTask WriteStdinAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Ends the process's stdin.</summary>
    public ValueTask CloseStdinAsync(CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Sets the size of the process's terminal.</summary>
    public ValueTask ResizeAsync(ushort rows, ushort columns, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Sends a signal to the process.</summary>
    public ValueTask SignalAsync(int signal, CancellationToken cancellation = default) => throw new NotImplementedException();

    public void Dispose() => GC.SuppressFinalize(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }
}
