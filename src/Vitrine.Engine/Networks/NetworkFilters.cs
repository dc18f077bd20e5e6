using System.Globalization;
using Vitrine.Network;

namespace Vitrine.Engine.Networks;

/// <summary>The filters of docker network ls and prune.</summary>
internal sealed class NetworkFilters
{
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _filters;
    private readonly Lazy<HashSet<string>> _used;

    /// <exception cref="VitrineException">Invalid: there is no such filter, or it has no such value.</exception>
    public NetworkFilters(IReadOnlyDictionary<string, IReadOnlyList<string>>? filters, Func<HashSet<string>> used)
    {
        _filters = filters ?? new Dictionary<string, IReadOnlyList<string>>();
        _used = new Lazy<HashSet<string>>(used);
        foreach (var (name, values) in _filters)
        {
            if (name is not ("driver" or "id" or "label" or "label!" or "name" or "type" or "scope" or "dangling" or "until"))
                throw new VitrineException(ErrorKind.Invalid, $"invalid filter '{name}'");
            if (name == "type" && values.FirstOrDefault(value => value is not ("custom" or "builtin")) is { } wrong)
                throw new VitrineException(ErrorKind.Invalid, $"invalid filter: 'type'='{wrong}'");
        }
    }

    public bool Matches(NetworkRecord network) => _filters.All(filter => filter.Value.Count == 0 || filter.Key switch
    {
        "label" => filter.Value.All(label => HasLabel(network, label)),
        "label!" => !filter.Value.Any(label => HasLabel(network, label)),
        _ => filter.Value.Any(value => Matches(network, filter.Key, value)),
    });

    private bool Matches(NetworkRecord network, string filter, string value) => filter switch
    {
        "driver" => network.Driver == value,
        "id" => network.Id.StartsWith(value, StringComparison.Ordinal),
        "name" => network.Name.Contains(value, StringComparison.Ordinal),
        "scope" => value == "local",
        "type" => value == "builtin" == network.IsPredefined,
        "dangling" => value is "true" or "1" == !_used.Value.Contains(network.Name),
        _ => IsOlder(network, value),
    };

    private static bool HasLabel(NetworkRecord network, string label)
    {
        var equals = label.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? network.Labels.ContainsKey(label)
            : network.Labels.TryGetValue(label[..equals], out var value) && value == label[(equals + 1)..];
    }

    /// <summary>until: a moment, as RFC 3339 or in Unix seconds.</summary>
    private static bool IsOlder(NetworkRecord network, string until)
    {
        var moment = double.TryParse(until, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : DateTimeOffset.TryParse(until, CultureInfo.InvariantCulture, out var parsed) ? parsed
            : throw new VitrineException(ErrorKind.Invalid, $"invalid filter: until is no moment: {until}");
        return DateTimeOffset.TryParse(network.Created, CultureInfo.InvariantCulture, out var created) && created < moment;
    }
}
