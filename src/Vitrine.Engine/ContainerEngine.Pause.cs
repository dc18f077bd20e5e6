using Vitrine.ShimProtocol;

namespace Vitrine.Engine;

/// <content>Pausing.</content>
public sealed partial class ContainerEngine
{
    /// <summary>Stops every process of a container from running, until <see cref="UnpauseAsync"/>; stopping and killing end it too.</summary>
    /// <exception cref="VitrineException">Conflict: it does not run, restarts, or is paused already.</exception>
    public Task PauseAsync(string container, CancellationToken cancellation = default) =>
        Ask(container, static (client, cancellation) => client.Pause(cancellation), cancellation);

    /// <summary>Lets the processes of a paused container run again.</summary>
    /// <exception cref="VitrineException">Conflict: it is not paused.</exception>
    public Task UnpauseAsync(string container, CancellationToken cancellation = default) =>
        Ask(container, static (client, cancellation) => client.Unpause(cancellation), cancellation);

    private Task Ask(string container, Action<ShimClient, CancellationToken> request, CancellationToken cancellation) => Blocking.Run(() =>
    {
        var found = _containers.Get(container);
        try
        {
            using var client = found.Connect();
            request(client, cancellation);
        }
        catch (ShimFailedException e)
        {
            throw Cannot(e.Message);
        }
        catch (ShimLostException)
        {
            throw found.NotRunning();
        }
    }, cancellation);
}
