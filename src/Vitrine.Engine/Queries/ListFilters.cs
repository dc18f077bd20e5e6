using System.Globalization;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Running;
using Vitrine.Linux;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.Engine.Queries;

/// <summary>
/// docker ps --filter. Values of one filter are alternatives, but labels must all match; different filters must all match.
/// </summary>
/// <param name="filters">Name to values.</param>
/// <param name="find">Finds the container that before= or since= names.</param>
/// <param name="layersOfImage">The layers of the image that ancestor= names with its id; null where there is none.</param>
/// <param name="networks">A container's networks and ports.</param>
internal sealed class ListFilters(
    IReadOnlyDictionary<string, IReadOnlyList<string>> filters,
    Func<string, Container> find,
    Func<string, ImageIdentity?> layersOfImage,
    Func<Container, ListedNetworks> networks)
{
    private static readonly string[] Statuses = ["created", "running", "paused", "restarting", "removing", "exited", "dead"];

    private static readonly string[] Known =
    [
        "ancestor", "before", "exited", "expose", "health", "id", "is-task", "isolation", "label", "name", "network", "publish",
        "since", "status", "volume",
    ];

    private readonly Dictionary<string, Func<Container, string, bool>> _matchers = [];

    /// <summary>A filter on the state that means those that do not run as well.</summary>
    public bool ImpliesAll => filters.ContainsKey("status");

    /// <exception cref="VitrineException">Invalid: no such filter or value; NotFound for before and since.</exception>
    public ListFilters Checked()
    {
        foreach (var (name, values) in filters)
        {
            if (!Known.Contains(name))
                throw new VitrineException(ErrorKind.Invalid, $"invalid filter '{name}'");
            foreach (var value in values)
                CheckValue(name, value);
        }
        Prepare();
        return this;
    }

    public bool Matches(Container container)
    {
        // A filter without values filters nothing.
        foreach (var (name, values) in filters.Where(static filter => filter.Value.Count > 0))
        {
            var matcher = _matchers[name];
            var matches = name == "label" ? values.All(value => matcher(container, value)) : values.Any(value => matcher(container, value));
            if (!matches)
                return false;
        }
        return true;
    }

    private static void CheckValue(string name, string value)
    {
        var wrong = name switch
        {
            "status" => !Statuses.Contains(value),
            "health" => value is not ("none" or "starting" or "healthy" or "unhealthy"),
            "exited" => !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "publish" or "expose" => PortFilter.Parse(value) is null,
            "is-task" => value is not ("true" or "false" or "1" or "0"),
            _ => false,
        };
        if (wrong)
            throw new VitrineException(ErrorKind.Invalid, $"invalid filter '{name}={value}'");
    }

    private void Prepare()
    {
        _matchers["id"] = (container, value) => container.Id.StartsWith(value, StringComparison.Ordinal);
        var patterns = Values("name").Distinct().ToDictionary(value => value, NamePattern.TryParse);
        _matchers["name"] = (container, value) => patterns[value] is { } pattern && (pattern.IsMatch(container.Record.Name) || pattern.IsMatch("/" + container.Record.Name));
        _matchers["label"] = (container, value) => LabelFilter.Matches(container.Record.Config.Labels, value);
        _matchers["status"] = (container, value) => ShimCodec.Name(container.State.Status) == value;
        _matchers["exited"] = (container, value) =>
            container.State.Status is ContainerStatus.Exited && container.State.ExitCode == int.Parse(value, CultureInfo.InvariantCulture);
        _matchers["health"] = (container, value) => (container.Health()?.Status ?? "none") == value;
        _matchers["is-task"] = (_, value) => value is "false" or "0";
        _matchers["isolation"] = (_, value) => value is "" or "default";
        _matchers["network"] = (container, value) => networks(container).Networks is var all
            && (all.ContainsKey(value) || all.Values.Any(network => value.Length > 0 && network.NetworkId.StartsWith(value, StringComparison.Ordinal)));
        _matchers["volume"] = (container, value) => container.Record.Mounts.Any(mount =>
            mount.Name == value || mount.Destination == AbsolutePath.Clean(value) || mount.Source.Length > 0 && mount.Source == value);
        _matchers["publish"] = (container, value) => networks(container).Ports.Any(port => PortFilter.Parse(value)!.Value.Matches(port.PublicPort, port.Type));
        _matchers["expose"] = (container, value) => networks(container).Ports.Any(port => PortFilter.Parse(value)!.Value.Matches(port.PrivatePort, port.Type));
        PrepareRelations();
    }

    private void PrepareRelations()
    {
        var created = Values("before").Concat(Values("since")).Distinct().ToDictionary(value => value, value => find(value).Record.Created);
        _matchers["before"] = (container, value) => container.Record.Created < created[value];
        _matchers["since"] = (container, value) => container.Record.Created > created[value];
        var images = Values("ancestor").Distinct().ToDictionary(value => value, layersOfImage);
        _matchers["ancestor"] = (container, value) => container.Record.Config.Image == value || images[value]?.IsAncestorOf(container.Record) is true;
    }

    private IReadOnlyList<string> Values(string name) => filters.GetValueOrDefault(name) ?? [];
}

/// <summary>A container's networks by name, and its ports: those that docker ps shows.</summary>
internal sealed record ListedNetworks(IReadOnlyDictionary<string, EndpointSettings> Networks, IReadOnlyList<Port> Ports);

/// <summary>An image by id and layers.</summary>
internal sealed record ImageIdentity(string Id, IReadOnlyList<string> Layers)
{
    /// <summary>Whether a container was made from the image or from one built on top of it.</summary>
    public bool IsAncestorOf(Storage.ContainerRecord record) =>
        record.ImageId == Id || Layers.Count > 0 && record.Layers.Count > Layers.Count && record.Layers[Layers.Count - 1] == Layers[^1];
}
