using Vitrine.Engine.Storage;
using Vitrine.Linux;
using Vitrine.ShimProtocol.Events;

namespace Vitrine.Engine.Events;

/// <summary>Tells of what this engine does; what shims do they tell themselves (<see cref="EventLog"/>).</summary>
internal sealed class Happenings(StorePaths paths)
{
    private readonly EventLog _log = new(paths.Events);

    /// <summary>Something happened to a container.</summary>
    /// <param name="record">The container.</param>
    /// <param name="action">What, in Docker's words.</param>
    /// <param name="more">Attributes beside its labels, image and name: name, value, name, value.</param>
    public void Container(ContainerRecord record, string action, params ReadOnlySpan<string> more) =>
        Tell("container", action, record.Id, Attributes(record), more);

    /// <summary>Something happened to an image.</summary>
    /// <param name="action">pull, tag, untag, delete, load, import, save ...</param>
    /// <param name="id">Its id, or the reference that was asked for.</param>
    /// <param name="name">Its name, or the id again where that is what it was called by.</param>
    /// <param name="labels">Its labels.</param>
    public void Image(string action, string id, string name, IReadOnlyDictionary<string, string>? labels = null) =>
        Tell("image", action, id, labels, "name", name);

    /// <summary>Something happened to a volume, a network or the builder.</summary>
    public void Other(string type, string action, string id, params ReadOnlySpan<string> more) => Tell(type, action, id, null, more);

    /// <summary>A container's labels, image and name, by which its events are told and filtered.</summary>
    public static IReadOnlyDictionary<string, string> Attributes(ContainerRecord record) =>
        new Dictionary<string, string>(record.Config.Labels ?? new Dictionary<string, string>())
        {
            ["image"] = record.Config.Image,
            ["name"] = record.Name,
        };

    private void Tell(string type, string action, string id, IReadOnlyDictionary<string, string>? attributes, params ReadOnlySpan<string> more)
    {
        if (!Directory.Exists(paths.ExecRoot))
            PrivateDirectory.Create(paths.ExecRoot, paths.ExecRoot);
        _log.Add(type, action, id, attributes, more);
    }
}
