using System.Globalization;
using Vitrine.ShimProtocol.Events;

namespace Vitrine.Engine.Waiting;

/// <summary>What the host's events tell of one container, from now on. For one who waits.</summary>
public sealed class ContainerNews : IDisposable
{
    private readonly string _id;
    private readonly DirectoryWatch _changes;
    private readonly EventReader _events;
    private int? _exitCode;
    private TimeSpan _patience;

    /// <param name="path">The file of the events.</param>
    /// <param name="id">The container's full id.</param>
    /// <param name="readiness">For waiting.</param>
    internal ContainerNews(string path, string id, Readiness readiness)
    {
        _id = id;
        // First the watch, then the place: what is written in between is then noticed and read.
        _changes = readiness.Watch(Path.GetDirectoryName(path)!);
        try
        {
            _events = new EventReader(path, fromStart: false);
        }
        catch
        {
            _changes.Dispose();
            throw;
        }
    }

    /// <summary>How the container ended that was told of last; null where none was.</summary>
    internal int? LastExitCode()
    {
        Read();
        return _exitCode;
    }

    /// <summary>
    /// Waits until something is told of the container, or for a while: what a crash cuts short is told by none, and is to be looked
    /// for now and then.
    /// </summary>
    /// <param name="first">The first while; it doubles each time in which nothing is told.</param>
    /// <param name="longest">Where that ends.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task WaitAsync(TimeSpan first, TimeSpan longest, CancellationToken cancellation)
    {
        _patience = _patience == default ? first : _patience * 2 < longest ? _patience * 2 : longest;
        var deadline = Environment.TickCount64 + (long)_patience.TotalMilliseconds;
        while (!Read() && deadline - Environment.TickCount64 is > 0 and var left)
            await Readiness.AnyAsync(TimeSpan.FromMilliseconds(left), cancellation, _changes.ChangedAsync).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _events.Dispose();
        _changes.Dispose();
    }

    private bool Read()
    {
        var any = false;
        while (_events.Read() is { } entry)
        {
            if (entry.Id != _id)
                continue;
            (any, _patience) = (true, default);
            if (entry.Action == "die" && int.TryParse(entry.Attributes.GetValueOrDefault("exitCode"), CultureInfo.InvariantCulture, out var code))
                _exitCode = code;
        }
        return any;
    }
}
