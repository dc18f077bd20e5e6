using Vitrine.Engine;

namespace Vitrine.Api.Streams;

/// <summary>
/// Clients that attached to a container, or wait for its end, before it is started, as docker run does. The start hands each its
/// session before the process runs, so that neither output nor the end can be missed.
/// </summary>
internal sealed class PendingSessions
{
    private readonly Dictionary<string, List<PendingSession>> _waiting = [];
    private readonly Lock _lock = new();

    /// <summary>Wants a session with a container as soon as it is started here.</summary>
    /// <param name="id">The container's full id.</param>
    /// <param name="attach">What the session is to carry.</param>
    public PendingSession Add(string id, AttachOptions attach)
    {
        var pending = new PendingSession(this, id, attach);
        lock (_lock)
        {
            if (!_waiting.TryGetValue(id, out var list))
                _waiting[id] = list = [];
            list.Add(pending);
        }
        return pending;
    }

    /// <summary>
    /// Starts a container. Those who wait for it are attached before its process runs, and get their sessions when it does: input
    /// that came earlier would find no process.
    /// </summary>
    public async Task StartAsync(ContainerEngine engine, string id)
    {
        var served = new List<(PendingSession Pending, ContainerSession Session)>();
        try
        {
            // Not given up with its client: a start that was asked for happens.
            await engine.StartAsync(id, new StartOptions
            {
                BeforeStart = starting => served.AddRange(Take(id).Select(pending => (pending, starting.Attach(pending.Attach)))),
            }, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            foreach (var (pending, session) in served)
                pending.Give(session);
        }
    }

    internal void Remove(PendingSession pending)
    {
        lock (_lock)
        {
            if (_waiting.TryGetValue(pending.ContainerId, out var list) && list.Remove(pending) && list.Count == 0)
                _waiting.Remove(pending.ContainerId);
        }
    }

    private List<PendingSession> Take(string id)
    {
        lock (_lock)
        {
            if (!_waiting.Remove(id, out var list))
                return [];
            foreach (var pending in list)
                pending.IsServed = true;
            return list;
        }
    }
}

/// <summary>One who waits. Disposing gives the wait up, and closes a session that came meanwhile.</summary>
internal sealed class PendingSession(PendingSessions owner, string id, AttachOptions attach) : IDisposable
{
    private readonly TaskCompletionSource<ContainerSession> _session = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _taken;

    public string ContainerId => id;

    public AttachOptions Attach => attach;

    /// <summary>Whether a start has seen it: its session is there or comes at once.</summary>
    public bool IsServed { get; internal set; }

    /// <summary>Ends with the session once the container is being started.</summary>
    public Task<ContainerSession> Session => _session.Task;

    /// <summary>The session is the caller's to dispose from now on.</summary>
    public async Task<ContainerSession> TakeAsync()
    {
        var session = await _session.Task.ConfigureAwait(false);
        _taken = true;
        return session;
    }

    internal void Give(ContainerSession session) => _session.SetResult(session);

    public void Dispose()
    {
        owner.Remove(this);
        if (!_taken)
            _session.Task.ContinueWith(static given => given.Result.Dispose(), CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
