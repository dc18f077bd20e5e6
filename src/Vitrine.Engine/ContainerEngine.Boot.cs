using Vitrine.Engine.Running;

namespace Vitrine.Engine;

/// <content>After the host was started.</content>
public sealed partial class ContainerEngine
{
    /// <summary>
    /// Starts what the last shutdown of the host ended and its restart policy wants back: always, and unless-stopped where nobody
    /// had stopped it. Doing it again in the same boot starts nothing: a container's state tells in which boot it ran.
    /// </summary>
    /// <param name="cancellation">Honoured between two containers.</param>
    /// <returns>Each container that was due, oldest first, with what was wrong where it could not be started.</returns>
    public Task<IReadOnlyList<BootStart>> StartAtBootAsync(CancellationToken cancellation = default) => Blocking.Run<IReadOnlyList<BootStart>>(() =>
    {
        var boot = BootId();
        // One that joins another's namespace was created after it.
        var due = _containers.All().Where(found => IsDueAtBoot(found, boot)).OrderBy(found => found.Record.Created).ToList();
        var started = new List<BootStart>();
        foreach (var found in due)
        {
            if (TryStartAtBoot(found, boot, cancellation) is { } start)
                started.Add(start);
        }
        return started;
    }, cancellation);

    /// <summary>Goes by the boot alone: while somebody else looks at a container and repairs it, its state tells still that it runs.</summary>
    private static bool IsDueAtBoot(Container found, string boot)
    {
        var state = found.State;
        return state.StartedAt is not null && state.BootId is { } ranIn && ranIn != boot
            && found.Record.HostConfig.RestartPolicy?.Name switch
            {
                "always" => true,
                "unless-stopped" => !state.StoppedByUser,
                _ => false,
            };
    }

    /// <summary>Starts a container that is due still when nobody else has to do with it any more; null where it is not.</summary>
    private BootStart? TryStartAtBoot(Container due, string boot, CancellationToken cancellation)
    {
        string? problem = null;
        try
        {
            using var locked = _containers.Lock(due.Id, cancellation);
            if (locked.Container.State.HasShim || !IsDueAtBoot(locked.Container, boot))
                return null;
            _starter.Start(locked, created: null, attach: null, _ => { }, cancellation)?.Dispose();
        }
        catch (VitrineException e) when (e.Kind is ErrorKind.NotFound && _containers.Look(due.Id) is null)
        {
            // Removed meanwhile.
            return null;
        }
        catch (Exception e) when (e is VitrineException or IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
        }
        return new BootStart(due.Id, due.Record.Name, problem);
    }
}

/// <summary>A container that was due at boot.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Problem">Why it could not be started; null where it runs.</param>
public sealed record BootStart(string Id, string Name, string? Problem);
