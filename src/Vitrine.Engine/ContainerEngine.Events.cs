using Vitrine.Engine.Waiting;

namespace Vitrine.Engine;

/// <content>Events.</content>
public sealed partial class ContainerEngine
{
    /// <summary>Opens the events of this exec root, of whichever process: from now on, or from and to where the options say.</summary>
    /// <exception cref="VitrineException">Invalid: no such filter, or an end before the beginning.</exception>
    public EventStream OpenEvents(EventOptions? events = null)
    {
        _store.EnsureExists();
        return new EventStream(_store.Paths.Events, events ?? new EventOptions(), _options.Time, Readiness);
    }

    /// <summary>Opens what the events tell of one container from now on.</summary>
    /// <param name="id">Its full id.</param>
    public ContainerNews OpenNews(string id)
    {
        _store.EnsureExists();
        return new ContainerNews(_store.Paths.Events, id, Readiness);
    }
}
