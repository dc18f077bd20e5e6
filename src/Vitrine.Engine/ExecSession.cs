using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine;

/// <summary>A further process in a container, started by <see cref="ContainerEngine.ExecAsync"/>. It runs on when this is disposed.</summary>
public sealed class ExecSession : IAsyncDisposable, IDisposable
{
    private readonly ShimClient _client;
    private readonly ShimExec _exec;
    private ExitStatus? _ended;

    internal ExecSession(ShimClient client, ShimExec exec)
    {
        _client = client;
        _exec = exec;
    }

    /// <summary>Host pid.</summary>
    public int Pid => _exec.Pid;

    /// <summary>The master of its terminal, for the caller to read and write; null without a terminal. Closed with the session.</summary>
    public SafeFileHandle? Terminal => _exec.Terminal;

    /// <summary>Waits for the process to end. Blocks the calling thread.</summary>
    /// <exception cref="VitrineException">Unavailable: the container's shim was killed meanwhile.</exception>
    public ExitStatus Wait(CancellationToken cancellation = default) => _exec.AwaitExit(cancellation).ToStatus();

    /// <summary>Readable when <see cref="TryWait"/> has an answer.</summary>
    public SafeFileHandle Handle => _client.Handle;

    /// <summary>How the process ended; null while it runs.</summary>
    /// <exception cref="VitrineException">Unavailable: the container's shim was killed meanwhile.</exception>
    public ExitStatus? TryWait()
    {
        if (_ended is null && (_client.HasKept || (Poll.Wait(Handle, PollEvents.Read, 0) & ~PollEvents.Write) != 0))
            _ended = Wait();
        return _ended;
    }

    /// <summary>As <see cref="Wait"/>, on a thread of its own.</summary>
    public Task<ExitStatus> WaitAsync(CancellationToken cancellation = default) => Blocking.Run(() => Wait(cancellation), cancellation);

    /// <summary>Says that the user leaves on purpose, which is an event; to be disposed next.</summary>
    public void Detach() => _client.Detach();

    /// <summary>Sets the size of its terminal; nothing happens without one.</summary>
    public void Resize(ushort rows, ushort columns)
    {
        if (Terminal is { } terminal)
            Vitrine.Linux.Terminal.SetSize(terminal, new WindowSize(rows, columns));
    }

    public void Dispose()
    {
        _exec.Dispose();
        _client.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
