using System.Runtime.CompilerServices;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Events;
using Vitrine.Engine.Waiting;
using Vitrine.ShimProtocol.Events;
using Vitrine.ShimProtocol.Logs;

namespace Vitrine.Engine;

/// <summary>Which events to read.</summary>
public sealed record EventOptions
{
    /// <summary>Events from this moment on, as far as they are kept; null begins with the next one, or where there is an end with the oldest.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The moment at which the stream ends; null is never.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Docker's filters: name to values, e.g. event to [start, die].</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Filters { get; init; }
}

/// <summary>
/// The host's events, from its making on: nothing that happens after that is missed, however late it is read. For one reader.
/// </summary>
public sealed class EventStream : IDisposable
{
    /// <summary>The longest wait: the end of a stream may be further away than a timer can be set to.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    private readonly DirectoryWatch _changes;
    private readonly EventReader _reader;
    private readonly EventFilters _filters;
    private readonly TimeProvider _time;
    private readonly long _since;
    private readonly DateTimeOffset? _until;

    internal EventStream(string path, EventOptions options, TimeProvider time, Readiness readiness)
    {
        if (options.Since > options.Until)
            throw new VitrineException(ErrorKind.Invalid, "`since` time cannot be after `until` time");
        _filters = new EventFilters(options.Filters ?? new Dictionary<string, IReadOnlyList<string>>());
        _time = time;
        _since = Nanoseconds(options.Since) ?? 0;
        _until = options.Until;
        // First the watch, then the place: what is written in between is then noticed and read.
        _changes = readiness.Watch(Path.GetDirectoryName(path)!);
        try
        {
            _reader = new EventReader(path, fromStart: options.Since is not null || options.Until is not null);
        }
        catch
        {
            _changes.Dispose();
            throw;
        }
    }

    /// <summary>The events in order, until the end of the stream.</summary>
    public async IAsyncEnumerable<EventMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            // Asked before reading: what was written before the end is then certainly read.
            var left = _until - _time.GetUtcNow();
            while (_reader.Read() is { } entry)
            {
                if (entry.TimeNano > Nanoseconds(_until))
                    yield break;
                if (entry.TimeNano >= _since && _filters.Matches(entry))
                    yield return new EventMessage(entry);
            }
            if (left <= TimeSpan.Zero)
                yield break;
            await Readiness.AnyAsync(left is { } time && time < s_longest ? time : s_longest, cancellation, _changes.ChangedAsync).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _changes.Dispose();
    }

    private static long? Nanoseconds(DateTimeOffset? time) => time is { } value ? LogTime.From(value) : null;
}
