using Vitrine.Engine.Queries;
using Vitrine.ShimProtocol.Events;

namespace Vitrine.Engine.Events;

/// <summary>
/// docker events --filter. Values of one filter are alternatives, but labels must all match; different filters must all match.
/// </summary>
internal sealed class EventFilters
{
    private static readonly string[] s_objects =
        ["container", "volume", "network", "daemon", "plugin", "node", "service", "secret", "config"];

    /// <summary>Actions that go on after their name: "exec_start: sh".</summary>
    private static readonly string[] s_open = ["health_status", "exec_create", "exec_start"];

    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _filters;

    /// <exception cref="VitrineException">Invalid: no such filter.</exception>
    public EventFilters(IReadOnlyDictionary<string, IReadOnlyList<string>> filters)
    {
        _filters = filters;
        foreach (var name in filters.Keys)
        {
            if (name is not ("event" or "type" or "scope" or "image" or "label") && !s_objects.Contains(name))
                throw new VitrineException(ErrorKind.Invalid, $"invalid filter '{name}'");
        }
    }

    public bool Matches(EventEntry entry) =>
        MatchesAction(entry.Action) && Is("type", entry.Type) && Is("scope", "local") && MatchesImage(entry)
        && s_objects.All(type => Begins(type, entry.Id) || Begins(type, Name(entry)))
        && Values("label").All(label => LabelFilter.Matches(entry.Attributes, label));

    private bool MatchesAction(string action) =>
        Values("event").Any(s_open.Contains) ? Begins("event", action) : Is("event", action);

    private bool MatchesImage(EventEntry entry)
    {
        var name = entry.Type == "image" ? Name(entry) : entry.Attributes.GetValueOrDefault("image", "");
        return Is("image", entry.Id) || Is("image", name) || Is("image", WithoutTag(entry.Id)) || Is("image", WithoutTag(name));
    }

    private bool Is(string filter, string value) => Values(filter) is var values && (values.Count == 0 || values.Contains(value));

    private bool Begins(string filter, string value) =>
        Values(filter) is var values && (values.Count == 0 || values.Any(wanted => value.StartsWith(wanted, StringComparison.Ordinal)));

    private IReadOnlyList<string> Values(string filter) => _filters.GetValueOrDefault(filter) ?? [];

    private static string Name(EventEntry entry) => entry.Attributes.GetValueOrDefault("name", "");

    private static string WithoutTag(string image)
    {
        var colon = image.LastIndexOf(':');
        return colon > image.LastIndexOf('/') ? image[..colon] : image;
    }
}
