using Vitrine.Engine;

namespace Vitrine.Api.Streams;

/// <summary>
/// What only this process has of execs: the terminals of those it relays, and, for a while, how those ended whose container is
/// gone, since clients ask for the exit code last of all.
/// </summary>
internal sealed class RunningExecs
{
    private const int MaxRemembered = 256;

    private readonly Dictionary<string, ExecSession> _running = [];
    private readonly Queue<ExecInstance> _ended = [];
    private readonly Lock _lock = new();

    public void Add(string id, ExecSession session)
    {
        lock (_lock)
            _running[id] = session;
    }

    /// <summary>It has ended, or nobody relays it any more.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="end">How it ended; null where that was not seen.</param>
    public void Remove(string id, ExecInstance? end)
    {
        lock (_lock)
        {
            _running.Remove(id);
            if (end is null)
                return;
            _ended.Enqueue(end);
            if (_ended.Count > MaxRemembered)
                _ended.Dequeue();
        }
    }

    /// <summary>An exec that has ended here lately; null otherwise.</summary>
    public ExecInstance? Find(string id)
    {
        lock (_lock)
            return _ended.FirstOrDefault(exec => exec.Id == id);
    }

    /// <summary>Sets the size of a terminal; false where the exec is not relayed here.</summary>
    public bool Resize(string id, ushort rows, ushort columns)
    {
        lock (_lock)
        {
            if (!_running.TryGetValue(id, out var session))
                return false;
            session.Resize(rows, columns);
            return true;
        }
    }
}
