using Vitrine.Engine.Queries;
using Vitrine.Engine.Storage;

namespace Vitrine.Engine.Volumes;

/// <summary>docker volume ls --filter and prune --filter; combined as those of containers.</summary>
/// <param name="filters">Name to values.</param>
/// <param name="known">The filters that the verb has.</param>
internal sealed class VolumeFilters(IReadOnlyDictionary<string, IReadOnlyList<string>> filters, params string[] known)
{
    /// <exception cref="VitrineException">Invalid: no such filter, or no such value.</exception>
    public VolumeFilters Checked()
    {
        foreach (var (name, values) in filters)
        {
            if (!known.Contains(name))
                throw new VitrineException(ErrorKind.Invalid, $"invalid filter '{name}'");
            if (name is not ("dangling" or "all"))
                continue;
            foreach (var value in values)
                _ = BoolFilter.Parse(name, value);
        }

        return this;
    }

    /// <summary>Whether a filter that is on or off is on.</summary>
    public bool IsOn(string name) => filters.TryGetValue(name, out var values) && values.Any(value => BoolFilter.Parse(name, value));

    public bool Matches(VolumeRecord volume, bool isUsed)
    {
        // A filter without values filters nothing.
        foreach (var (name, values) in filters.Where(static filter => filter.Value.Count > 0))
        {
            var matches = name is "label" or "label!"
                ? values.All(value => Matches(volume, isUsed, name, value))
                : values.Any(value => Matches(volume, isUsed, name, value));
            if (!matches)
                return false;
        }

        return true;
    }

    private static bool Matches(VolumeRecord volume, bool isUsed, string name, string value) => name switch
    {
        "dangling" => isUsed != BoolFilter.Parse(name, value),
        "driver" => value == LocalDriver.Name,
        "label" => LabelFilter.Matches(volume.ToDocker("").Labels, value),
        "label!" => !LabelFilter.Matches(volume.ToDocker("").Labels, value),
        "name" => NamePattern.TryParse(value)?.IsMatch(volume.Name) is true,
        _ => true,
    };
}
