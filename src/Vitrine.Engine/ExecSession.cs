using Microsoft.Win32.SafeHandles;

namespace Vitrine.Engine;

/// <summary>A further process in a container, started by <see cref="ContainerEngine.ExecAsync"/>.</summary>
public sealed class ExecSession : IAsyncDisposable, IDisposable
{
    /// <summary>Host pid.</summary>
    public int Pid { get; init; }

    /// <summary>The master of its terminal, to be read and written by the caller; null without a terminal.</summary>
    public SafeFileHandle? Terminal { get; init; }

    /// <summary>Waits for the process to end.</summary>
    public Task<ExitStatus> WaitAsync(CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Sets the size of its terminal.</summary>
    public void Resize(ushort rows, ushort columns) => throw new NotImplementedException();

    public void Dispose() => Terminal?.Dispose();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }
}
