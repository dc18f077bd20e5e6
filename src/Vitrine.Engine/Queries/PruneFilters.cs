namespace Vitrine.Engine.Queries;

/// <summary>--filter of the prune verbs: until, label and label!.</summary>
internal sealed class PruneFilters
{
    private readonly IReadOnlyList<string> _labels;
    private readonly IReadOnlyList<string> _withoutLabels;
    private readonly DateTimeOffset? _until;

    /// <exception cref="VitrineException">Invalid: no such filter, or not a moment.</exception>
    public PruneFilters(IReadOnlyDictionary<string, IReadOnlyList<string>> filters, TimeProvider time)
    {
        foreach (var name in filters.Keys)
        {
            if (name is not ("until" or "label" or "label!"))
                throw new VitrineException(ErrorKind.Invalid, $"invalid filter '{name}'");
        }
        _labels = filters.GetValueOrDefault("label") ?? [];
        _withoutLabels = filters.GetValueOrDefault("label!") ?? [];
        _until = filters.GetValueOrDefault("until") switch
        {
            null or [] => null,
            [var moment] => MomentFilter.Parse(moment, time.GetUtcNow()),
            _ => throw new VitrineException(ErrorKind.Invalid, "more than one until filter specified"),
        };
    }

    /// <summary>Whether something that is not used may go.</summary>
    public bool Matches(DateTimeOffset created, IReadOnlyDictionary<string, string>? labels) =>
        !(created > _until) && _labels.All(wanted => LabelFilter.Matches(labels, wanted))
        && !_withoutLabels.Any(wanted => LabelFilter.Matches(labels, wanted));
}
