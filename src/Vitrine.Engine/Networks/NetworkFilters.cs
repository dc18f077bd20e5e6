using System.Globalization;
using Vitrine.Engine.Queries;
using Vitrine.Network;

namespace Vitrine.Engine.Networks;

/// <summary>The filters of docker network ls and prune.</summary>
internal sealed class NetworkFilters
{
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _filters;
    private readonly Lazy<HashSet<string>> _used;
    private readonly DateTimeOffset? _until;

    /// <param name="filters">By name.</param>
    /// <param name="isPrune">Whether they are those of prune: until, label and label!.</param>
    /// <param name="used">The networks that containers are in.</param>
    /// <param name="time">For until.</param>
    /// <exception cref="VitrineException">Invalid: there is no such filter, or it has no such value.</exception>
    public NetworkFilters(IReadOnlyDictionary<string, IReadOnlyList<string>>? filters, bool isPrune, Func<HashSet<string>> used, TimeProvider time)
    {
        _filters = filters ?? new Dictionary<string, IReadOnlyList<string>>();
        _used = new Lazy<HashSet<string>>(used);
        foreach (var (name, values) in _filters)
        {
            var isKnown = name is "label" || (isPrune ? name is "label!" or "until" : name is "driver" or "id" or "name" or "type" or "scope" or "dangling");
            if (!isKnown)
                throw new VitrineException(ErrorKind.Invalid, $"invalid filter '{name}'");
            if (name == "type" && values.FirstOrDefault(value => value is not ("custom" or "builtin")) is { } wrong)
                throw new VitrineException(ErrorKind.Invalid, $"invalid filter: 'type'='{wrong}'");
            if (name == "dangling" && values.Any(static value => value is not ("true" or "1" or "false" or "0")))
                throw new VitrineException(ErrorKind.Invalid, "invalid value for filter 'dangling', must be \"true\" (or \"1\"), or \"false\" (or \"0\")");
            foreach (var value in name == "until" ? values : [])
            {
                var moment = MomentFilter.Parse(value, time.GetUtcNow());
                _until = moment < _until ? _until : moment;
            }
        }
    }

    public bool Matches(NetworkRecord network) => _filters.All(filter => filter.Value.Count == 0 || filter.Key switch
    {
        "label" => filter.Value.All(label => HasLabel(network, label)),
        "until" => IsOlder(network),
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
        _ => value is "true" or "1" == (!network.IsPredefined && !_used.Value.Contains(network.Name)),
    };

    private static bool HasLabel(NetworkRecord network, string label)
    {
        var equals = label.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? network.Labels.ContainsKey(label)
            : network.Labels.TryGetValue(label[..equals], out var value) && value == label[(equals + 1)..];
    }

    private bool IsOlder(NetworkRecord network) =>
        DateTimeOffset.TryParse(network.Created, CultureInfo.InvariantCulture, out var created) && created < _until;
}
