namespace Vitrine.Api.Serving;

/// <summary>
/// Gives memory back once nobody has called for some seconds. Unpacking an image and long lists leave large buffers behind that
/// only a full collection frees, and a server that is idle for months would never come to one.
/// </summary>
internal sealed class IdleMemory : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly Timer _timer = new(static _ => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));

    /// <summary>A call is over.</summary>
    public void Worked() => _timer.Change(s_patience, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();
}
