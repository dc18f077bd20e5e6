using Vitrine.Engine.Running;
using Vitrine.Linux;

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
            cancellation.ThrowIfCancellationRequested();
            started.Add(new BootStart(found.Id, found.Record.Name, TryStart(found, cancellation)));
        }
        return started;
    }, cancellation);

    private static bool IsDueAtBoot(Container found, string boot)
    {
        var state = found.State;
        return !state.HasShim && state.StartedAt is not null && state.BootId is { } ranIn && ranIn != boot
            && found.Record.HostConfig.RestartPolicy?.Name switch
            {
                "always" => true,
                "unless-stopped" => !state.StoppedByUser,
                _ => false,
            };
    }

    private string? TryStart(Container found, CancellationToken cancellation)
    {
        try
        {
            Start(found.Id, new StartOptions(), cancellation)?.Dispose();
            return null;
        }
        catch (Exception e) when (e is VitrineException or LinuxException)
        {
            return e.Message;
        }
    }
}

/// <summary>A container that was due at boot.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Problem">Why it could not be started; null where it runs.</param>
public sealed record BootStart(string Id, string Name, string? Problem);
